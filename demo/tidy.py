"""What nobody uses any more is let go of, even while nobody asks for anything.

A store drops what is old when it is asked for something, and a lab that everybody has left is not.
Gradio keeps, of every program that called an event and did not hear it to its end, what the event
said, and of every other one a name.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import gradio as gr

from demo import heap
from demo.door.errors import note_error
from demo.visitor import LIFE, drop_all_old

EVERY = 60.0  # s
Lifespan = Callable[[object], AbstractAsyncContextManager]


class Unheard:
    """What events have said to sessions that do not listen; it is gone after an hour."""

    def __init__(
        self, page: gr.Blocks, life: float = LIFE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.page, self.life, self.clock = page, life, clock
        self.since: dict[str, tuple[int, float]] = {}  # session -> messages, and since when so many

    def drop(self) -> None:
        """In the server's own thread alone, which all else of gradio's queue runs in."""
        queue = self.page._queue
        waiting, ids = queue.pending_messages_per_session, queue.pending_event_ids_session
        for session in [*waiting]:
            if self.is_old(session, waiting[session].qsize()):
                del waiting[session]
        self.since = {name: seen for name, seen in self.since.items() if name in waiting}
        under_way = {event.session_hash for event in queue.event_ids_to_events.values()}
        for session in [name for name in ids if name not in under_way]:
            if session not in waiting or not ids[session]:
                del ids[session]

    def is_old(self, session: str, count: int) -> bool:
        """Whether a session has had so many messages for its whole life."""
        before, since = self.since.get(session, (None, 0.0))
        if before != count:
            since = self.clock()
            self.since[session] = count, since
        return self.clock() - since >= self.life


async def forget_files(page: gr.Blocks) -> None:
    """The names of uploads that are swept; gradio keeps those that it has not deleted itself."""
    for names in page.temp_file_sets:
        names -= await asyncio.to_thread(gone_of, [*names])


def gone_of(names: list[str]) -> set[str]:
    return {name for name in names if not Path(name).exists()}


async def keep_tidy(page: gr.Blocks, every: float = EVERY) -> None:
    """As long as the server runs, in its own thread; a fault in one round does not end the next."""
    unheard = Unheard(page)
    while True:
        await asyncio.sleep(every)
        try:
            drop_all_old()
            unheard.drop()
            await forget_files(page)
            await asyncio.to_thread(heap.give_back)
        except Exception as error:
            note_error(error)


def tidied(page: gr.Blocks, within: Lifespan) -> Lifespan:
    """A lifespan for `app_kwargs` around another one."""

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        async with within(app):
            task = asyncio.create_task(keep_tidy(page))
            try:
                yield
            finally:
                task.cancel()

    return lifespan
