"""A good question spoiled: in its values, by their types, and in its bytes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from bench.reliability.calls import Call
from bench.reliability.typed import BYTES, TEXTS, VALUES, as_json, gathered

T = TypeVar("T")
API = "/gradio_api"
JSON = (("content-type", "application/json"),)
KINDS = ("application/json", "text/plain", "multipart/form-data", "application/xml", "x", "")
PARTS = ("..", "%2e%2e", "%00", "%ff", "a%2fb", "x" * 300, "0", "-1", "app.py", "classify")
MOST = 2_000  # different values


@dataclass
class Spoiler:
    """Chance, and the values that it puts where others belong."""

    random: Random
    values: list
    texts: list[str]
    pieces: list[bytes]

    def one_of(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def happens(self, share: float) -> bool:
        return self.random.random() < share

    def value(self) -> object:
        return self.one_of(self.values)

    def piece(self) -> bytes:
        return self.one_of(self.pieces)

    def language(self) -> str:
        return self.one_of(("en", "zh"))

    def part(self) -> str:
        """A part of an address."""
        return self.one_of(PARTS) if self.happens(0.5) else quoted(self.one_of(self.texts))

    def spoiled(self, good: object) -> object:
        """A good question, spoiled in one to three places."""
        value = good
        for _ in range(self.random.randint(1, 3)):
            place = self.one_of(places(value))
            way = self.one_of(ways_to_spoil(at(value, place), self.value()))
            value = changed(value, place, way)
        return value

    def broken(self, content: bytes) -> bytes:
        """A body, cut, doubled, or with some bytes turned."""
        place = self.random.randrange(len(content) + 1)
        return self.one_of(
            (
                content[:place],
                content[:place] + self.piece() + content[place + 1 :],
                content * 2,
                b"\xef\xbb\xbf" + content,
                content.decode("utf-8", "replace").encode("utf-16"),
            )
        )

    def posted(self, endpoint: str, path: str, body: object, stream: bool = False) -> Call:
        """A JSON call; one in twenty has a broken body, one another kind of content."""
        content, headers = as_json(body), JSON
        if self.happens(0.05):
            content = self.broken(content)
        elif self.happens(0.05):
            headers = (("content-type", self.one_of(KINDS)),)
        return Call(endpoint, "POST", path, headers, content, self.language(), stream)


def spoiler(seed: int, most: int = MOST) -> Spoiler:
    values, texts = gathered(VALUES, most, seed), gathered(TEXTS, most // 4, seed)
    return Spoiler(Random(seed), values, texts, gathered(BYTES, most // 4, seed))


def quoted(text: str) -> str:
    """A part of an address, without what would end it."""
    content = text.encode("utf-8", "replace")
    return "".join(chr(one) if 48 <= one < 123 else f"%{one:02x}" for one in content) or "x"


# ---- Values ---------------------------------------------------------------------------------


def places(value: object, before: tuple = ()) -> list[tuple]:
    """Where something can be put into a value instead of what is there: a path of keys each."""
    inside = value.items() if isinstance(value, dict) else ()
    inside = list(enumerate(value))[:3] if isinstance(value, list) else inside
    return [before, *(place for key, one in inside for place in places(one, (*before, key)))]


def at(value: object, place: tuple) -> object:
    for key in place:
        value = value[key]
    return value


def changed(value: object, place: tuple, change: Callable[[object], object]) -> object:
    """The value with what is at a place changed."""
    if not place:
        return change(value)
    key, rest = place[0], place[1:]
    if isinstance(value, dict):
        return value | {key: changed(value[key], rest, change)}
    return [*value[:key], changed(value[key], rest, change), *value[key + 1 :]]


def ways_to_spoil(value: object, other: object) -> list[Callable]:
    """What can be made of a value: another one, or its own type overdone."""
    ways: list[Callable] = [lambda _: other, lambda _: other, lambda one: [one]]
    if isinstance(value, str):
        ways += [lambda one: one[:-1], lambda one: one + one, lambda one: f"{one[:5]}é{one[5:]}"]
    elif isinstance(value, int | float):
        ways += [lambda one: -one - 1, lambda one: one * 1000, str, lambda one: [one, one]]
    elif isinstance(value, list):
        ways += [lambda one: one * 40, lambda one: one[1:], lambda one: one[::-1]]
    elif isinstance(value, dict):
        ways += [lambda one: dict(list(one.items())[1:]), lambda one: one | {"odd": other}]
    return ways
