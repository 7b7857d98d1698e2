"""What symbols may be called: ☆, 口, A, or a short word."""

import unicodedata

from models.symbols import LEAST_CLASSES, MOST_CLASSES, SymbolError

LONGEST_NAME = 12  # characters
JOINER = "\u200d"  # stands within one picture of several, as a family; it prints nothing itself


def check_names(names: list[str]) -> list[str]:
    """The names without spaces around them. Raises SymbolError for what can't be names."""
    if len(names) < LEAST_CLASSES:
        sentence = "name at least {least} symbols: with one there is nothing to tell apart"
        raise SymbolError("symbols_few_classes", sentence, least=LEAST_CLASSES)
    if len(names) > MOST_CLASSES:
        sentence = "these are {count} names; name at most {most} symbols"
        raise SymbolError("symbols_many_classes", sentence, count=len(names), most=MOST_CLASSES)
    names = [unicodedata.normalize("NFC", name).strip() for name in names]
    for number, name in enumerate(names, 1):
        check_name(number, name)
    check_twins(names)
    return names


def check_name(number: int, name: str) -> None:
    """Raises SymbolError where a name is empty, too long or no line that can be shown."""
    if not name:
        raise SymbolError("symbols_no_name", "symbol {number} has no name", number=number)
    if len(name) > LONGEST_NAME or not name.replace(JOINER, "").isprintable():
        sentence = "the name of symbol {number} does not fit; use 1 to {most} characters in a line"
        raise SymbolError("symbols_long_name", sentence, number=number, most=LONGEST_NAME)


def check_twins(names: list[str]) -> None:
    """Raises SymbolError where two names are the same but for small and capital letters."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise SymbolError("symbols_same_name", "two symbols are called {name}", name=name)
        seen.add(name.casefold())
