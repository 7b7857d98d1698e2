"""HTTP by hand, for senders that no library would play: too much, too slow, never done."""

import re
import select
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 60.0  # s for an answer
STEP = 1.0  # s between two bytes of a slow sender
BOUNDARY = "bomb"
MULTIPART = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """What came back: status 0 where nothing did, and the seconds until it was all there."""

    status: int
    body: bytes
    seconds: float


def connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)


def head_of(url: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"host: {urlsplit(url).netloc}", "connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def chunked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as HTTP sends a body whose length nobody states."""
    for piece in pieces:
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def part(name: str, content: bytes) -> bytes:
    """A file as a form's only field."""
    field = f'content-disposition: form-data; name="files"; filename="{name}"'
    return (
        f"--{BOUNDARY}\r\n{field}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


def post(
    url: str, path: str, pieces: Iterable[bytes], headers: dict[str, str], length: int | None = None
) -> Reply:
    """Sends a body, of that stated length or else in chunks, and listens meanwhile as browsers and
    curl do: who is answered in the middle sends no more."""
    began = time.monotonic()
    stated = {"transfer-encoding": "chunked"} if length is None else {"content-length": str(length)}
    with connected(url) as line:
        with suppress(ConnectionError):  # the answer tells why
            line.sendall(head_of(url, path, headers | stated))
            for piece in pieces if length is not None else chunked(pieces):
                if select.select([line], [], [], 0)[0]:
                    break
                line.sendall(piece)
        status, body = heard(line)
    return Reply(status, body, time.monotonic() - began)


def heard(line: socket.socket) -> tuple[int, bytes]:
    """The status and body of an answer, as soon as the whole of it is there."""
    answer = b""
    with suppress(ConnectionError, TimeoutError):
        while not is_whole(answer) and (piece := line.recv(65_536)):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head[9:12]
    return (int(status) if status.isdigit() else 0), body


def is_whole(answer: bytes) -> bool:
    """Whether an answer has as many bytes as it says; one that does not say ends by closing."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\ncontent-length: (\d+)", head)
    return bool(gap and length and len(body) >= int(length[1]))


def drip(url: str, begin: bytes, endless: bytes, most: float) -> float:
    """A sender of one byte a second, after a beginning; gives the seconds until it is cut off."""
    began = time.monotonic()
    with connected(url) as line, suppress(ConnectionError):
        line.sendall(begin)
        while time.monotonic() < began + most:
            if select.select([line], [], [], STEP)[0] and not line.recv(65_536):
                break
            line.sendall(endless)
    return time.monotonic() - began
