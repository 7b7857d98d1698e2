"""One visitor's or program's calls to a running lab, over a connection of their own.

As light as Python has it: the callers share the machine with what they measure.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from socket import SHUT_RDWR
from urllib.parse import urlsplit

API = "/gradio_api"
PATIENCE = 60.0  # s
STALE = 3.0  # s; the server lets go of connections that rest for 5
HOME, ELSEWHERE = "127.0.0.1", "127.0.0.2"  # addresses that callers come from


class Failed(Exception):
    """No answer, or one that no caller should ever get."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content: bytes

    def json(self) -> dict:
        try:
            return json.loads(self.content)
        except ValueError:
            raise Failed(f"{self.status}, no JSON: {self.content[:80]!r}") from None


class Caller:
    """Calls one after another. `components`: as bench.jobs.Lab has them, by server function."""

    def __init__(self, url: str, components: dict[str, int], source: str = HOME) -> None:
        parts = urlsplit(url)
        self.host, self.port, self.source = parts.hostname, parts.port, source
        self.components = components
        self.line: HTTPConnection | None = None
        self.used = 0.0

    def connection(self, patience: float = PATIENCE) -> HTTPConnection:
        """A new one, which waits so many seconds for each piece."""
        return HTTPConnection(self.host, self.port, patience, (self.source, 0))

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Raises Failed where no answer came, or a 5xx that is not one of the door's."""
        if self.line is None or time.monotonic() > self.used + STALE:
            self.close()
            self.line = self.connection()
        try:
            self.line.request(method, path, body, headers)
            reply = self.line.getresponse()
            answer = Answer(reply.status, reply.read())
        except (OSError, HTTPException) as error:
            self.close()
            raise Failed(f"{method} {path[:80]}: {error!r}") from None
        self.used = time.monotonic()
        if answer.status >= 500:
            raise Failed(f"{method} {path[:80]}: {answer.status} {answer.content[:80]!r}")
        return answer

    def post(self, path: str, value: object) -> Answer:
        body = json.dumps(value).encode()
        return self.send("POST", path, body, **{"Content-Type": "application/json"})

    def ask(self, function: str, **asked: object) -> dict:
        """One of the page's server functions."""
        body = {"data": asked, "component_id": self.components[function], "fn_name": function}
        return self.post(f"{API}/component_server/", body | {"session_hash": "page"}).json()

    @contextmanager
    def stream(self, path: str, patience: float = PATIENCE) -> Iterator[HTTPResponse]:
        """An answer that comes in pieces, until its reader has enough."""
        line, reply = self.connection(patience), None
        try:
            line.request("GET", path)
            reply = line.getresponse()
        except (OSError, HTTPException) as error:
            line.close()
            raise Failed(f"GET {path[:80]}: {error!r}") from None
        try:
            yield reply
        finally:
            if line.sock is not None:
                with suppress(OSError):
                    line.sock.shutdown(SHUT_RDWR)  # wakes whoever still reads
            reply.close()
            line.close()

    def event(self, name: str, data: list) -> Iterator[tuple[str, object]]:
        """What a public event tells: its kinds ("generating", "complete", "error") and values."""
        begun = self.post(f"{API}/call/{name}", {"data": data}).json()
        if "event_id" not in begun:
            raise Failed(f"/{name} did not begin: {begun}")
        with self.stream(f"{API}/call/{name}/{begun['event_id']}") as reply:
            try:
                yield from told_in(reply)
            except (OSError, HTTPException) as error:
                raise Failed(f"/{name} broke off: {error!r}") from None

    def close(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


def told_in(lines: Iterator[bytes]) -> Iterator[tuple[str, object]]:
    """The events of a stream in the form that browsers take; those without an "event" are ""."""
    kind = ""
    for line in lines:
        field, _, text = line.decode().rstrip("\r\n").partition(": ")
        if field == "event":
            kind = text
        elif field == "data":
            yield kind, json.loads(text)
