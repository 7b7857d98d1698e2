"""The door: whose requests reach gradio, how large they may be, and what the others are told."""

import asyncio
import json
import logging

import pytest

from demo.door import bodies, log, values
from demo.door.addresses import methods_of
from demo.door.bodies import Together
from demo.door.door import Door, Rules
from demo.door.hosts import hosts_of
from demo.door.log import Tally, note
from demo.door.origin import is_foreign
from demo.door.refusal import REFUSALS, Refusal
from demo.door.values import Event, Offered
from demo.door.visitors import Visitors
from demo.words import WORDS

JSON = {"content-type": "application/json"}
PAGE, JOIN, UPLOAD = values.PAGE, values.JOIN, "/gradio_api/upload"
OFFERED = Offered(
    {4: frozenset({"read"}), 9: frozenset({"upload_network"})}, {0: Event(("image", "textbox"))}, {}
)
ASKED = {"data": {"a": 1}, "component_id": 4, "fn_name": "read", "session_hash": "s1"}


# ---- Hosts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7860", "127.0.0.1:80", "127.8.8.8", "[::1]:7860", "[::1]"]
)
def test_loopback_names_are_served_with_any_port(host):
    assert hosts_of("127.0.0.1").serves(host)


FOREIGN = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.7"]
NONE = [None, "", ":80", "a b", "[::1", "x@localhost", "localhost/", "localhost:123456", "[evil]"]


@pytest.mark.parametrize("host", FOREIGN + NONE, ids=str)
def test_foreign_names_and_what_is_no_name_are_not_served(host):
    assert not hosts_of("127.0.0.1").serves(host, "127.0.0.1")
    assert not hosts_of("0.0.0.0").serves(host, "10.0.0.2")


def test_the_address_that_the_lab_listens_on_is_served():
    assert hosts_of("192.168.1.7").serves("192.168.1.7:7860")
    assert not hosts_of("192.168.1.7").serves("192.168.1.8:7860")


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "::", "[::]"])
def test_a_lab_on_all_addresses_serves_each_that_it_is_reached_at_and_its_machine(everywhere):
    hosts = hosts_of(everywhere, machine="Lectern")
    assert hosts.serves("192.168.1.7:7860", "192.168.1.7")
    assert hosts.serves("192.168.1.7:7860", "::ffff:192.168.1.7")
    assert not hosts.serves("192.168.1.8:7860", "192.168.1.7")
    assert hosts.serves("lectern:7860")
    assert hosts.serves("lectern.local")


def test_a_space_serves_its_own_name_and_allowed_names_are_served():
    space = {"SPACE_ID": "someone/lab", "SPACE_HOST": "someone-lab.hf.space"}
    assert hosts_of("0.0.0.0", environment=space).serves("someone-lab.hf.space")
    assert hosts_of("0.0.0.0", environment=space).serves("someone-lab--x.hf.space")
    assert not hosts_of("0.0.0.0").serves("someone-lab.hf.space")
    assert hosts_of("127.0.0.1", ["Lab.Example", "b.example:81"]).serves("lab.example.:443")


# ---- Origins --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "foreign"),
    [
        ({}, False),
        ({"origin": "http://localhost:7860"}, False),
        ({"origin": "http://127.0.0.1:7860"}, False),
        ({"origin": "https://lab.example"}, False),
        ({"referer": "http://localhost:7860/?x=1"}, False),
        ({"origin": "http://localhost:3000"}, True),  # another program on this machine
        ({"origin": "https://evil.example"}, True),
        ({"origin": "http://localhost.evil.example:7860"}, True),
        ({"origin": "http://x@localhost:7860"}, True),
        ({"origin": "null"}, True),
        ({"origin": "file://localhost:7860"}, True),
        ({"origin": "http://[::1"}, True),
        ({"referer": "https://evil.example/localhost:7860"}, True),
        ({"origin": "http://evil.example", "referer": "http://localhost:7860/"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
    ],
    ids=str,
)
def test_what_changes_something_is_carried_out_for_own_pages_and_programs_alone(sent, foreign):
    hosts = hosts_of("127.0.0.1", ["lab.example"])
    headers = {"host": "localhost:7860", **sent}
    assert is_foreign("POST", headers, hosts) is foreign
    assert not is_foreign("GET", headers, hosts)


def test_a_page_of_the_same_name_is_its_own_behind_a_proxy_that_changes_the_port():
    hosts = hosts_of("0.0.0.0", ["lab.example"])
    asked = {"host": "lab.example", "origin": "https://lab.example:8443"}
    assert not is_foreign("POST", asked, hosts)


# ---- Addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/monitoring",
        "/monitoring/summary",
        "/openapi.json",
        "/docs",
        "/gradio_api/runs",
        "/gradio_api/vibe-edit",
        "/gradio_api/process_recording",
        "/gradio_api/stream/x",
        "/gradio_api/proxy=https://a.hf.space/x",
        "/gradio_api/file=https://evil.example/x.png",
        "/gradio_api/file=a\0b",
        "/gradio_api/deep_link",
        "/gradio_api/heartbeat/",
        "/assets/" + "a" * 1_000,
        "/of-a-later-release",
    ],
)
def test_what_neither_page_nor_clients_need_is_closed(path):
    assert methods_of(path) == frozenset()


