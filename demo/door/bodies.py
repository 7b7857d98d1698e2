"""How much a request may hold and how long it may take to arrive, before anything parses it.

A JSON body is taken in whole here, within its limit, and handed on in one piece. An upload goes on
to gradio as it comes, counted, and is cut off where it passes its limit.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from starlette.formparsers import MultiPartException

from demo.door.addresses import API, plain
from demo.door.refusal import Refusal

Receive = Callable[[], Awaitable[dict]]
MEGABYTE = 1_000_000  # bytes
UPLOAD = 20 * MEGABYTE  # bytes of a file
UPLOAD_FIELDS = 20_000  # bytes beside the file: its name, and what separates the fields
DATA_ADDRESSES = 8_100_000  # bytes of an event's values: a picture of 6 MB as text
NETWORK = 26_700_000  # bytes of a network file of 20 MB as text, which the shelf sends
ASKED = 2 * MEGABYTE  # bytes of what the page asks otherwise: pixels have 0.1
SMALL = 10_000  # bytes of everything else
LARGE = 250_000  # bytes; of more than these, `TOGETHER` bounds all that are under way
TOGETHER = 48 * MEGABYTE  # bytes
LINGERS = 1.0  # s in which what still arrives after a refusal is thrown away
MOST_MARKS = 20_000  # commas, colons and brackets of a JSON body; it is parsed in 6 ms
PATIENCE = 30.0  # s that any body may take,
SLOWEST = 50_000  # bytes a second beyond
MARKS = tuple(b",:[{")


@dataclass(frozen=True)
class Limit:
    """What one address takes: bytes at most, and whether they go on as they come or are JSON."""

    most: int
    streamed: bool = False
    is_json: bool = False


UPLOADS = Limit(UPLOAD + UPLOAD_FIELDS, streamed=True)
EVENTS, PAGE = Limit(DATA_ADDRESSES, is_json=True), Limit(NETWORK, is_json=True)
UNSTATED = Limit(ASKED, is_json=True)  # browsers state the length of what they ask
OTHERS = Limit(SMALL)
LIMITS = {
    f"{API}/upload": UPLOADS,
    f"{API}/component_server": PAGE,
    f"{API}/queue/join": EVENTS,
}
LIMITS_BELOW = {f"{API}/call/": EVENTS, f"{API}/run/": EVENTS, f"{API}/api/": EVENTS}


class Gone(Exception):
    """The sender has left in the middle of a body."""


class Arriving:
    """What a sender sends, and whether more of it may come."""

    def __init__(self, receive: Receive, lingers: float = LINGERS) -> None:
        self.receive, self.lingers, self.ended = receive, lingers, False

    async def __call__(self) -> dict:
        message = await self.receive()
        self.ended = not message.get("more_body")
        return message

    async def drain(self) -> None:
        """Throws the rest away: a connection that is closed with something unread is reset, and
        many a client that is still sending then never sees its answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.lingers):
                while not self.ended:
                    await self()


def limit_of(path: str, is_stated: bool = True) -> Limit:
    """What an address takes. `is_stated`: whether the sender says beforehand how much it is."""
    below = (limit for begin, limit in LIMITS_BELOW.items() if path.startswith(begin))
    limit = LIMITS.get(plain(path)) or next(below, OTHERS)
    return UNSTATED if limit is PAGE and not is_stated else limit


def in_words(count: int) -> str:
    """A limit as people say it: 20 MB, 10 kB."""
    return f"{count // MEGABYTE} MB" if count >= MEGABYTE else f"{count // 1000} kB"


def check_length(length: str | None, most: int) -> None:
    """Judges a body by the length that its sender states. Raises Refusal."""
    if length is None:
        return
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        raise Refusal("length")
    if int(length) > most:
        raise Refusal("too_large", most=in_words(most))


def marks_in(piece: bytes) -> int:
    """How many commas, colons and opening brackets there are; ten times as fast as bytes.count."""
    levels = np.frombuffer(piece, np.uint8)
    return int(sum(np.count_nonzero(levels == mark) for mark in MARKS))


class Together:
    """The bytes of all large bodies under way, bounded."""

    def __init__(self, most: int = TOGETHER) -> None:
        self.most, self.held = most, 0

    def take(self, count: int) -> None:
        """Raises Refusal where there is no room."""
        if self.held + count > self.most:
            raise Refusal("too_busy")
        self.held += count

    def check(self, count: int) -> None:
        """Whether a body of so many bytes has any chance yet; it takes its room as it arrives, so
        that nobody holds any with a promise. Raises Refusal."""
        if count > LARGE and self.held + count > self.most:
            raise Refusal("too_busy")

    def give_back(self, count: int) -> None:
        self.held -= count


class Body:
    """The body of one request, counted as it arrives."""

    def __init__(
        self, receive: Receive, limit: Limit, together: Together, patience: float = PATIENCE
    ) -> None:
        self.receive, self.limit, self.together, self.patience = receive, limit, together, patience
        self.count = self.held = self.marks = self.counted = 0
        self.began = asyncio.get_running_loop().time()
        self.refusal: Refusal | None = None

    async def piece(self) -> dict:
        """The next message. Raises Refusal where it is late, or makes the body too large."""
        until = self.began + max(self.patience, self.count / SLOWEST)
        try:
            async with asyncio.timeout_at(until):
                message = await self.receive()
        except TimeoutError:
            raise Refusal("too_slow") from None
        self.count += len(message.get("body", b""))
        if self.count > self.limit.most:
            raise Refusal("too_large", most=in_words(self.limit.most))
        if not self.limit.streamed and self.count > LARGE:
            self.together.take(self.count - self.held)
            self.held = self.count
        return message

    async def whole(self) -> bytes:
        """All of it. Raises Refusal, and Gone where the sender left."""
        pieces: list[bytes] = []
        while True:
            message = await self.piece()
            if message["type"] == "http.disconnect":
                raise Gone
            pieces.append(message.get("body", b""))
            self.count_marks(pieces)
            if not message.get("more_body"):
                return b"".join(pieces)

    def count_marks(self, pieces: list[bytes]) -> None:
        """Refuses JSON that would take long to parse, as soon as so much of it is there.

        Raises Refusal.
        """
        if self.limit.is_json and self.count > MOST_MARKS:
            self.marks += sum(map(marks_in, pieces[self.counted :]))
            self.counted = len(pieces)
            if self.marks > MOST_MARKS:
                raise Refusal("too_many")

    async def streamed(self) -> dict:
        """The next message of an upload. What is refused ends as gradio ends a bad upload, which
        clears away what has come of it; the door then gives the refusal as its answer."""
        try:
            message = await self.piece()
        except Refusal as refusal:
            self.refusal = refusal
            raise MultiPartException(refusal.name) from None
        if message["type"] == "http.disconnect":
            raise MultiPartException("gone")
        return message

    def release(self) -> None:
        self.together.give_back(self.held)
        self.held = 0


def replayed(body: bytes, receive: Receive) -> Receive:
    """What gives a body in one piece, and then what comes after it: that the sender leaves."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> dict:
        return pending.pop() if pending else await receive()

    return next_message


def parsed(body: bytes) -> dict:
    """A JSON object, without the numbers that JSON has not. Raises Refusal."""
    try:
        value = json.loads(body, parse_constant=no_number)
    except (ValueError, RecursionError):
        raise Refusal("no_json") from None
    if not isinstance(value, dict):
        raise Refusal("no_json")
    return value


def no_number(name: str) -> None:
    """NaN and Infinity, which Python would take. Raises ValueError."""
    raise ValueError(name)
