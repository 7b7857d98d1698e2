"""A request as bytes, sent over a connection of its own, and what came back, whatever it is."""

import http.client
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE = 30.0  # s until a call counts as not answered
AT_THE_WIRE = 1.0  # s that a server may wait for the rest of what is no request
STREAM = 0.3  # s that a stream without an end is read
MOST_READ = 4_000_000  # bytes of an answer
NO_ANSWER = 0  # in place of a status


@dataclass(frozen=True)
class Call:
    """One request. `endpoint` is what it is counted under; `raw` stands in place of all the rest.

    `language`: what the refusal's sentence is to be in. `stream`: whether the answer has no end.
    """

    endpoint: str
    method: str = "GET"
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    language: str = "en"
    stream: bool = False
    raw: bytes = b""

    def as_bytes(self, host: str) -> bytes:
        if self.raw:
            return self.raw
        given = {name.lower() for name, _ in self.headers}
        headers = [("host", host), ("accept-language", self.language), ("connection", "close")]
        if self.content or self.method == "POST":
            headers.append(("content-length", str(len(self.content))))
        headers = [pair for pair in headers if pair[0] not in given] + list(self.headers)
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{a}: {b}" for a, b in headers)]
        return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + self.content


@dataclass(frozen=True)
class Reply:
    """What came back: a status (0 where nothing did), the kind of content, the body."""

    status: int
    kind: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def send(call: Call, url: str, patience: float = PATIENCE) -> Reply:
    """Sends a call to a server and reads what it answers."""
    began, host = time.monotonic(), urlsplit(url).netloc
    name, port = host.split(":")
    try:
        patience = AT_THE_WIRE if call.raw else patience
        with socket.create_connection((name, int(port)), timeout=patience) as connection:
            with suppress(OSError):  # refused before all was sent; the answer is there all the same
                connection.sendall(call.as_bytes(host))
            with http.client.HTTPResponse(connection, method=call.method) as answer:
                reply = read(answer, connection, call)
    except (OSError, http.client.HTTPException):
        return Reply(NO_ANSWER, seconds=time.monotonic() - began)
    return Reply(*reply, seconds=time.monotonic() - began)


def read(
    answer: http.client.HTTPResponse, connection: socket.socket, call: Call
) -> tuple[int, str, bytes, dict[str, str]]:
    answer.begin()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    if call.stream:
        connection.settimeout(STREAM)
    body = b""
    try:
        while len(body) < MOST_READ and (piece := answer.read1(65_536)):
            body += piece
    except (OSError, http.client.HTTPException):
        if not call.stream:
            raise
    return answer.status, headers.get("content-type", ""), body, headers
