"""Open pages as the server sees them: calls over kept connections, all from one light process.

Requests are made beforehand, so that next to nothing is computed while times are taken.
"""

import asyncio
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import brotli

from bench.jobs import Lab

PATIENCE = 15.0  # s until the page takes a call for lost
LARGEST_HEAD = 65_536  # bytes
TICK = os.sysconf("SC_CLK_TCK")  # of /proc, a second


@dataclass(frozen=True)
class Reply:
    """An answer: the seconds from the request's first byte to its last, and what was wrong."""

    seconds: float
    trouble: str | None
    value: dict


def request_to(lab: Lab, name: str, **asked: object) -> bytes:
    """A whole request to a server function, as a browser's page sends it."""
    body = {"data": asked, "component_id": lab.components[name], "fn_name": name}
    content = json.dumps(body | {"session_hash": "bench"}, separators=(",", ":")).encode()
    host = urlsplit(lab.url).netloc
    head = [
        "POST /gradio_api/component_server/ HTTP/1.1",
        f"Host: {host}",
        f"Origin: http://{host}",
        f"Referer: http://{host}/",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        "Accept-Encoding: gzip, deflate, br",
        "Accept-Language: en",
        "Connection: keep-alive",
    ]
    return "\r\n".join([*head, "", ""]).encode() + content


class Page:
    """One connection of a page, with one call under way at a time."""

    def __init__(self, lab: Lab) -> None:
        self.host, self.port = urlsplit(lab.url).hostname, urlsplit(lab.url).port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        connection = asyncio.open_connection(self.host, self.port, limit=LARGEST_HEAD)
        self.reader, self.writer = await connection

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            with suppress(OSError):
                await self.writer.wait_closed()
        self.reader = self.writer = None

    async def call(self, request: bytes) -> Reply:
        """Sends a request; what went wrong is in the reply."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                status, headers, content = await self.exchange(request)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            await self.close()
            return Reply(time.perf_counter() - began, type(error).__name__, {})
        seconds = time.perf_counter() - began
        if headers.get("connection") == "close":
            await self.close()
        return judged(seconds, status, headers, content)

    async def exchange(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """As browsers do: once more where a kept connection was closed before the request came."""
        if self.writer is not None and not self.reader.at_eof():
            self.writer.write(request)
            try:
                return await self.answer()
            except ConnectionError:
                pass
            except asyncio.IncompleteReadError as error:
                if error.partial:
                    raise
        await self.close()
        await self.open()
        self.writer.write(request)
        return await self.answer()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body. Raises ValueError where it is no answer of a known length."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip().lower() for name, _, value in pairs}
        if "content-length" not in headers:
            raise ValueError("an answer without its length")
        content = await self.reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, content


def judged(seconds: float, status: int, headers: dict[str, str], content: bytes) -> Reply:
    """An answer is right if it is a 200 with an object that names no error."""
    if status != 200:
        return Reply(seconds, f"HTTP {status}", {})
    if headers.get("content-encoding") == "br":
        content = brotli.decompress(content)
    value = json.loads(content)
    if not isinstance(value, dict):
        return Reply(seconds, "no object", {})
    return Reply(seconds, value.get("error"), value)


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used so far."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
