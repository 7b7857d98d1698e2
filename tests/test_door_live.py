"""The door in front of a running lab: what gradio would let through or fail at."""

import json

import httpx
import pytest

from demo.door.values import LARGE_FUNCTIONS
from demo.words import WORDS

CLOSED = (
    "/monitoring",
    "/monitoring/summary",
    "/openapi.json",
    "/gradio_api/runs",
    "/gradio_api/token",
    "/gradio_api/deep_link?session_hash=x",
    "/gradio_api/custom_component/1/client/component/x",
    "/gradio_api/file=http://127.0.0.1:9/x.png",
    "/gradio_api/file=app.py",
    "/gradio_api/file=checkpoints/README.md",
    "/gradio_api/upload_progress?upload_id=x",
)


@pytest.fixture(scope="module")
def lab(lab_url):
    with httpx.Client(base_url=lab_url) as client:
        yield client


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_what_gradio_offers_beside_the_page_is_closed(lab):
    answers = {path: lab.get(path) for path in CLOSED}
    assert {
        path for path, answer in answers.items() if answer.status_code not in (400, 404)
    } == set()
    assert all(told(answer)[1] for answer in answers.values())


def test_another_sites_page_can_start_nothing_and_read_nothing(lab):
    recipe = json.dumps({"data": [{"network": "small_cnn"}]})
    headers = {"origin": "https://evil.example", "content-type": "text/plain"}
    answer = lab.post("/gradio_api/call/train", content=recipe, headers=headers)
    assert told(answer) == (403, WORDS["en"]["door_origin"])
    answer = lab.get("/config", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    answer = lab.get("/", headers={"host": "evil.example"})
    assert told(answer) == (421, WORDS["en"]["door_host"])


def test_the_pages_own_origin_passes(lab):
    headers = {"origin": str(lab.base_url)}
    answer = lab.post("/gradio_api/run/classify", json={"data": [None, "digits"]}, headers=headers)
    assert told(answer) == (400, WORDS["en"]["picture_missing"])


PART = b'--x\r\ncontent-disposition: form-data; name="files"'
UPLOADS = {
    "no file name": PART + b"\r\n\r\nabc\r\n--x--\r\n",
    "no name": b'--x\r\ncontent-disposition: form-data; filename="a"\r\n\r\nabc\r\n--x--\r\n',
    "not multipart": b"\x89PNG",
}


@pytest.mark.parametrize("body", UPLOADS.values(), ids=UPLOADS)
def test_a_broken_upload_is_the_senders_fault(lab, body):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = lab.post("/gradio_api/upload", content=body, headers=headers)
    assert told(answer) == (400, WORDS["en"]["door_no_upload"])


def test_an_upload_that_states_no_length_is_cut_off(lab):
    def pieces():
        yield PART + b'; filename="a.png"\r\n\r\n'
        for _ in range(22):
            yield bytes(1_000_000)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = lab.post("/gradio_api/upload", content=pieces(), headers=headers)
    assert told(answer) == (413, WORDS["en"]["door_too_large"].format(most="20 MB"))


NASTY = [
    True,
    1e308,
    "x" * 9_000,
    [],
    {"path": ["a"]},
    {"path": "/etc/passwd"},
    {"url": "http://a"},
]


@pytest.mark.parametrize(
    ("event", "data"),
    [("classify", [None, "digits"]), ("train", [None]), ("transfer", [None, 1, 0])],
)
def test_bad_values_end_in_a_sentence_however_an_event_is_called(lab, event, data):
    for value in NASTY:
        body = {"data": [value, *data[1:]]}
        answer = lab.post(f"/gradio_api/run/{event}", json=body)
        assert answer.status_code == 400
        assert len(told(answer)[1]) > 10
        answer = lab.post(f"/gradio_api/call/{event}", json=body)
        if answer.status_code == 400:
            continue
        key = answer.json()["event_id"]
        text = lab.get(f"/gradio_api/call/{event}/{key}").text
        assert text.startswith("event: error")
        assert len(json.loads(text.partition("data: ")[2])["error"]) > 10


def test_values_may_come_by_name_as_the_labs_own_description_says(lab):
    described = lab.get("/gradio_api/openapi.json").json()["paths"]
    paths = [path for path in described if path.startswith("/gradio_api/call/v2/")]
    good = {"task": "none", "examples": 1, "seed": 0}
    answers = {path: lab.post(path, json=good if "transfer" in path else {}) for path in paths}
    assert sorted(answer.status_code for answer in answers.values()) == [200, 400, 400, 400]
    for odd in ({"task": [], "other": 1}, {"task": {"path": "a", "meta": {}}}, {"x" * 40: None}):
        assert lab.post("/gradio_api/call/v2/transfer", json=odd).status_code == 400
    key = answers["/gradio_api/call/v2/transfer"].json()["event_id"]
    assert "task takes one of" in lab.get(f"/gradio_api/call/transfer/{key}").text


@pytest.mark.parametrize(
    "path", ["/gradio_api/call/classify/gone", "/gradio_api/queue/data?session_hash=gone"]
)
def test_a_stream_that_is_no_more_says_so_in_the_callers_language(lab, path):
    text = lab.get(path, headers={"accept-language": "zh"}).text
    told = json.loads(text.partition("data: ")[2])
    assert (told if isinstance(told, str) else told["message"]) == WORDS["zh"]["door_address"]
    assert "404" not in text


def test_a_name_that_no_file_can_have_is_nowhere(lab):
    assert told(lab.get("/static/" + "x" * 300))[0] == 404


def test_health_tells_how_much_is_going_on_and_nothing_else(lab):
    facts = lab.get("/health").json()
    known = {"status", "version", "uptime_seconds", "jobs_running", "jobs_waiting"}
    assert facts.keys() == known


def test_the_functions_that_may_be_sent_more_are_the_pages_own(lab):
    components = lab.get("/config").json()["components"]
    known = {name for one in components for name in one["props"].get("server_fns") or ()}
    assert known > LARGE_FUNCTIONS.keys()
