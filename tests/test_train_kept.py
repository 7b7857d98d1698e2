"""What a training leaves on the server: used in the other tabs, taken home, brought back."""

import base64
import os

import pytest
import safetensors.torch
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo import cleaners, readers, train_kept
from demo.denoise_tab import clean_up, compare_cleaners
from demo.draw_tab import read_drawing
from demo.kept_route import routes
from demo.panels.clean_code import show_clean_code
from demo.train_kept import keep_run, kept_runs, upload_network, use_run
from demo.turns import Turns
from models.checkpoint import as_bytes
from models.measure import outputs
from models.recipe import Recipe

READER = Recipe("mlp", width=8, depth=2, activation="tanh", bias=False)
CLEANER = Recipe("linear_autoencoder", loss="mse")
FIGURES = {"accuracy": 0.97, "calibration": {"temperature": "hot", "thresholds": 7}}


def file_of(recipe: Recipe, seed: int = 0) -> bytes:
    torch.manual_seed(seed)
    return as_bytes(recipe.build_network().state_dict(), recipe, FIGURES, "data")


@pytest.fixture(autouse=True)
def _fresh_stores(monkeypatch):
    """No test sees what another one has kept."""
    for store in (train_kept.RUNS, readers.own_networks, cleaners.own_cleaners):
        monkeypatch.setattr(store, "kept", type(store.kept)())


@pytest.fixture
def drawing(mnist):
    pixels = base64.b64encode(bytes(mnist.test_images[0].flatten().tolist())).decode()
    return {"kind": "ink", "width": 28, "height": 28, "pixels": pixels}


@pytest.fixture
def spoiling(drawing):
    return {"digit": drawing["pixels"], "noise": "gaussian", "level": 0.5, "seed": 1}


def finished(recipe: Recipe = READER, key: str = "run", owner: str = "me") -> str:
    keep_run(key, owner, file_of(recipe), recipe)
    return key


def as_text(content: bytes) -> str:
    return base64.b64encode(content).decode()


# ---- Used in the other tabs ---------------------------------------------------------------------


def test_a_trained_reader_reads_drawings_for_its_visitor_and_refuses_none(drawing, mnist):
    used = use_run({"key": finished()})
    assert (used["kind"], used["base"], used["kept"]) == ("reader", "mlp", [used["name"]])
    answer = read_drawing({**drawing, "model": used["name"]})
    torch.manual_seed(0)
    logits = outputs(READER.build_network(), mnist.test_images[:1, None] / 255)
    assert answer["probabilities"] == pytest.approx(logits.softmax(1)[0].tolist(), abs=1e-4)
    assert (answer["refused"], answer["threshold"]) == (False, 0)
    assert used["name"] not in str(readers.menu())


def test_a_trained_cleaner_cleans_beside_the_shipped_ones(spoiling):
    used = use_run({"key": finished(CLEANER)})
    assert used["kind"] == "cleaner"
    reply = clean_up({**spoiling, "cleaner": used["name"]})
    torch.manual_seed(0)
    spoiled = torch.frombuffer(bytearray(base64.b64decode(reply["spoiled"])), dtype=torch.uint8)
    own = outputs(CLEANER.build_network(), spoiled.view(1, 1, 28, 28) / 255).clamp(0, 1)
    cleaned = torch.frombuffer(bytearray(base64.b64decode(reply["cleaned"])), dtype=torch.uint8)
    assert torch.allclose(cleaned / 255, own.flatten(), atol=2 / 255)
    rows = compare_cleaners({**spoiling, "cleaners": ["median", used["name"], "own:gone"]})["rows"]
    assert [row["key"] for row in rows] == ["median", used["name"], "own:gone"]
    assert rows[1]["picture"] == reply["cleaned"]
    assert rows[2]["error"] == "own_cleaner_gone"


def test_a_network_is_offered_for_its_own_kind_of_work_only(drawing, spoiling):
    reader = use_run({"key": finished()})["name"]
    cleaner = use_run({"key": finished(CLEANER)})["name"]
    assert read_drawing({**drawing, "model": cleaner})["error"] == "own_network_gone"
    assert clean_up({**spoiling, "cleaner": reader})["error"] == "own_cleaner_gone"


def test_the_script_of_an_own_cleaner_is_not_that_of_a_shipped_one(spoiling):
    own = use_run({"key": finished(CLEANER)})["name"]
    assert show_clean_code({**spoiling, "cleaner": own, "language": "en"}) == {
        "error": "clean_code_own",
        "details": {},
    }


def test_one_visitor_s_networks_make_room_for_each_other_and_for_nobody_else_s(monkeypatch):
    stranger = use_run({"key": finished(owner="stranger")})
    owner = "me"  # which the server made when the training began
    names = []
    for number in range(readers.MOST_OWN + 1):
        reply = use_run({"key": finished(key=f"run {number}"), "owner": owner})
        owner = reply["owner"]
        names.append(reply["name"])
    assert owner == "me"
    assert reply["kept"] == names[1:]
    assert readers.own_networks.has(stranger["name"].removeprefix("own:"))
    assert upload_network({"file": as_text(file_of(READER)), "owner": "made up"})["owner"] not in {
        "made up",
        "me",
    }


