"""What belongs to one visitor: nobody else reads it, whatever they guess; and the bench sees it."""

import asyncio
import json
from contextlib import closing

import pytest

from bench.jobs import Lab
from bench.reliability.strangers import measured, order_of
from bench.reliability.visits import ACTIONS, NEEDS, CrossRead, Marks
from bench.server import Server
from demo.door import sessions
from demo.door.door import Door, Rules
from demo.door.hosts import hosts_of
from demo.door.refusal import Refusal
from demo.door.values import Event, Offered

OFFERED = Offered({}, {0: Event(("textbox",))}, {"train": 0})


def test_visitors_at_once_read_nothing_of_each_other_and_guesses_hit_nothing(lab_url):
    lab, slow = Lab(Server(lab_url, 0)), {"teach_photos", "read_photo", "transfer_event"}
    with closing(lab.http):
        rows = measured(lab, visitors=2, guesses=170, seed=1, without=slow)
    assert [row for row in rows if row.met is False] == []
    assert sum(row.met is True for row in rows) == 5


def test_every_visitor_does_everything_in_an_order_of_their_own():
    orders = [order_of(number, seed=0) for number in range(30)]
    assert len({tuple(order) for order in orders}) == 30
    for order in orders:
        assert sorted(order) == sorted(ACTIONS)
        assert all(order.index(needed) < order.index(name) for name, needed in NEEDS.items())
    assert len(ACTIONS) == 20


def test_a_mark_of_somebody_else_is_seen_wherever_it_lies():
    marks = Marks()
    marks.note("v01-a", 1)
    marks.note("both", 1)
    marks.note("both", 2)
    marks.check({"names": ["v01-a", "both"]}, 1)
    for answer in ({"rows": [{"names": ["v01-a"]}]}, ["own:v01-a"], "taught:v01-a"):
        with pytest.raises(CrossRead):
            marks.check(answer, 2)


# ---- Sessions -------------------------------------------------------------------------------


def passed_on(path: str, client: str, body: dict | None = None, query: str = "", **sent: str):
    """The address, the query and the body that gradio gets."""
    got: dict = {}

    async def app(scope, receive, send):
        got.update(path=scope["path"], query=scope["query_string"].decode())
        got["body"] = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive():
        return {"type": "http.request", "body": json.dumps(body).encode() if body else b""}

    async def send(_message):
        pass

    headers = {"host": "localhost", "content-type": "application/json"} | {
        name.replace("_", "-"): value for name, value in sent.items()
    }
    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": path,
        "query_string": query.encode(),
        "server": ("127.0.0.1", 7860),
        "client": (client, 5),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    rules = Rules(hosts_of("127.0.0.1"), lambda: OFFERED)
    asyncio.run(Door(app, rules)(scope, receive, send))
    return got["path"], got["query"], json.loads(got["body"] or b"{}")


def session_everywhere(client: str, **sent: str) -> set[str]:
    """What one name of a session comes to at all addresses that take one."""
    joined = {"data": ["x"], "fn_index": 0, "session_hash": "mine"}
    cancelled = {"fn_index": 0, "event_id": "e", "session_hash": "mine"}
    heartbeat, _, _ = passed_on("/gradio_api/heartbeat/mine", client, **sent)
    _, data, _ = passed_on("/gradio_api/queue/data", client, query="session_hash=mine", **sent)
    bodies = [
        passed_on(path, client, body, **sent)[2]["session_hash"]
        for path, body in (
            ("/gradio_api/queue/join", joined),
            ("/gradio_api/queue/join/", joined),
            ("/gradio_api/call/train", joined),
            ("/gradio_api/run/train", joined),
            ("/gradio_api/cancel", cancelled),
        )
    ]
    names = [heartbeat.rpartition("/")[2], data.removeprefix("session_hash=")]
    return {*bodies, *names}


def test_a_sessions_name_is_worth_nothing_at_another_address():
    here, there = session_everywhere("10.0.0.1"), session_everywhere("10.0.0.2")
    assert len(here) == len(there) == 1
    assert here != there
    assert not {"mine"} & (here | there)


def test_behind_a_proxy_the_address_that_it_tells_counts():
    one = session_everywhere("10.0.0.1", x_forwarded_for="5.5.5.5, 10.0.0.9")
    same = session_everywhere("10.0.0.7", x_forwarded_for="5.5.5.5")
    other = session_everywhere("10.0.0.1", x_forwarded_for="6.6.6.6")
    assert one == same != other
    assert session_everywhere("5.5.5.5") != one  # to tell an address is not to be there


def test_a_session_without_a_name_of_text_is_refused():
    with pytest.raises(Refusal, match="values"):
        sessions.rename_in({"session_hash": ["mine"]}, "seen 10.0.0.1")
    assert sessions.rename_in({"data": []}, "seen 10.0.0.1") is False
