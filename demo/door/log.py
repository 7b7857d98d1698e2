"""What the server says of itself, a line each, to stderr: `time=… event=… key=value`.

No addresses of visitors, no pictures, no names, nothing that a visitor sent.
"""

import json
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

EVERY = 60.0  # s between two lines about refusals of a kind
# They would say more.
LIBRARIES = ("uvicorn", "uvicorn.error", "asyncio", "httpx", "PIL", "python_multipart.multipart")


def note(event: str, **facts: object) -> None:
    """One line. Values with spaces or quotes are written as JSON strings."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    pairs = {"time": now, "event": event, **facts}
    line = " ".join(f"{name}={written(value)}" for name, value in pairs.items())
    print(line, file=sys.stderr, flush=True)


def written(value: object) -> str:
    text = str(value)
    is_plain = text.isprintable() and not any(sign in text for sign in ' "=')
    return text if text and is_plain else json.dumps(text)


class Tally:
    """Counts what happens often, and says so at most once in `every` seconds for each kind."""

    def __init__(
        self,
        event: str,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
        say: Callable[..., None] = note,
    ) -> None:
        self.event, self.every, self.clock, self.say = event, every, clock, say
        self.counts: Counter[str] = Counter()
        self.said: dict[str, float] = {}
        self.lock = threading.Lock()

    def add(self, kind: str) -> None:
        with self.lock:
            self.counts[kind] += 1
            now = self.clock()
            if now < self.said.get(kind, -self.every) + self.every:
                return
            self.said[kind] = now
            count = self.counts.pop(kind)
        self.say(self.event, kind=kind, count=count)

    def flush(self) -> None:
        """Says what has been counted since."""
        with self.lock:
            counts, self.counts = self.counts, Counter()
        for kind, count in counts.items():
            self.say(self.event, kind=kind, count=count)


class Whereabouts(logging.Handler):
    """What a library says, counted by where it says it: its words may hold what a visitor sent."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(logging.WARNING)
        self.tally = tally

    def emit(self, record: logging.LogRecord) -> None:
        self.tally.add(f"{record.name}:{record.lineno}")


def hush_libraries() -> None:
    """From now on libraries are heard of in our own lines alone."""
    handler = Whereabouts(Tally("library"))
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
