"""Bombs and slow senders: how soon each is refused, what it costs, and what others feel of it.

    python -m bench.reliability.bombs [--copies N] [--write]

One lab. Other visitors read digits all the while, from a process of their own; each bomb comes
alone and then `--copies` at once, and so does the largest picture that is read; at last senders of
one byte a second and connections that say nothing. Seconds are from the first byte sent to the end
of the answer; memory is the server's peak (VmHWM) above what it held before.
"""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from bench.door import sheet
from bench.jobs import Lab
from bench.reliability import bomb_files as files
from bench.reliability.meanwhile import Memory, Visitors
from bench.reliability.record import Row, arguments, show
from bench.reliability.wire import JSON, MULTIPART, Reply, drip, head_of, part, post
from bench.server import Server, running_lab

COPIES = 8
SOON, MEMORY, FELT = 1.0, 150, 500.0  # s, MB and ms that may be taken
BODY_WITHIN, HEADERS_WITHIN = 31.0, 16.0  # s until a slow sender is cut off
QUIET = 5.0  # s of readings without any bomb
SILENT = 300  # connections that say nothing
UPLOAD, CLASSIFY = "/gradio_api/upload", "/gradio_api/run/classify"
PAGE = "/gradio_api/component_server/"


# ---- The bombs ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bomb:
    """What is sent, and the statuses that are right."""

    name: str
    send: Callable[[str], Reply]
    right: tuple[int, ...] = (400, 413, 429)

    def is_refused(self, reply: Reply) -> bool:
        """The page's own functions refuse with an "error" in a good answer."""
        said = reply.status == 200 and b'"error"' in reply.body
        return said or reply.status in self.right


def picture(name: str, content: bytes, right: tuple[int, ...] = (400, 413)) -> Bomb:
    """A file that is uploaded and then read."""

    def send(url: str) -> Reply:
        body = part("bomb", content)
        up = post(url, UPLOAD, [body], MULTIPART, len(body))
        if up.status != 200:
            return up
        [path] = json.loads(up.body)
        asked = json.dumps({"data": [{"path": path}, "digits"]}).encode()
        read = post(url, CLASSIFY, [asked], JSON, len(asked))
        return Reply(read.status, read.body, up.seconds + read.seconds)

    return Bomb(name, send, right)


def body(name: str, path: str, content: bytes, headers: dict[str, str] = JSON) -> Bomb:
    def send(url: str) -> Reply:
        return post(url, path, [content], headers, len(content))

    return Bomb(name, send)


def endless(name: str, path: str, stated: bool) -> Bomb:
    """100 MB of JSON; its length stated, or not."""

    def send(url: str) -> Reply:
        length = sum(map(len, files.megabytes(100))) if stated else None
        return post(url, path, files.megabytes(100), JSON, length)

    return Bomb(name, send)


def network(lab: Lab) -> Bomb:
    """20 MB of zeros, sent as the page sends a network file."""
    data = {"file": "A" * 26_600_000, "name": "zeros", "owner": None}
    asked = {"data": data, "component_id": lab.components["upload_network"]}
    asked |= {"fn_name": "upload_network", "session_hash": "bombs"}
    return body("20 MB of zeros as a network", PAGE, json.dumps(asked).encode())


def bombs(lab: Lab) -> list[Bomb]:
    upload = part("bomb", bytes(50 * files.MEGABYTE))
    return [
        picture("PNG of 13,000 x 13,000", files.png(13_000, 13_000, files.COLOUR)),
        picture("PNG of 20,000 x 20,000", files.png(20_000, 20_000, files.COLOUR)),
        picture("PNG of 60,000 x 1", files.png(60_000, 1)),
        picture("PNG with 100 MB of zTXt", files.text_bomb(100 * files.MEGABYTE)),
        picture("GIF of 5,000 frames (its first is read)", files.gif(5_000, 600), (200,)),
        picture("JPEG of 60,000 x 60,000", files.jpeg(60_000, 60_000)),
        picture("WebP of 16,383 x 16,383", files.webp(16_383)),
        endless("100 MB of JSON", CLASSIFY, stated=True),
        endless("100 MB of JSON, length unstated", CLASSIFY, stated=False),
        endless("100 MB of JSON to the page, length unstated", PAGE, stated=False),
        body("5 million numbers", CLASSIFY, files.numbers(5_000_000)),
        body("5 million numbers to the page", PAGE, files.numbers(5_000_000)),
        body("JSON nested 3 million deep", CLASSIFY, files.nested(3_000_000)),
        body("JSON nested 9,000 deep", CLASSIFY, files.nested(9_000)),
        body("a file of 50 MB", UPLOAD, upload, MULTIPART),
        network(lab),
    ]


# ---- What is measured -----------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of some copies of a bomb that came at once."""

    bomb: Bomb
    replies: list[Reply]
    memory: float  # MB above what was held

    def wrong(self) -> list[int]:
        return [reply.status for reply in self.replies if not self.bomb.is_refused(reply)]

    def seconds(self) -> float:
        return max(reply.seconds for reply in self.replies)


def exploded(server: Server, bomb: Bomb, copies: int) -> Outcome:
    memory = Memory(server.pid)
    with ThreadPoolExecutor(copies) as senders:
        replies = list(senders.map(lambda _: bomb.send(server.url), range(copies)))
    outcome = Outcome(bomb, replies, memory.peak())
    statuses = sorted({reply.status for reply in replies})
    facts = {"bomb": bomb.name, "copies": copies, "statuses": statuses}
    facts |= {"seconds": round(outcome.seconds(), 3), "mb": round(outcome.memory)}
    print(json.dumps(facts), flush=True)
    return outcome


