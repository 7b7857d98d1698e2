"""The hour of everything: what it counts as growth, as a leak, and as a call taken well."""

import sys
from subprocess import PIPE, Popen

import pytest

from bench.reliability.caller import Answer
from bench.reliability.footprint import MEGABYTE, Footprint, growth, has_room, memory_of
from bench.reliability.hostile import is_taken_well
from bench.reliability.mixed import Run, checked, planted_row


def run_with(minutes: float = 10.0, **growing: float) -> Run:
    """A run whose figures grow by so much a minute, from 100 of each."""
    run = Run(minutes)
    names = ("server", "all", "files", "threads", "uploads", "disk")
    for second in range(0, int(60 * minutes), 10):
        values = {name: 100 + growing.get(name, 0) * second / 60 for name in names}
        run.prints.append(Footprint(at=second, **values))
    return run


def missed(run: Run) -> set[str]:
    return {row.what for row in checked(run) if row.met is False}


def test_what_stays_as_it_is_meets_every_row():
    assert missed(run_with()) == set()


@pytest.mark.parametrize(
    ("name", "a_minute", "what"),
    [
        ("server", 10, "memory of the server"),
        ("all", 10, "memory with its children"),
        ("files", 4, "open files"),
        ("threads", 2, "threads"),
        ("disk", 200, "uploads on disk, at most"),
    ],
)
def test_what_grows_is_seen_in_its_own_row(name, a_minute, what):
    assert missed(run_with(**{name: a_minute})) == {what}


def test_growth_while_warming_up_and_single_moments_count_for_nothing():
    run = run_with()
    peak = Footprint(at=500, server=9_000, all=9_000, files=900, threads=900, uploads=1, disk=1)
    early = [Footprint(one.at, 1, 1, 1, 1, 1, 1) for one in run.prints if one.at < 90]
    run.prints[: len(early)] = early
    run.prints.append(peak)
    assert missed(run) == set()


def test_memory_may_grow_by_a_twentieth_or_by_fifty_megabytes():
    prints = run_with(server=6).prints
    assert growth(prints, lambda one: one.server).more == pytest.approx(6 * 7.5, abs=1)
    assert has_room(growth(prints, lambda one: one.server), share=0.05, least=50)
    assert not has_room(growth(prints, lambda one: one.server), share=0.05, least=40)


def test_a_planted_leak_counts_as_seen_where_memory_and_files_both_show_it():
    assert planted_row(run_with(server=20, files=10)).met is True
    assert planted_row(run_with(server=20)).met is False
    assert planted_row(run_with()).met is False


def test_an_error_and_a_death_are_seen():
    run = run_with()
    run.log.errors.append("read: Failed()")
    run.died = True
    assert missed(run) == {"errors", "the server died"}


@pytest.mark.parametrize(
    ("status", "content", "well"),
    [
        (400, b"", True),
        (200, b'{"error": "bad_request", "details": {}}', True),
        (200, b'{"error": null}', False),
        (200, b'{"label": "3"}', False),
        (200, b"<html>", False),
        (500, b'{"error": "unforeseen"}', False),
    ],
)
def test_a_hostile_call_is_taken_well_where_words_refuse_it(status, content, well):
    assert is_taken_well(Answer(status, content)) is well


def test_memory_is_what_the_system_says_of_a_process():
    sizes = []
    for size in (0, 50 * MEGABYTE):
        script = f"held = bytearray({size}); held[::4096] = b'x' * len(held[::4096]); input(1)"
        with Popen([sys.executable, "-c", script], stdin=PIPE, stdout=PIPE) as process:
            process.stdout.read(1)
            sizes.append(memory_of(process.pid))
            process.communicate(b"\n")
    assert 40 < sizes[1] - sizes[0] < 60
