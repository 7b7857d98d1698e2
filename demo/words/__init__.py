"""Every word that a visitor reads: one table a language, the same keys in each."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
DEFAULT_LANGUAGE = "en"
WORDS: dict[str, dict[str, str]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted({FOLDER / f"{DEFAULT_LANGUAGE}.json", *FOLDER.glob("*.json")})
}


def say(key: str, language: str = DEFAULT_LANGUAGE, **details: object) -> str:
    """The sentence behind a key, its gaps filled; an unknown key gives the general apology."""
    table = WORDS[language]
    return table.get(key, table["something_wrong"]).format_map(Gaps(details))


class Gaps(dict):
    """Details for a sentence, in which a missing one leaves a dash and raises nothing."""

    def __missing__(self, name: str) -> str:
        return "–"


def language_of(accept_language: str | None) -> str:
    """The first language of an Accept-Language header that has a table: `zh-CN,en;q=0.8` -> `zh`.

    Quality values are not weighed: browsers and clients list what they prefer first.
    """
    for entry in (accept_language or "").split(","):
        primary = entry.split(";")[0].strip().lower().split("-")[0]
        if primary in WORDS:
            return primary
    return DEFAULT_LANGUAGE
