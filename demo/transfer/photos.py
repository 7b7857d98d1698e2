"""The section `photos` of the Transfer tab."""

from demo.code_view import Part

HANDLERS = ()


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the section shows."""
    return []
