"""The chapter `gradient` of the foundations."""

from demo.code_view import Part

HANDLERS: tuple = ()


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    return []