def test_open_addresses_take_their_own_methods_alone():
    assert "GET" in methods_of("/gradio_api/call/classify/5") & methods_of("/") & methods_of(
        "/lab/x"
    )
    assert "POST" not in methods_of("/config") | methods_of("/")
    assert "POST" in methods_of(PAGE) & methods_of(PAGE + "/") & methods_of("/gradio_api/run/x")
    assert "GET" not in methods_of(PAGE)


# ---- Bodies ---------------------------------------------------------------------------------


def test_a_file_of_the_promised_size_may_be_uploaded_and_brought_as_text():
    assert bodies.limit_of(UPLOAD).most > 20_000_000
    assert bodies.limit_of(PAGE + "/").most > 20_000_000 * 4 / 3
    assert bodies.limit_of("/gradio_api/run/classify").most > 8_000_000
    assert bodies.limit_of("/login").most < 100_000


@pytest.mark.parametrize("length", ["-1", "1e3", "", "٣", "9" * 30])
def test_a_length_that_is_no_number_is_refused(length):
    with pytest.raises(Refusal, match="length"):
        bodies.check_length(length, 10)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "no_json"),
        (b"{", "no_json"),
        (b"[]", "no_json"),
        (b'{"a": NaN}', "no_json"),
        (b'{"a": -Infinity}', "no_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "no_json"),
        (b'{"a": "\xff"}', "no_json"),
        (b"[" * 19_000, "no_json"),
    ],
    ids=lambda part: str(part)[:20],
)
def test_what_json_has_not_is_refused(body, name):
    with pytest.raises(Refusal, match=name):
        bodies.parsed(body)


def test_marks_are_counted_as_they_are():
    text = b'{"a": [1, {"b": 2}], "c": "x"}'
    assert bodies.marks_in(text) == sum(text.count(mark) for mark in (b",", b":", b"[", b"{")) == 8


def test_large_bodies_share_one_bound_and_give_it_back():
    together = Together(most=10)
    together.take(6)
    with pytest.raises(Refusal, match="too_busy"):
        together.take(5)
    together.give_back(6)
    together.take(10)


def test_a_large_body_that_has_no_chance_is_refused_before_it_is_sent():
    together = Together(most=1_000_000)
    together.take(400_000)
    together.check(600_000)
    with pytest.raises(Refusal, match="too_busy"):
        together.check(600_001)
    together.take(600_000)
    together.check(200_000)  # small ones have room of their own


# ---- Values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"component_id": [4]}, "values"),
        ({"component_id": True}, "values"),
        ({"component_id": 5}, "function"),
        ({"fn_name": "__class__"}, "function"),
        ({"fn_name": {}}, "values"),
        ({"session_hash": None}, "values"),
        ({"session_hash": "s" * 65}, "values"),
    ],
    ids=str,
)
def test_the_page_functions_are_reached_by_their_own_names_alone(change, name):
    values.check_values(PAGE, ASKED, OFFERED)
    with pytest.raises(Refusal, match=name):
        values.check_values(PAGE, ASKED | change, OFFERED)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"fn_index": 1}, "function"),
        ({"fn_index": -1}, "function"),
        ({"fn_index": "0"}, "values"),
        ({"fn_index": None}, "values"),
        ({"data": [None]}, "values"),
        ({"data": [None, 2, 3]}, "values"),
        ({"data": {"0": 1, "1": 2}}, "values"),
        ({"batched": True}, "values"),
        ({"session_hash": {}}, "values"),
    ],
    ids=str,
)
def test_an_event_takes_its_own_number_of_values(change, name):
    called = {"data": [None, 2], "fn_index": 0, "session_hash": "s1"}
    values.check_values(JOIN, called, OFFERED)
    with pytest.raises(Refusal, match=name):
        values.check_values(JOIN, called | change, OFFERED)


