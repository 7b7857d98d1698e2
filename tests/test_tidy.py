"""What is let go of while nobody asks: in our stores, and in gradio's queue."""

import asyncio
import os
from types import SimpleNamespace

import gradio as gr
import pytest

from bench.reliability.footprint import memory_of
from demo import heap
from demo.tidy import Unheard, forget_files, keep_tidy, tidied
from demo.visitor import Store, drop_all_old


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_old_goes_from_every_store_though_nobody_asks():
    clock = Clock()
    stores = [Store(life=3_600, clock=clock) for _ in range(2)]
    for store in stores:
        store.keep("network")
    clock.now = 3_599
    drop_all_old()
    assert [len(store.kept) for store in stores] == [1, 1]
    clock.now = 3_601
    drop_all_old()
    assert [len(store.kept) for store in stores] == [0, 0]


def queue_of(page: gr.Blocks, **messages: int) -> None:
    """Sessions with so many messages that nobody has heard, each of one event that has ended."""
    for session, count in messages.items():
        waiting = asyncio.Queue()
        for _ in range(count):
            waiting.put_nowait("said")
        page._queue.pending_messages_per_session[session] = waiting
        page._queue.pending_event_ids_session[session] = {f"event of {session}"}


@pytest.fixture
def page() -> gr.Blocks:
    async def built() -> gr.Blocks:  # its queue makes locks for a running loop
        with gr.Blocks(analytics_enabled=False) as page:
            return page

    return asyncio.run(built())


def test_what_nobody_hears_is_gone_after_an_hour_and_what_still_comes_stays(page):
    clock = Clock()
    unheard = Unheard(page, life=3_600, clock=clock)
    queue_of(page, left=2, talking=1)
    unheard.drop()
    clock.now = 2_000
    page._queue.pending_messages_per_session["talking"].put_nowait("more")
    unheard.drop()
    clock.now = 3_600
    unheard.drop()
    assert [*page._queue.pending_messages_per_session] == ["talking"]
    assert [*page._queue.pending_event_ids_session] == ["talking"]
    assert [*unheard.since] == ["talking"]


def test_of_a_session_that_has_heard_everything_no_name_stays(page):
    queue_of(page, heard=0, listening=0)
    queue = page._queue
    queue.pending_event_ids_session["heard"].clear()
    queue.pending_event_ids_session["gone"] = {"event"}
    queue.event_ids_to_events["event"] = SimpleNamespace(session_hash="running")
    queue.pending_event_ids_session["running"] = {"event"}
    Unheard(page).drop()
    assert [*queue.pending_event_ids_session] == ["listening", "running"]


def test_names_of_uploads_that_are_swept_are_forgotten(page, tmp_path):
    stays = tmp_path / "stays.png"
    stays.touch()
    page.upload_file_set.update({str(stays), str(tmp_path / "swept.png")})
    asyncio.run(forget_files(page))
    assert page.upload_file_set == {str(stays)}


def test_tidying_ends_with_the_server(page):
    seen = []

    class Within:
        async def __aenter__(self):
            seen.append("open")

        async def __aexit__(self, *_):
            seen.append(len(asyncio.all_tasks()))

    async def serve() -> None:
        async with tidied(page, lambda _: Within())(None):
            assert len(asyncio.all_tasks()) == 2
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(serve())
    assert seen[0] == "open"


def test_a_fault_in_one_round_does_not_end_the_next(page, monkeypatch):
    rounds = []

    def drop():
        rounds.append(len(rounds))
        raise RuntimeError("of one round")

    async def serve():
        task = asyncio.create_task(keep_tidy(page, every=0.001))
        while len(rounds) < 3 and not task.done():
            await asyncio.sleep(0.001)
        task.cancel()

    monkeypatch.setattr("demo.tidy.drop_all_old", drop)
    asyncio.run(asyncio.wait_for(serve(), 30))
    assert len(rounds) == 3


def test_what_is_freed_goes_back_to_the_system():
    held = [bytearray(1_000) for _ in range(100_000)]  # 100 MB in small pieces
    last, full = bytearray(1_000), memory_of(os.getpid())
    del held
    if not heap.keep_small():
        pytest.skip("no glibc")
    heap.give_back()
    assert memory_of(os.getpid()) < full - 60
    assert last
