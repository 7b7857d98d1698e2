"""The page's handlers as plain functions, and its public event over HTTP and gradio_client."""

import base64
import json
import struct
import zlib
from io import BytesIO

import httpx
import pytest
import torch
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image, ImageDraw

from demo import readers
from demo.canvas import canvas
from demo.draw_tab import network_menu, read_drawing, read_samples
from demo.page import TABS, label_tabs
from demo.words import WORDS
from models import checkpoint

PROMISED = {
    "file",
    "label",
    "confidence",
    "probabilities",
    "digit_score",
    "refused",
    "reason",
    "number",
    "parts",
}


def text_of(levels: bytes) -> str:
    return base64.b64encode(levels).decode("ascii")


def request_of(levels: bytes, width: int, height: int, **others: object) -> dict:
    """What the canvas sends."""
    size = {"width": width, "height": height}
    return {"kind": "ink", **size, "pixels": text_of(levels), "model": None, **others}


@pytest.fixture(scope="session")
def seven(mnist) -> bytes:
    """The first test image of MNIST, a 7, row by row, ink 255."""
    return bytes(mnist.test_images[0].flatten().tolist())


def as_file(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def paper_with_seven() -> Image.Image:
    """Dark strokes on light paper."""
    picture = Image.new("L", (240, 200), 230)
    ImageDraw.Draw(picture).line([(80, 40), (160, 42), (110, 160)], fill=30, width=14)
    return picture


# ---- Reading what is on the canvas ----------------------------------------------------------


def test_a_test_image_is_read_as_what_it_is(seven):
    answer = read_drawing(request_of(seven, 28, 28))
    assert answer["label"] == "7"
    assert answer.keys() >= PROMISED
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert answer["probabilities"][7] == max(answer["probabilities"]) == answer["confidence"]
    assert json.loads(json.dumps(answer)) == answer


def test_the_picture_that_the_network_saw_comes_back_whole(seven):
    seen = base64.b64decode(read_drawing(request_of(seven, 28, 28))["seen"])
    assert len(seen) == 28 * 28
    assert max(seen) == 255
    assert seen[0] == 0


def test_a_blank_sheet_is_refused():
    answer = read_drawing(request_of(bytes(280 * 280), 280, 280))
    assert (answer["label"], answer["refused"], answer["reason"]) == (None, True, "blank")


def test_a_picture_gives_back_the_ink_that_was_found():
    levels = paper_with_seven().tobytes()
    answer = read_drawing(request_of(levels, 240, 200, kind="picture"))
    ink = torch.frombuffer(bytearray(base64.b64decode(answer["ink"])), dtype=torch.uint8)
    ink = ink.view(200, 240)
    assert answer["label"] == "7"
    assert ink[42, 120] == 255  # on the upper stroke
    assert ink[180, 20] == 0  # on the paper


@pytest.mark.parametrize(
    "others",
    [
        {"width": 0},
        {"width": -28},
        {"width": 28.0},
        {"width": True, "height": 784},
        {"width": "28"},
        {"width": 10**9, "height": 10**9},
        {"width": 281, "height": 281},
        {"width": float("nan")},
        {"width": None},
        {"height": [28]},
        {"pixels": None},
        {"pixels": ""},
        {"pixels": [0] * 784},
        {"pixels": "é" * 1048},
        {"pixels": "=" * 1048},
        {"pixels": text_of(bytes(783)) + "===="},
        {"pixels": "A" * 10_000_000},
        {"kind": "url"},
        {"kind": None},
        {"kind": ["ink"]},
    ],
    ids=lambda others: repr(others)[:40],
)
def test_values_that_no_canvas_sends_are_refused(others):
    answer = read_drawing({**request_of(bytes(784), 28, 28), **others})
    assert answer == {"error": "bad_request", "details": {}}


@pytest.mark.parametrize("value", [None, 7, "ink", [], [{}], {}, float("inf")], ids=str)
def test_what_is_no_request_at_all_is_refused(value):
    assert read_drawing(value)["error"] == "bad_request"


@pytest.mark.parametrize(
    "model", ["", "nope", "linear_autoencoder", "../digits", 7, ["digits"], {}], ids=str
)
def test_a_network_that_is_no_reader_is_refused(seven, model):
    answer = read_drawing(request_of(seven, 28, 28, model=model))
    assert answer["error"] == "unknown_network"


@pytest.mark.parametrize(
    "care", [-0.01, 0.21, float("nan"), float("inf"), "0.1", [0.1], True, {}], ids=str
)
def test_a_care_that_no_slider_gives_is_refused(seven, care):
    assert read_drawing(request_of(seven, 28, 28, care=care))["error"] == "bad_request"


def test_the_most_care_cuts_higher_than_the_least(seven):
    least, most = (
        read_drawing(request_of(seven, 28, 28, model="digits", care=care)) for care in (0, 0.2)
    )
    assert least["threshold"] == 0
    assert 0 < most["threshold"] < 1
    assert least["digit_score"] == most["digit_score"]


def test_a_sheet_read_uncentred_is_seen_as_it_lies(seven):
    sheet = torch.zeros(56, 56)
    sheet[:28, :28] = torch.frombuffer(bytearray(seven), dtype=torch.uint8).view(28, 28) / 255
    levels = bytes((sheet * 255).round().byte().flatten().tolist())
    seen = read_drawing(request_of(levels, 56, 56, centred=False))["seen"]
    picture = torch.frombuffer(bytearray(base64.b64decode(seen)), dtype=torch.uint8).view(28, 28)
    assert picture[:14, :14].sum() == picture.sum() > 0


def test_pixels_come_back_as_they_went():
    picture = torch.arange(12).view(3, 4) / 255
    assert torch.equal(canvas.to_tensor(4, 3, canvas.to_text(picture)), picture)


# ---- Networks and samples -------------------------------------------------------------------


def test_the_menu_offers_shipped_readers_with_their_accuracy():
    lines = network_menu({})["networks"]
    names = [line["name"] for line in lines]
    assert {"linear", "small_cnn"} <= set(names)
    assert not {"linear_autoencoder", "conv_autoencoder"} & set(names)
    assert all(0.9 < line["accuracy"] < 1 for line in lines if not line.get("error"))


@pytest.mark.parametrize(
    ("digits", "chosen"),
    [
        ({"accuracy": 0.5}, "digits"),
        ({"accuracy": None}, "digits"),
        ({"accuracy": None, "error": "checkpoint_missing"}, "mlp"),
    ],
)
def test_without_a_sound_default_the_most_accurate_network_reads(digits, chosen):
    others = [{"name": "linear", "accuracy": 0.92}, {"name": "mlp", "accuracy": 0.98}]
    others += [{"name": "small_cnn", "accuracy": None, "error": "checkpoint_damaged"}]
    assert readers.default_reader([{"name": "digits", **digits}, *others]) == chosen


def test_without_any_sound_network_the_default_says_what_is_wrong():
    wrong = {"accuracy": None, "error": "checkpoint_missing"}
    lines = [{"name": "digits", **wrong}, {"name": "linear", **wrong}]
    assert readers.default_reader(lines) == "digits"


def test_samples_are_the_test_images_at_their_positions(mnist):
    positions = [0, 1, 9_999, 0]
    answer = read_samples({"model": None, "positions": positions})
    assert answer["positions"] == positions
    for at, sample in zip(positions, answer["samples"], strict=True):
        assert sample["label"] == str(int(mnist.test_labels[at]))
        assert base64.b64decode(sample["ink"]) == bytes(mnist.test_images[at].flatten().tolist())


@pytest.mark.parametrize(
    "positions",
    [None, [], [1, 2, 3], [1, 2, 3, 10_000], [1, 2, 3, -1], [1, 2, 3, True], "1234", 4],
    ids=str,
)
def test_without_proper_positions_four_are_drawn_at_random(positions):
    answer = read_samples({"positions": positions})
    assert len(answer["samples"]) == 4
    assert answer["positions"] != positions


def test_two_draws_of_samples_differ():
    draws = {tuple(read_samples({})["positions"]) for _ in range(3)}
    assert len(draws) == 3


@pytest.fixture
def other_checkpoints(tmp_path, monkeypatch):
    """A folder in place of checkpoints/, and no network in memory."""
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    readers.loaded.cache_clear()
    yield tmp_path
    readers.loaded.cache_clear()


def test_without_any_checkpoint_a_sentence_names_the_file(other_checkpoints, seven):
    answer = read_drawing(request_of(seven, 28, 28))
    assert answer == {"error": "checkpoint_missing", "details": {"file": "digits.safetensors"}}
    [line] = network_menu({})["networks"]
    assert (line["name"], line["error"]) == ("digits", "checkpoint_missing")


def test_a_damaged_checkpoint_leaves_the_others_working(other_checkpoints, seven, monkeypatch):
    shipped = checkpoint.Path(checkpoint.__file__).parent.parent / "checkpoints"
    good = (shipped / "small_cnn.safetensors").read_bytes()
    (other_checkpoints / "small_cnn.safetensors").write_bytes(good)
    (other_checkpoints / "linear.safetensors").write_bytes(good[:5_000])
    lines = {line["name"]: line for line in network_menu({})["networks"]}
    assert lines["linear"]["error"] == "checkpoint_damaged"
    assert "error" not in lines["small_cnn"]
    assert read_drawing(request_of(seven, 28, 28, model="small_cnn"))["label"] == "7"
    damaged = read_drawing(request_of(seven, 28, 28, model="linear"))
    assert damaged["error"] == "checkpoint_damaged"


# ---- The page's own wiring ------------------------------------------------------------------


def test_the_promised_events_are_public_and_no_others(lab_url):
    config = httpx.get(f"{lab_url}/config").json()
    public = [one for one in config["dependencies"] if one["api_visibility"] == "public"]
    assert [one["api_name"] for one in public] == ["classify", "denoise", "train", "transfer"]


@pytest.mark.parametrize("language", WORDS)
def test_the_tabs_follow_the_language(language):
    labels = [tab["label"] for tab in label_tabs(language)]
    assert labels == [WORDS[language][key] for key in TABS]


@pytest.mark.parametrize("language", ["xx", None, 3, ["zh"]], ids=str)
def test_an_unknown_language_gives_english_tabs(language):
    assert label_tabs(language) == label_tabs("en")


# ---- /classify ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(lab_url):
    return Client(lab_url, verbose=False)


def asked(client, tmp_path, content: bytes, *others, name: str = "picture.png") -> dict:
    """The answer of gradio_client to a file of that content."""
    path = tmp_path / name
    path.write_bytes(content)
    return client.predict(handle_file(path), *others, api_name="/classify")


def posted(lab_url: str, picture: object, model: object = "small_cnn", **headers: str):
    """The answer to a plain HTTP request."""
    body = {"data": [picture, model]}
    return httpx.post(f"{lab_url}/gradio_api/run/classify", json=body, headers=headers, timeout=60)


def test_a_picture_file_is_read_through_gradio_client(client, tmp_path):
    answer = asked(client, tmp_path, as_file(paper_with_seven()), "small_cnn")
    assert answer.keys() == PROMISED
    assert (answer["label"], answer["refused"], answer["file"]) == ("7", False, None)
    assert len(answer["probabilities"]) == 10


def test_a_picture_file_is_read_over_plain_http(lab_url):
    content = as_file(paper_with_seven())
    upload = httpx.post(f"{lab_url}/gradio_api/upload", files={"files": ("7.png", content)})
    picture = {"path": upload.json()[0], "meta": {"_type": "gradio.FileData"}}
    [answer] = posted(lab_url, picture).json()["data"]
    assert answer["label"] == "7"


def test_a_picture_inside_the_request_is_read_like_a_file(lab_url):
    address = "data:image/png;base64," + text_of(as_file(paper_with_seven()))
    [answer] = posted(lab_url, {"url": address}).json()["data"]
    assert answer["label"] == "7"


def test_all_encodings_of_a_picture_get_the_same_answer(client, tmp_path):
    paper = paper_with_seven()
    turned = paper.rotate(90, expand=True)
    upright = turned.getexif()
    upright[274] = 6  # the viewer turns it a quarter to the right
    file = BytesIO()
    turned.save(file, "JPEG", exif=upright, quality=95)
    deep = Image.frombytes("I;16", paper.size, b"".join(bytes([0, v]) for v in paper.tobytes()))
    encodings = {
        "a.png": as_file(paper),
        "b.gif": as_file(paper, "GIF"),
        "c.webp": as_file(paper.convert("RGB"), "WEBP"),
        "d.jpg": as_file(paper.convert("CMYK"), "JPEG"),
        "e.bmp": as_file(paper, "BMP"),
        "f.jpg": file.getvalue(),
        "g.png": as_file(deep),
    }
    labels = {
        name: asked(client, tmp_path, content, "small_cnn", name=name)["label"]
        for name, content in encodings.items()
    }
    assert labels == dict.fromkeys(encodings, "7")


def test_a_blank_picture_is_refused_as_blank(client, tmp_path):
    answer = asked(client, tmp_path, as_file(Image.new("L", (90, 90), 250)), "small_cnn")
    assert (answer["label"], answer["refused"], answer["reason"]) == (None, True, "blank")
    assert answer["digit_score"] == 0


def wide_png() -> bytes:
    """The head of a picture of 20,000 x 20,000 pixels, with hardly any content."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(1_000))),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"no picture at all", "picture_unreadable"),
        (b"", "picture_empty"),
        (as_file(paper_with_seven())[:300], "picture_unreadable"),
        (wide_png(), "picture_too_large"),
    ],
    ids=["text", "empty", "truncated", "20000 px"],
)
def test_a_file_that_is_no_picture_gives_one_sentence(client, tmp_path, content, key):
    with pytest.raises(AppError) as failure:
        asked(client, tmp_path, content, "small_cnn")
    assert str(failure.value) == WORDS["en"][key]


def test_without_a_picture_the_error_is_in_words(client):
    with pytest.raises(AppError) as failure:
        client.predict(None, "digits", api_name="/classify")
    assert str(failure.value) == WORDS["en"]["picture_missing"]


def test_the_error_is_in_the_callers_language(lab_url):
    answer = posted(lab_url, None, **{"Accept-Language": "zh-CN,zh;q=0.9"})
    assert answer.json()["error"] == WORDS["zh"]["picture_missing"]


def test_an_unknown_network_gives_one_sentence(client, tmp_path):
    with pytest.raises(AppError) as failure:
        asked(client, tmp_path, as_file(paper_with_seven()), "nope")
    assert str(failure.value) == WORDS["en"]["unknown_network"]


@pytest.mark.parametrize(
    ("picture", "key"),
    [
        ({"url": "http://127.0.0.1:9/x.png"}, "picture_address"),
        ({"path": "https://example.com/x.png"}, "picture_address"),
        (
            {"path": "http://127.0.0.1:9/x.png", "meta": {"_type": "gradio.FileData"}},
            "picture_address",
        ),
        ({"path": "/etc/passwd"}, "picture_unreadable"),
        ({"path": "../../etc/passwd"}, "picture_unreadable"),
        ({"path": "\0"}, "picture_unreadable"),
        ({"url": "data:image/png;base64,!!!!"}, "picture_unreadable"),
        ({"url": "data:image/png,plain"}, "picture_unreadable"),
    ],
    ids=str,
)
def test_addresses_and_other_files_are_no_pictures(lab_url, picture, key):
    assert posted(lab_url, picture).json()["error"] == WORDS["en"][key]


def test_the_canvas_functions_answer_strangers_with_a_key(lab_url):
    config = httpx.get(f"{lab_url}/config").json()
    [component] = [
        one["id"]
        for one in config["components"]
        if "read_drawing" in (one["props"].get("server_fns") or [])
    ]
    for data in (None, [], {"kind": "ink"}, "x" * 1_000, {"pixels": {"a": 1}}):
        body = {"data": data, "component_id": component, "fn_name": "read_drawing"}
        body["session_hash"] = "stranger"
        answer = httpx.post(f"{lab_url}/gradio_api/component_server/", json=body)
        assert answer.status_code == 200
        assert answer.json()["error"] == "bad_request"