@pytest.mark.parametrize(
    "picture",
    [1, "7.png", [], {"path": 1}, {"url": {}}, {"other": "x"}, {"is_stream": "yes"}],
    ids=str,
)
def test_a_picture_is_described_as_gradio_describes_it(picture):
    with pytest.raises(Refusal, match="values"):
        values.check_event({"data": [picture, "digits"]}, 0, OFFERED)


def test_gradio_is_left_no_file_to_look_after():
    file = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    body = {"data": [dict(file), "digits"]}
    values.check_event(body, 0, OFFERED)
    assert body["data"] == [{"path": "/etc/passwd"}, "digits"]
    with pytest.raises(Refusal, match="values"):
        values.check_event({"data": [None, [{"a": file}]]}, 0, OFFERED)


def test_values_that_lie_too_deep_in_each_other_are_refused():
    deep = 1
    for _ in range(100):
        deep = [deep]
    assert values.is_deep(deep)
    assert not values.is_deep([[[1, {"a": [2]}], "x"]] * 50)


def ending(**change: object) -> bytes:
    asked = {"data": {"file": "A"}, "component_id": 9, "fn_name": "upload_network"}
    return json.dumps(asked | {"session_hash": "s1"} | change).encode()


def test_a_question_that_ends_as_the_page_ends_it_needs_no_parsing():
    quick = values.with_plain_end(ending(), OFFERED)
    assert json.loads(quick) == json.loads(ending(session_hash="page"))
    small = ending(component_id=4, fn_name="read")
    assert values.with_plain_end(small, OFFERED)
    for bad in (ending()[:-1], ending(later=1), ending(session_hash='s"')):
        assert values.with_plain_end(bad, OFFERED) is None


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"component_id": 8}, "function"),
        ({"fn_name": "read"}, "function"),
        ({"component_id": 4, "fn_name": "read", "data": "A" * 2_100_000}, "too_large"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_only_some_functions_may_be_sent_large_questions(change, name):
    assert values.with_plain_end(ending(data="A" * 2_100_000), OFFERED)
    with pytest.raises(Refusal, match=name):
        values.with_plain_end(ending(**change), OFFERED)


# ---- The whole door, around an app that says what it was given ------------------------------


async def echo(scope: dict, receive, send) -> None:
    """Reads the body and answers with it, and as gradio does with headers for foreign pages."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    headers = [(b"access-control-allow-origin", b"*"), (b"content-type", b"text/plain")]
    await send(
        {"type": "http.response.start", "status": scope.get("status", 200), "headers": headers}
    )
    await send({"type": "http.response.body", "body": body})


def asked(
    method: str = "GET",
    path: str = "/",
    pieces: tuple[bytes, ...] = (b"",),
    rules: Rules | None = None,
    app=echo,
    stalls: bool = False,
    **headers: str,
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the door's answer. `stalls`: the sender never ends."""
    rules = rules or Rules(hosts_of("127.0.0.1"), lambda: OFFERED, refusals=quiet())
    rules.lingers = 0.02
    sent = {"host": "localhost:7860"} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope = {"type": "http", "method": method, "path": path, "server": ("127.0.0.1", 7860)}
    scope["client"] = ("203.0.113.9", 5_000)
    scope["query_string"] = b""
    scope["headers"] = [(name.encode(), value.encode()) for name, value in sent.items()]
    last = None if stalls else len(pieces) - 1
    waiting = [
        {"type": "http.request", "body": piece, "more_body": at != last}
        for at, piece in enumerate(pieces)
    ]
    told: list[dict] = []

    async def receive() -> dict:
        return waiting.pop(0) if waiting else await asyncio.sleep(60)

    async def send(message: dict) -> None:
        told.append(message)

    asyncio.run(Door(app, rules)(scope, receive, send))
    start, *rest = told
    assert start["type"] == "http.response.start"
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, b"".join(part["body"] for part in rest)


def quiet() -> Tally:
    return Tally("refused", say=lambda *_, **__: None)


def error_of(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, str]:
    return answer[0], json.loads(answer[2])["error"]


def test_an_answer_carries_careful_headers_and_nothing_for_foreign_pages():
    _, headers, _ = asked(origin="https://evil.example")
    assert "access-control-allow-origin" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "frame-ancestors 'self'"
    _, headers, _ = asked(origin="http://localhost:7860")
    assert headers["access-control-allow-origin"] == "*"


def test_a_space_may_be_framed_by_the_site_that_shows_spaces():
    rules = Rules(hosts_of("127.0.0.1"), lambda: OFFERED, is_space=True)
    _, headers, _ = asked(rules=rules)
    assert "https://huggingface.co" in headers["content-security-policy"]


def test_a_refusal_is_one_sentence_in_the_callers_language():
    assert error_of(asked(host="evil.example")) == (421, WORDS["en"]["door_host"])
    answer = asked("POST", JOIN, origin="null", accept_language="zh-CN")
    assert error_of(answer) == (403, WORDS["zh"]["door_origin"])
    assert error_of(asked(path="/monitoring")) == (404, WORDS["en"]["door_address"])
    assert error_of(asked("PUT", "/config")) == (405, WORDS["en"]["door_method"])


def test_people_get_a_page_with_the_sentence():
    status, headers, body = asked(host="<b>", accept="text/html,*/*")
    assert (status, headers["content-type"]) == (421, "text/html; charset=utf-8")
    assert WORDS["en"]["door_host"] in body.decode()


def test_every_refusal_has_a_sentence_and_no_status_of_a_fault_but_where_it_is_ours():
    assert {key for _, key in REFUSALS.values()} <= WORDS["en"].keys()
    ours = {name for name, (status, _) in REFUSALS.items() if status >= 500}
    assert ours == {"connections", "full", "stopping", "unforeseen"}


def test_the_page_questions_reach_the_app_whole_under_one_session():
    for order in (1, -1):
        text = json.dumps(dict([*ASKED.items()][::order])).encode()
        status, _, body = asked("POST", PAGE + "/", (text[:9], text[9:]), **JSON)
        assert status == 200
        assert json.loads(body) == ASKED | {"session_hash": "page"}


def test_a_body_is_refused_by_its_stated_length_before_any_of_it_is_read():
    answer = asked("POST", UPLOAD, (), stalls=True, content_length="20030000")
    assert error_of(answer) == (413, WORDS["en"]["door_too_large"].format(most="20 MB"))


def test_a_body_without_a_length_is_cut_off_where_it_passes_its_limit():
    piece = b"x" * 1_000_000
    assert asked("POST", UPLOAD, (piece,) * 22, stalls=True)[0] == 413
    assert asked("POST", JOIN, (piece,) * 9, stalls=True)[0] == 413
    assert asked("POST", "/login", (piece,), stalls=True)[0] == 413


def test_what_would_take_long_to_parse_is_refused_as_soon_as_it_shows():
    numbers = b"1," * 9_000
    answer = asked("POST", JOIN, (b'{"data": [', numbers, numbers, numbers), stalls=True)
    assert error_of(answer) == (413, WORDS["en"]["door_too_many"])
    few = (b'{"data": [', numbers, b"1]}")
    assert asked("POST", "/gradio_api/run/x", few)[0] == 404  # read, and there is no such event


def test_an_upload_within_its_limit_reaches_the_app_as_it_came():
    status, _, body = asked("POST", UPLOAD, (b"ab", b"cd"))
    assert (status, body) == (200, b"abcd")


@pytest.mark.parametrize("path", [UPLOAD, PAGE, "/gradio_api/run/classify", "/login"])
def test_a_sender_who_never_ends_is_cut_off(path):
    rules = Rules(hosts_of("127.0.0.1"), lambda: OFFERED, patience=0.02, refusals=quiet())
    answer = asked("POST", path, (b"{",), rules, stalls=True)
    assert error_of(answer) == (408, WORDS["en"]["door_too_slow"])


async def failing(scope: dict, receive, send) -> None:
    raise KeyError("/home/secret.py")


async def sulking(scope: dict, receive, send) -> None:
    """Answers as gradio does to an event that failed without words."""
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b'{"error": null}'})


