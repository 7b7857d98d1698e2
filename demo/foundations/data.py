"""The chapter `data` of the foundations: the four steps, transforms, batches, Normalize.

What it does stands on torchvision, which takes a second to import: it is when the chapter is used.
"""

from demo.code_view import Part


def take_four_steps(asked: object) -> dict:
    from demo.foundations import data_batch

    return data_batch.take_four_steps(asked)


def transform_digit(asked: object) -> dict:
    from demo.foundations import data_transforms

    return data_transforms.transform_digit(asked)


def load_batch(asked: object) -> dict:
    from demo.foundations import data_batch

    return data_batch.load_batch(asked)


def spell_as_the_book(asked: object) -> dict:
    from demo.foundations import data_spelling

    return data_spelling.spell_as_the_book(asked)


HANDLERS: tuple = (take_four_steps, transform_digit, load_batch, spell_as_the_book)


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError.

    `asked`: {"steps", "transforms", "batch"}, each what its handler takes.
    """
    from demo.foundations import data_code

    return data_code.code_parts(asked, language)
