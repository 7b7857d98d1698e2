"""Who may hold a connection, before there is a request: so many, and none that only dawdles.

uvicorn bounds neither how many there are nor how long headers take, and gradio hands it no
settings: the server is told once it is open, and each connection that comes after keeps to it.
"""

import asyncio
from collections import Counter
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from demo.door.log import Tally
from demo.door.refusal import Refusal, answer_to

MOST = 800  # connections in all; a process may often open 1,024 files
MOST_AN_ADDRESS = 400  # thirty browsers behind one address hold six each, and a proxy many more
HEADERS_WITHIN = (
    15.0  # s from the first byte, or from connecting, until a request's headers are there
)
READS_WITHIN = 60.0  # s in which who is answered takes in some of it: systems hold megabytes back


class Places:
    """The connections that are open, in all and by address. This machine's own have no bound of
    their own: a proxy on it brings everybody's."""

    def __init__(self, most: int = MOST, most_an_address: int = MOST_AN_ADDRESS) -> None:
        self.most, self.most_an_address = most, most_an_address
        self.held: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """Whether there is one more; it is taken then, and to be given back."""
        is_full = self.held.total() >= self.most
        if is_full or (is_elsewhere(address) and self.held[address] >= self.most_an_address):
            return False
        self.held[address] += 1
        return True

    def give_back(self, address: str) -> None:
        self.held[address] -= 1
        if not self.held[address]:
            del self.held[address]


def is_elsewhere(address: str) -> bool:
    try:
        return not ip_address(address).is_loopback
    except ValueError:
        return False  # a socket file


class Guarded(H11Protocol):
    """A connection of uvicorn's that has a place, and is closed when it keeps nobody but itself."""

    def __init__(
        self,
        *config: object,
        places: Places,
        refusals: Tally,
        headers_within: float = HEADERS_WITHIN,
        reads_within: float = READS_WITHIN,
        **more: object,
    ) -> None:
        super().__init__(*config, **more)
        self.places, self.refusals = places, refusals
        self.headers_within, self.reads_within = headers_within, reads_within
        self.address: str | None = None  # whose place it holds
        self.late: asyncio.TimerHandle | None = None
        self.unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if self.places.take(address):
            self.address = address
            self.watch()
        else:
            self.turn_away(Refusal("connections"))

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        for timer in filter(None, (self.late, self.unread)):
            timer.cancel()
        if self.address is not None:
            self.places.give_back(self.address)
            self.address = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.watch()

    def watch(self) -> None:
        """Lets the clock run as long as headers are waited for."""
        is_waiting = self.conn.their_state is h11.IDLE
        if is_waiting and self.late is None:
            refusal = Refusal("too_slow")
            self.late = self.loop.call_later(self.headers_within, self.turn_away, refusal)
        elif not is_waiting and self.late is not None:
            self.late.cancel()
            self.late = None

    def turn_away(self, refusal: Refusal) -> None:
        """Closes the connection with a refusal."""
        if not self.transport.is_closing():
            self.refusals.add(refusal.name)
            self.transport.write(as_bytes(refusal))
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.unread = self.loop.call_later(self.reads_within, self.check_read, self.waiting())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.unread is not None:
            self.unread.cancel()

    def waiting(self) -> int:
        """Bytes of answers that have not been taken in."""
        return self.transport.get_write_buffer_size()

    def check_read(self, before: int) -> None:
        """Breaks a connection off whose other end takes in nothing of its answer."""
        if self.waiting() >= before:
            self.refusals.add("unread")
            return self.transport.abort()
        self.unread = self.loop.call_later(self.reads_within, self.check_read, self.waiting())

    def _should_upgrade(self) -> bool:
        return False  # gradio has no websockets


def as_bytes(refusal: Refusal) -> bytes:
    """A refusal as it goes over the line."""
    headers, content = answer_to(refusal, {})
    begin = f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}".encode("ascii")
    lines = [begin, *(b"%s: %s" % pair for pair in headers), b"connection: close", b"", content]
    return b"\r\n".join(lines)


def guard(server: uvicorn.Server, places: Places, refusals: Tally, **limits: float) -> None:
    """Has all connections that a server takes from now on keep to the limits. It is open already:
    before, it would choose its own kind of connection anew."""
    server.config.http_protocol_class = partial(Guarded, places=places, refusals=refusals, **limits)
