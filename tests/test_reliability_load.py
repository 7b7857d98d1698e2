"""Many at once: the order of readings, and the pens and pages that measure it."""

import asyncio
import os
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from bench.jobs import Lab
from bench.reliability import crowd, drawing, memory, pens
from bench.reliability.pages import Page, Reply, request_to
from bench.server import Server
from demo import readers
from demo.reading_line import ReadingLine
from demo.turns import BusyError, Turns
from models import checkpoint


@pytest.fixture(scope="module")
def lab(lab_url):
    lab = Lab(Server(lab_url, os.getpid()))
    yield lab
    lab.http.close()


def run(work):
    """In a thread of its own, since a browser's tests keep an event loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


# ---- The line of readings -------------------------------------------------------------------


class Slow:
    """Reads nothing until it is let go, and notes what it was to read."""

    def __init__(self):
        self.go, self.read, self.at_work = threading.Event(), [], threading.Event()

    def __call__(self, asked):
        self.at_work.set()
        self.go.wait(10)
        self.read.append(asked["sheet"])
        return {"label": asked["sheet"]}


def in_turn(*asked, threads=1):
    """The answers to readings that come while the first is under way, and what was read."""
    slow = Slow()
    ask = ReadingLine(threads).of(slow.__call__)

    async def everybody():
        calls = [asyncio.create_task(ask(asked[0]))]
        await asyncio.to_thread(slow.at_work.wait, 10)
        calls += [asyncio.create_task(ask(one)) for one in asked[1:]]
        await asyncio.sleep(0)
        slow.go.set()
        return await asyncio.gather(*calls)

    return run(everybody()), slow.read


def test_of_one_page_only_the_newest_of_those_that_wait_is_read():
    sheets = [{"page": "mine", "sheet": number} for number in range(4)]
    answers, read = in_turn(*sheets)
    assert read == [0, 3]
    assert [answer.get("error") for answer in answers] == [None, "overtaken", "overtaken", None]


def test_no_page_overtakes_another_and_one_without_a_name_overtakes_nobody():
    asked = [{"page": "a", "sheet": 0}, {"page": "b", "sheet": 1}, {"sheet": 2}, {"sheet": 3}]
    answers, read = in_turn(*asked, {"page": 7, "sheet": 4}, {"page": "x" * 65, "sheet": 5})
    assert read == [0, 1, 2, 3, 4, 5]
    assert not [answer for answer in answers if "error" in answer]


def test_the_line_forgets_the_pages_that_it_has_served():
    line = ReadingLine(1)
    ask = line.of(lambda asked: asked)
    run(ask({"page": "mine"}))
    assert line.newest == {}


def test_the_lab_drops_readings_that_their_page_has_overtaken(lab):
    asked = pens.as_asked(pens.digit_strokes(1, seed=0)[0][-1]) | {"model": "book_cnn"}
    requests = [request_to(lab, "read_drawing", page="one page", **asked)] * 30
    replies, _ = run(crowd.pressed(lab, requests, rounds=1))
    assert {reply.trouble for reply in replies} == {None, "overtaken"}


def test_the_usual_reader_is_found_without_looking_at_any_file(monkeypatch):
    readers.checkpoint_of("digits")
    monkeypatch.setattr(checkpoint, "read", lambda path: pytest.fail(f"{path} was read"))
    assert readers.checkpoint_of() is readers.checkpoint_of("digits")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process has one priority")
def test_work_in_turns_gives_way_to_readings_and_nothing_else_does():
    def priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    mine = priority()
    turns = Turns(waiting=0, seconds=0.0)
    assert turns.work(priority) == max(mine, 10)
    assert priority() == mine
    with turns.turn(), pytest.raises(BusyError):
        turns.work(priority)


# ---- Pens -----------------------------------------------------------------------------------


def test_the_ink_of_a_stroke_only_grows_until_the_digit_is_whole():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 10], image[4, 10:20], image[26, 3] = 200, 90, 7
    sheets = pens.uncovered(image)
    ink = [int(sheet.astype(int).sum()) for sheet in sheets]
    assert len(sheets) == pens.FRAMES
    assert ink == sorted(set(ink))
    assert ink[-1] == image.astype(int).sum() * pens.ENLARGED**2
    assert {sheet.shape for sheet in sheets} == {(280, 280)}


def test_a_pen_keeps_what_it_drew_before():
    drawing_of_two = [[[0.0, 0.0], [0.5, 0.5], [1.0, 0.0]], [[0.2, 0.9], [0.8, 0.9]]]
    sheets = [sheet.astype(int) for stroke in pens.growing(drawing_of_two) for sheet in stroke]
    assert len(sheets) == 2 * pens.FRAMES
    assert all((after >= before).all() for before, after in zip(sheets, sheets[1:], strict=False))
    assert sheets[-1].sum() > sheets[pens.FRAMES - 1].sum()


# ---- Pages ----------------------------------------------------------------------------------


class SlowPage:
    """Answers each call after a while."""

    def __init__(self, seconds):
        self.seconds, self.sent, self.under_way, self.most = seconds, [], 0, 0

    async def call(self, request):
        self.sent.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self.seconds)
        self.under_way -= 1
        return Reply(self.seconds, None, {})


def test_a_visitor_has_one_reading_under_way_and_always_sends_the_last_sheet(monkeypatch):
    monkeypatch.setattr(drawing, "STROKE", 0.2)
    visitor = drawing.Visitor.__new__(drawing.Visitor)
    visitor.page, visitor.newest, visitor.sending = SlowPage(0.09), None, None
    visitor.notes = drawing.Notes()
    run(visitor.stroke([bytes([at]) for at in range(10)]))
    sent, notes = visitor.page.sent, visitor.notes
    assert visitor.page.most == 1
    assert sent[-1] == bytes([9])
    assert sent == sorted(set(sent))
    assert notes.wanted == 10
    assert notes.dropped == 10 - len(sent) > 0


def answering_once(content):
    """A server's handler that answers one request and closes, as after a pause, without a word."""

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()
        writer.close()

    return answer


