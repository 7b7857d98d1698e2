"""The Transfer tab's section on photographs: what its server functions take, give and refuse."""

import base64
import io
import json
import time

import pytest
import torch
from PIL import Image

from demo.asked import BadRequest
from demo.code_view import script
from demo.transfer import photos
from demo.transfer.photos_code import NETWORKS
from demo.words import WORDS
from models.backbones import BACKBONES
from tests.scripts import run_script
from tests.style import assert_house_style


def picture(hue: str, place: int, size=(32, 24)) -> Image.Image:
    """A dot of a colour somewhere on grey."""
    drawn = Image.new("RGB", size, "grey")
    drawn.paste(hue, (4 + place, 4, 20 + place, 20))
    return drawn


def text(drawn: Image.Image, kind: str = "JPEG") -> str:
    file = io.BytesIO()
    drawn.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def asked(**changes) -> dict:
    classes = [
        {"name": hue, "photos": [text(picture(hue, place)) for place in range(2)]}
        for hue in ("red", "blue")
    ]
    return {
        "classes": classes,
        "backbone": "efficientnet_lite0",
        "head": "linear",
        "seed": 0,
        "owner": None,
    } | changes


def learned(key: str) -> dict:
    """What a teaching came to."""
    for _ in range(600):
        reply = photos.photos_progress({"key": key})
        if reply.get("facts") or reply.get("error"):
            return reply
        time.sleep(0.1)
    raise AssertionError("it never ended")


@pytest.fixture(scope="module")
def key() -> str:
    begun = photos.teach_own_photos(asked())
    assert learned(begun["key"])["facts"]["names"] == ["red", "blue"]
    return begun["key"]


def test_what_it_learned_reads_a_new_photograph_and_tells_where_it_looks(key):
    reply = photos.read_own_photo({"key": key, "photo": text(picture("blue", 6)), "index": None})
    assert (reply["index"], reply["shown"]) == (1, 1)
    assert len(base64.b64decode(reply["heat"])) == reply["width"] * reply["height"]
    other = photos.read_own_photo({"key": key, "photo": text(picture("blue", 6)), "index": 0})
    assert (other["index"], other["shown"]) == (1, 0)
    assert json.dumps(reply)


def test_the_lab_keeps_the_head_and_no_photograph(key):
    pupil = photos.pupils.find(key)
    weights = 2 * 1280 + 2
    assert photos.bytes_of(pupil) == 4 * (weights + 2 * 1280)
    assert photos.teachings.find(key).facts["trained"] == weights


def test_whoever_has_no_key_reads_nothing(key):
    photo = text(picture("red", 0))
    for wrong in ("", "x" * 24):
        reply = photos.read_own_photo({"key": wrong, "photo": photo, "index": None})
        assert reply["error"] == "photos_forgotten"
        assert photos.photos_progress({"key": wrong})["error"] == "photos_forgotten"


def test_a_third_teaching_takes_the_place_of_the_first(monkeypatch):
    monkeypatch.setattr(photos, "teach_photos", lambda *_: photos.pupils)  # taught in no time
    monkeypatch.setattr(photos, "facts_of", lambda *_: {"names": []})
    monkeypatch.setattr(photos.pupils, "size", lambda _: 1)
    begun = photos.teach_own_photos(asked())
    keys = [begun["key"]]
    learned(keys[0])
    for _ in range(2):
        keys.append(photos.teach_own_photos(asked(owner=begun["owner"]))["key"])
        learned(keys[-1])
    assert [photos.pupils.has(one) for one in keys] == [False, True, True]


def classes_with(**changes) -> list[dict]:
    first, second = asked()["classes"]
    return [first, second | changes]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"classes": None}, "bad_request"),
        ({"classes": asked()["classes"][:1]}, "photos_classes"),
        ({"classes": asked()["classes"][:1] * 11}, "photos_classes"),
        ({"classes": [1, 2]}, "bad_request"),
        ({"classes": classes_with(name="Red ")}, "photos_same_name"),
        ({"classes": classes_with(name=" ")}, "photos_no_name"),
        ({"classes": classes_with(name="x" * 41)}, "bad_request"),
        ({"classes": classes_with(photos=["A"] * 31)}, "photos_too_many"),
        ({"classes": classes_with(photos=["not base64"])}, "bad_request"),
        ({"classes": classes_with(photos=["A" * 500_000])}, "bad_request"),
        ({"classes": classes_with(photos=[7])}, "bad_request"),
        ({"classes": classes_with(photos=["AAAA"])}, "picture_unreadable"),
        ({"backbone": "resnet152"}, "bad_request"),
        ({"head": ["linear"]}, "bad_request"),
        ({"seed": -1}, "bad_request"),
    ],
)
def test_what_can_not_be_taught_is_refused_at_once(changes, error):
    reply = photos.teach_own_photos(asked(**changes))
    assert reply["error"] == error
    assert all(error in table for table in WORDS.values())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"classes": classes_with(photos=[])}, "photos_none"),
        ({"classes": classes_with(photos=asked()["classes"][0]["photos"])}, "photos_same"),
        ({"backbone": "resnet18"}, "photos_backbone_missing"),
    ],
)
def test_what_shows_only_in_teaching_is_told_when_it_ends(changes, error, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_LAB_FETCHED", str(tmp_path))
    begun = photos.teach_own_photos(asked(**changes))
    assert learned(begun["key"])["error"] == error


def test_a_teaching_that_breaks_leaves_no_page_waiting(monkeypatch):
    monkeypatch.setattr(photos, "teach_photos", lambda *_: 1 / 0)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    assert learned(photos.teach_own_photos(asked())["key"])["error"] == "something_wrong"


def test_of_the_networks_only_those_that_are_here_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_LAB_FETCHED", str(tmp_path))
    here = {one["name"]: one["here"] for one in photos.photo_choices({})["backbones"]}
    assert here == {"efficientnet_lite0": True, "mobilenet_v3_small": False, "resnet18": False}


# ---- The script ----------------------------------------------------------------------------------


def script_of(backbone: str, head: str) -> str:
    return script(photos.parts({"backbone": backbone, "head": head}, "en"))


def test_the_script_teaches_a_folder_without_the_lab(tmp_path, monkeypatch):
    for hue in ("red", "blue"):
        (tmp_path / "shots" / hue).mkdir(parents=True)
        for place in range(2):
            picture(hue, place).save(tmp_path / "shots" / hue / f"{place}.png")
    picture("red", 6).save(tmp_path / "new.png")
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path / "shots"), str(tmp_path / "new.png")])
    monkeypatch.setattr(torch, "set_num_threads", lambda _: None)
    short = script_of("efficientnet_lite0", "tuned").replace("TUNE_STEPS = 40", "TUNE_STEPS = 2")
    lines = [json.loads(line) for line in run_script(short).splitlines()]
    assert lines[0]["classes"] == ["blue", "red"]
    assert lines[0]["right_when_left_out"] == 1
    assert (lines[1]["file"], lines[1]["answer"]) == ("new.png", "red")


def test_every_network_has_its_script_and_it_is_in_house_style(tmp_path):
    assert NETWORKS.keys() == BACKBONES.keys()
    for name in BACKBONES:
        (tmp_path / f"{name}.py").write_text(script_of(name, "linear"), encoding="utf-8")
    assert_house_style(tmp_path)


def test_a_script_of_other_settings_is_refused():
    with pytest.raises(BadRequest):
        script_of("efficientnet_lite0", "deep")