def rows_of(title: str, outcomes: list[Outcome], visitors: Visitors) -> list[Row]:
    sent = sum(len(one.replies) for one in outcomes)
    wrong = [status for one in outcomes for status in one.wrong()]
    slowest = max(outcomes, key=Outcome.seconds)
    largest = max(outcomes, key=lambda one: one.memory)
    return [
        Row(
            f"{title}: refused",
            f"{sent} of {sent}",
            f"{sent - len(wrong)} of {sent}",
            not wrong,
        ),
        Row(
            f"{title}: slowest refusal",
            f"≤ {SOON:.0f} s",
            f"{slowest.seconds():.2f} s ({slowest.bomb.name})",
            slowest.seconds() <= SOON,
        ),
        Row(
            f"{title}: resident memory",
            f"+ ≤ {MEMORY} MB",
            f"+ {largest.memory:.0f} MB ({largest.bomb.name})",
            largest.memory <= MEMORY,
        ),
        felt(title, visitors),
    ]


def read_rows(server: Server, copies: int) -> list[Row]:
    """The most memory that a picture may take which is read: 32 megapixels in colour."""
    largest = picture("PNG of 8,000 x 3,990", files.png(8_000, 3_990, files.COLOUR), (200,))
    with Visitors(server) as visitors:
        outcome = exploded(server, largest, copies)
    title = f"the largest picture that is read, {copies} at once"
    asked, peak = f"+ ≤ {MEMORY} MB", outcome.memory
    read = f"{copies - len(outcome.wrong())} of {copies}, the last after {outcome.seconds():.1f} s"
    return [
        Row(f"{title}: read", f"{copies} of {copies}", read, not outcome.wrong()),
        Row(f"{title}: resident memory", asked, f"+ {peak:.0f} MB", peak <= MEMORY),
        felt(title, visitors),
    ]


def felt(title: str, visitors: Visitors) -> Row:
    asked = f"p95 ≤ {FELT:.0f} ms"
    is_met = visitors.p95() <= FELT and not visitors.failed
    return Row(f"{title}: other visitors meanwhile", asked, visitors.said(), is_met)


def slow_senders(url: str) -> dict[str, Callable[[], float]]:
    """Senders that would go on for ever."""
    large = {"content-length": "5000"}
    body_of = {
        "an event's values": head_of(url, CLASSIFY, JSON | large),
        "a question of the page": head_of(url, PAGE, JSON | large),
        "an upload": head_of(url, UPLOAD, MULTIPART | large) + part("a.png", b"")[:-12],
    }
    head = head_of(url, CLASSIFY, JSON | large)
    headers_of = {"headers": head[:-2] + b"x-slow: ", "the first line": b"POST /"}
    bodies = {
        f"{name}, a byte a second": partial(drip, url, begin, b" ", BODY_WITHIN + 10)
        for name, begin in body_of.items()
    }
    return bodies | {
        f"{name}, a byte a second": partial(drip, url, begin, b"a", HEADERS_WITHIN + 10)
        for name, begin in headers_of.items()
    }


def slow_rows(server: Server) -> list[Row]:
    """All slow senders at once, and many connections that say nothing."""
    senders = slow_senders(server.url)
    silent = [partial(drip, server.url, b"", b"", HEADERS_WITHIN + 10) for _ in range(SILENT)]
    memory = Memory(server.pid)
    with Visitors(server) as visitors, ThreadPoolExecutor(len(senders) + SILENT) as threads:
        taken = {name: threads.submit(sender) for name, sender in senders.items()}
        quiet = [threads.submit(one) for one in silent]
    rows = []
    for name, one in taken.items():
        within = HEADERS_WITHIN if "header" in name or "line" in name else BODY_WITHIN
        asked = f"cut off within {within - 1:.0f} s"
        rows.append(Row(name, asked, f"{one.result():.1f} s", one.result() <= within))
    latest = max(one.result() for one in quiet)
    title, asked = (
        f"{SILENT} connections that say nothing",
        f"closed within {HEADERS_WITHIN - 1:.0f} s",
    )
    rows.append(Row(title, asked, f"{latest:.1f} s", latest <= HEADERS_WITHIN))
    peak = memory.peak()
    rows.append(
        Row("slow senders: resident memory", f"+ ≤ {MEMORY} MB", f"+ {peak:.0f} MB", peak <= MEMORY)
    )
    return [*rows, felt("slow senders", visitors)]


def warm(server: Server) -> None:
    """What any first picture and first reading bring into memory."""
    for content in (files.png(280, 280), files.jpeg(64, 64), files.webp(64), files.gif(2, 64)):
        picture("first", content).send(server.url)
    Lab(server).ask("read_drawing", **sheet()).raise_for_status()


def measured(copies: int) -> list[Row]:
    with running_lab() as server:
        warm(server)
        with Visitors(server) as alone:
            time.sleep(QUIET)
        rows = [Row("visitors, before any bomb", "", alone.said())]
        for title, count in (("alone", 1), (f"{copies} at once", copies)):
            with Visitors(server) as visitors:
                outcomes = [exploded(server, bomb, count) for bomb in bombs(Lab(server))]
            rows += rows_of(title, outcomes, visitors)
        return rows + read_rows(server, copies) + slow_rows(server)


def main() -> None:
    options = arguments("bombs", __doc__)
    options.add_argument("--copies", type=int, default=COPIES, help="of each bomb at once")
    chosen = options.parse_args()
    began = time.monotonic()
    rows = measured(chosen.copies)
    show("bombs", rows, time.monotonic() - began, chosen.write)


if __name__ == "__main__":
    main()