def test_a_page_whose_kept_connection_was_closed_asks_again(lab):
    async def ask_twice():
        server = await asyncio.start_server(answering_once(b'{"label": "7"}'), "127.0.0.1", 0)
        page = Page(lab)
        page.port = server.sockets[0].getsockname()[1]
        replies = [await page.call(b"GET / HTTP/1.1\r\n\r\n") for _ in range(2)]
        await page.close()
        server.close()
        return replies

    assert [reply.value for reply in run(ask_twice())] == [{"label": "7"}] * 2


def test_an_error_and_a_refusal_are_troubles(lab):
    requests = [request_to(lab, "read_drawing"), b"GET /nowhere HTTP/1.1\r\nHost: a.b\r\n\r\n"]

    async def ask():
        page = Page(lab)
        replies = [await page.call(request) for request in requests]
        await page.close()
        return replies

    assert [reply.trouble for reply in run(ask())] == ["bad_request", "HTTP 421"]


# ---- Short runs -----------------------------------------------------------------------------


def test_visitors_who_draw_get_answers_without_an_error(lab, monkeypatch):
    monkeypatch.setattr(drawing, "STROKE", 0.3)
    monkeypatch.setattr(drawing, "THINKING", (0.0, 0.1))
    strokes = [
        [request_to(lab, "read_drawing", **pens.as_asked(sheet)) for sheet in sheets]
        for sheets in pens.digit_strokes(4, seed=0)
    ]
    notes = drawing.Notes()
    visitors = [drawing.Visitor(lab, strokes, seed) for seed in range(4)]

    async def draw():
        await drawing.one_round(lab, visitors, notes, readings=12)
        for visitor in visitors:
            await visitor.page.close()

    run(draw())
    assert len(notes.seconds) >= 12
    assert notes.troubles == Counter()


def test_a_crowd_that_presses_at_once_is_answered_to_the_last(lab):
    kinds = crowd.asked_kinds(seed=0)[:24]
    requests = [request_to(lab, "read_drawing", **one) for one in kinds]
    replies, _ = run(crowd.pressed(lab, requests, rounds=1))
    assert [reply.trouble for reply in replies] == [None] * 24
    assert {len(reply.value["probabilities"]) for reply in replies} == {10}


def test_memory_is_that_of_the_process():
    before = memory.status_of(os.getpid(), "VmRSS")
    kept = torch.ones(25_000_000)  # 100 MB
    assert 80 < memory.status_of(os.getpid(), "VmRSS") - before < 150
    assert memory.share_of(os.getpid()) > 80
    del kept
