"""A small draw of what the command `malformed` sends, to a running lab; and how it judges."""

from collections.abc import Iterator

import pytest

from bench.jobs import Lab
from bench.reliability import malformed, spoiling
from bench.reliability import malformed_calls as made
from bench.reliability.asked import EVENTS, QUESTIONS
from bench.reliability.calls import Call, Reply
from bench.reliability.judged import faults
from bench.reliability.spoiling import API
from bench.server import Server

SEED = 9


@pytest.fixture(scope="module")
def lab(lab_url) -> Iterator[Lab]:
    lab = Lab(Server(lab_url, 0))
    yield lab
    lab.http.close()


@pytest.fixture(scope="module")
def spoil() -> spoiling.Spoiler:
    return spoiling.spoiler(SEED, most=100)


def test_every_function_and_event_of_the_page_is_among_those_that_are_asked(lab):
    assert set(lab.components) == set(QUESTIONS)
    assert set(malformed.event_numbers(lab)) == set(EVENTS)


def test_no_malformed_call_gets_a_failure_a_leak_or_a_refusal_without_words(lab, spoil):
    names = sorted(set(lab.components) - made.SLOW)
    functions = {name: lab.components[name] for name in spoil.random.sample(names, 30)}
    numbers = malformed.event_numbers(lab)
    quick = {name: numbers[name] for name in ("classify", "denoise")}  # the others train
    calls = [
        *made.function_calls(spoil, functions, QUESTIONS, 1),
        *made.event_calls(spoil, quick, 8),
        *made.route_calls(spoil, 1),
        *made.own_calls(spoil, 12),
        *made.unknown_calls(spoil, 24),
        *made.upload_calls(spoil, 12),
        *malformed.picture_calls(spoil, 12, SEED),
    ]
    tried = malformed.try_all(calls, lab.url)
    assert sum(tried.counts.values()) == len(calls) > 150
    assert [(found, call.endpoint, reply.body[:200]) for found, call, reply in tried.faulty] == []
    assert lab.http.get(f"{lab.url}/health").json()["status"] == "ok"


PAGE = Call("x", "POST", f"{API}/run/classify")
KIND = "application/json"


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(0), "no answer"),
        (Reply(500, KIND, b'{"error": "Something went wrong here."}'), "HTTP 500"),
        (Reply(400, KIND, b'{"error": null}'), "no sentence"),
        (Reply(400, KIND, '{"error": "数字不对，请再试一次。"}'.encode()), "no sentence"),
        (Reply(400, KIND, b"{}"), "no error"),
        (Reply(200, KIND, b'{"a": "Traceback (most recent call last)"}'), "leak"),
        (Reply(200, KIND, b'{"a": "/tmp/lab/x.png"}'), "leak"),
        (Reply(400, KIND, b'{"error": "a ValueError came of it, sadly"}'), "leak"),
        (Reply(200, "text/event-stream", b"event: error\ndata: null\n\n"), "no sentence"),
    ],
    ids=lambda part: part if isinstance(part, str) else None,
)
def test_what_is_wrong_with_an_answer_is_found(reply, fault):
    assert any(found.startswith(fault) for found in faults(PAGE, reply))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, KIND, b'{"label": "7"}'),
        Reply(200, KIND, b'{"error": "bad_request", "details": {}}'),
        Reply(400, KIND, b'{"error": "There is no picture; send one."}'),
    ],
)
def test_an_answer_and_a_refusal_in_words_are_well(reply):
    assert faults(PAGE, reply) == []


def test_the_same_seed_spoils_the_same(spoil):
    again, twice = spoiling.spoiler(SEED, most=50), spoiling.spoiler(SEED, most=50)
    assert [call.content for call in made.upload_calls(again, 5)] == [
        call.content for call in made.upload_calls(twice, 5)
    ]
