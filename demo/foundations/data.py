"""The chapter `data` of the foundations: the four steps, transforms, batches, Normalize."""

from demo.code_view import Part
from demo.foundations.data_batch import load_batch, take_four_steps
from demo.foundations.data_code import code_parts
from demo.foundations.data_spelling import spell_as_the_book
from demo.foundations.data_transforms import transform_digit

HANDLERS: tuple = (take_four_steps, transform_digit, load_batch, spell_as_the_book)


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError.

    `asked`: {"steps", "transforms", "batch"}, each what its handler takes.
    """
    return code_parts(asked, language)