async def refusing(scope: dict, receive, send) -> None:
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b'{"error": "No picture."}'})


def test_a_fault_of_ours_is_an_apology_with_the_id_of_its_line_in_the_log(capsys):
    status, _, body = asked(app=failing)
    answer = json.loads(body)
    assert (status, answer["error"]) == (500, WORDS["en"]["something_wrong"])
    assert f"id={answer['id']}" in capsys.readouterr().err
    assert b"secret" not in body


def test_what_an_event_refuses_with_a_sentence_is_the_callers_fault():
    call = ("POST", "/gradio_api/run/x", (b'{"data": [null, 2], "fn_index": 0}',))
    assert error_of(asked(*call, app=refusing)) == (400, "No picture.")
    assert error_of(asked(*call, app=sulking)) == (500, WORDS["en"]["something_wrong"])


# ---- Visitors and the log -------------------------------------------------------------------


def test_a_full_lab_takes_no_new_page_but_an_old_one_loaded_again():
    now = [0.0]
    visitors = Visitors(most=2, clock=lambda: now[0])
    first, second = visitors.admit(None), visitors.admit("made up")
    assert first != second
    assert visitors.admit(None) is None
    with visitors.staying(first), visitors.staying(second):
        now[0] = 1_000.0  # both are still open
        assert visitors.admit("made up") is None
        assert visitors.admit(first) == first
    now[0] = 2_000.0  # both have gone
    assert visitors.count() == 0
    assert visitors.admit(None)