def test_runs_that_are_still_there_are_told_from_others():
    finished(key="there")
    assert kept_runs({"keys": ["there", "gone", 7, None, ["there"]]}) == {"kept": ["there"]}
    assert use_run({"key": "gone"})["error"] == "shelf_gone"


def test_a_run_whose_file_is_gone_is_gone():
    run = train_kept.RUNS.find(finished())
    run.file.path.unlink()
    assert use_run({"key": "run"})["error"] == "shelf_gone"
    client = TestClient(Starlette(routes=routes()))
    assert client.get("/lab/run/run.safetensors").status_code == 404


def test_the_oldest_runs_of_a_visitor_make_room_by_bytes(monkeypatch):
    monkeypatch.setattr(train_kept.RUNS, "room", train_kept.Room(each=60_000, all=120_000))
    for number in range(4):  # of 26 kB each
        finished(key=f"run {number}")
    finished(key="other", owner="other")
    keys = ["run 0", "run 1", "run 2", "run 3", "other"]
    assert kept_runs({"keys": keys})["kept"] == ["run 2", "run 3", "other"]


@pytest.mark.parametrize(
    ("handler", "asked"),
    [
        (kept_runs, {}),
        (kept_runs, {"keys": "there"}),
        (kept_runs, {"keys": ["a"] * 101}),
        (upload_network, {}),
        (upload_network, {"file": 7}),
        (upload_network, {"file": "é"}),
        (upload_network, {"file": "A"}),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_values_that_no_page_sends_are_refused(handler, asked):
    assert handler(asked)["error"] == "bad_request"


@pytest.mark.parametrize("key", [None, 7, ["run"], {}, float("nan")], ids=str)
def test_what_is_no_key_is_no_run(key):
    finished()
    assert use_run({"key": key, "owner": [key]})["error"] == "shelf_gone"


# ---- Taken home and brought back ----------------------------------------------------------------


def test_a_run_is_downloaded_whole_under_its_network_s_name_and_comes_back(drawing):
    client = TestClient(Starlette(routes=routes()))
    reply = client.get(f"/lab/run/{finished()}.safetensors")
    assert reply.status_code == 200
    assert reply.content == train_kept.RUNS.find("run").content()
    assert 'filename="mlp-run.safetensors"' in reply.headers["content-disposition"]
    brought = upload_network({"file": as_text(reply.content)})
    assert (brought["base"], brought["accuracy"]) == ("mlp", 0.97)
    used = use_run({"key": "run"})
    answers = [read_drawing({**drawing, "model": it["name"]}) for it in (brought, used)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("path", ["gone.safetensors", "%00.safetensors", "é.safetensors"])
def test_a_download_that_is_gone_says_so_in_the_visitor_s_language(path):
    client = TestClient(Starlette(routes=routes()))
    reply = client.get(f"/lab/run/{path}", headers={"accept-language": "zh-CN"})
    assert reply.status_code == 404
    assert "重新训练" in reply.text


def test_a_file_over_the_limit_is_refused_before_it_is_decoded(monkeypatch):
    text = "A" * (train_kept.LARGEST * 4 // 3 + 8)
    monkeypatch.setattr(base64, "b64decode", None)
    assert upload_network({"file": text})["error"] == "upload_too_large"


def test_a_pickle_is_refused_and_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    torch.save({"weight": Trap()}, tmp_path / "trap.pt")
    content = (tmp_path / "trap.pt").read_bytes()
    assert upload_network({"file": as_text(content)})["error"] == "upload_no_file"
    assert not (tmp_path / "sprung").exists()


def test_nothing_of_a_refused_file_is_kept():
    tensors = safetensors.torch.load(file_of(READER))
    upload_network({"file": as_text(safetensors.torch.save(tensors))})
    assert len(readers.own_networks.kept) == 0


def test_where_too_many_bring_files_one_more_is_told_so(monkeypatch):
    turns = Turns(0, 0.01, train_kept.UploadBusyError)
    monkeypatch.setattr(train_kept, "TURNS", turns)
    with turns.turn():
        assert upload_network({"file": as_text(file_of(READER))})["error"] == "upload_busy"
    assert upload_network({"file": as_text(file_of(READER))})["base"] == "mlp"


@pytest.mark.parametrize("recipe", [READER, CLEANER], ids=["reader", "cleaner"])
def test_a_brought_network_and_its_file_take_their_room_once(recipe):
    upload_network({"file": as_text(file_of(recipe))})
    store = readers.own_networks if recipe is READER else cleaners.own_cleaners
    [kept] = store.kept.values()
    assert kept.size == len(file_of(recipe))
    file = bytes(kept.thing.content)
    with torch.no_grad():
        next(kept.thing.network.parameters()).view(-1)[0] += 1
    assert bytes(kept.thing.content) != file  # one memory, as counted
