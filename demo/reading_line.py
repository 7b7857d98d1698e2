"""Readings have threads of their own, and of one page only the newest waits for one.

Gradio's threads work at whatever takes long, too, and a reading would wait behind it. A page sends
its next reading when the last is answered; where it has given one up, the newer overtakes it.
"""

import asyncio
import itertools
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps

from demo.readers import described
from models.errors import LabError

THREADS = min(os.cpu_count() or 1, 4)  # more would only take Python from each other
LONGEST_NAME = 64  # characters of a page's name


class OvertakenError(LabError):
    """The same page has sent a newer drawing, which is read instead."""

    def __init__(self) -> None:
        super().__init__("overtaken", "a newer drawing of this page is read instead")


class ReadingLine:
    """Readings in the order in which they came, a few at a time; each page has one place."""

    def __init__(self, threads: int = THREADS) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="reading")
        self.numbers = itertools.count()
        self.newest: dict[str, int] = {}  # of each page that waits, the number of its last reading

    def of(self, read: Callable[[object], dict]) -> Callable[[object], Awaitable[dict]]:
        """A server function that stands in this line, for one that reads at once."""

        @wraps(read)
        async def read_in_line(asked: object) -> dict:
            page, number = page_in(asked), next(self.numbers)
            if page is None:
                return await self.work(read, asked)
            self.newest[page] = number
            try:
                return await self.work(self.unless_overtaken, page, number, read, asked)
            finally:
                if self.newest.get(page) == number:
                    del self.newest[page]

        return read_in_line

    async def work(self, function: Callable[..., dict], *values: object) -> dict:
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *values)

    def unless_overtaken(
        self, page: str, number: int, read: Callable[[object], dict], asked: object
    ) -> dict:
        if self.newest.get(page) != number:
            return described(OvertakenError())
        return read(asked)


def page_in(asked: object) -> str | None:
    """The name that a page has given itself, which nobody else can guess."""
    page = asked.get("page") if isinstance(asked, dict) else None
    return page if isinstance(page, str) and 0 < len(page) <= LONGEST_NAME else None