def test_a_page_that_never_comes_back_gives_its_place_up():
    now = [0.0]
    visitors = Visitors(most=1, clock=lambda: now[0])
    assert visitors.admit(None)
    assert visitors.admit(None) is None
    now[0] = 60.0
    assert visitors.admit(None)


def test_a_page_without_cookies_takes_the_place_that_was_kept_for_it():
    visitors = Visitors(most=2)
    visitors.admit(None)
    with visitors.staying(None):
        assert visitors.count() == 1


def test_a_full_lab_says_so_and_gives_others_a_cookie():
    rules = Rules(hosts_of("127.0.0.1"), visitors=Visitors(most=1), refusals=quiet())
    _, headers, _ = asked(rules=rules)
    place = headers["set-cookie"].partition(";")[0]
    assert error_of(asked(rules=rules)) == (503, WORDS["en"]["door_full"].format(most=1))
    assert asked(rules=rules, cookie=place)[0] == 200


def test_refusals_are_counted_rather_than_each_written_down():
    lines, now = [], [0.0]
    tally = Tally("refused", 60, lambda: now[0], lambda event, **facts: lines.append(facts))
    for _ in range(5):
        tally.add("host")
    now[0] = 61.0
    tally.add("host")
    assert lines == [{"kind": "host", "count": 1}, {"kind": "host", "count": 5}]


async def telling(scope: dict, receive, send) -> None:
    """Fails with all that it knows of a request in its words."""
    body = (await receive())["body"]
    raise ValueError(scope["client"], scope["headers"], body)


def test_the_log_has_nothing_of_whom_a_request_is_from_or_of_what_is_in_it(capsys):
    drawn = json.dumps({"data": ["drawing-secret", 2], "fn_index": 0}).encode()
    told = {
        "cookie": "cookie-secret",
        "x_forwarded_for": "203.0.113.9",
        "user_agent": "agent-secret",
    }
    asked("POST", UPLOAD, (b"file-secret.png",), app=telling, **told)
    asked("POST", "/gradio_api/run/name-secret", (drawn,), Rules(hosts_of("127.0.0.1")), **told)
    asked("POST", "/address-5f", (drawn,), Rules(hosts_of("127.0.0.1")), host="host-5f")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("time=") for line in lines)
    assert not [line for line in lines if "5f" in line or "203.0.113" in line or "127.0.0" in line]


def test_what_libraries_say_is_counted_and_not_repeated(capsys, monkeypatch):
    monkeypatch.setattr(log, "LIBRARIES", ("library.of.a.test",))
    log.hush_libraries()
    logger = logging.getLogger("library.of.a.test")
    for _ in range(3):
        logger.error("Invalid request of %s", "203.0.113.9", exc_info=ValueError("drawing"))
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("count=1")
    assert "kind=library.of.a.test:" in line
    assert "203" not in line


def test_a_line_of_the_log_is_one_line(capsys):
    note("start", host="a\nb c", port=7860)
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith('event=start host="a\\nb c" port=7860')
