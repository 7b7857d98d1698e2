"""The bombs are what they are said to be, and a lab refuses each; no times."""

import io
import zlib

import pytest
from PIL import Image

from bench.jobs import Lab
from bench.reliability import bomb_files as files
from bench.reliability.bombs import bombs
from bench.reliability.wire import MULTIPART, connected, head_of, heard
from bench.server import Server

SIZES = {
    "PNG": (files.png(13_000, 13_000, files.COLOUR), (13_000, 13_000)),
    "JPEG": (files.jpeg(60_000, 60_000), (60_000, 60_000)),
    "WEBP": (files.webp(16_383), (16_383, 16_383)),
}


@pytest.fixture(scope="module")
def lab(lab_url) -> Lab:
    return Lab(Server(lab_url, 0))


@pytest.mark.parametrize("kind", SIZES)
def test_a_bomb_is_small_and_says_that_it_is_huge(kind, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    content, size = SIZES[kind]
    assert len(content) < 1_000_000
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == (kind, size)


@pytest.mark.parametrize("count", [0, 1, files.PIECE - 1, files.PIECE, 3 * files.PIECE + 7])
def test_packed_zeros_are_so_many_zeros(count):
    assert zlib.decompress(files.packed_zeros(count)) == bytes(count)


def test_an_animation_has_as_many_frames_as_it_was_made_of():
    with Image.open(io.BytesIO(files.gif(7, 30))) as picture:
        assert (picture.n_frames, picture.size) == (7, (30, 30))


def test_a_lab_refuses_every_bomb_and_reads_on(lab):
    outcomes = {bomb.name: bomb.is_refused(bomb.send(lab.url)) for bomb in bombs(lab)}
    assert [name for name, is_refused in outcomes.items() if not is_refused] == []
    assert lab.http.get(f"{lab.url}/health").status_code == 200


def test_who_sends_all_before_listening_hears_the_refusal_too(lab):
    length = 30_000_000  # bytes
    with connected(lab.url) as line:
        head = head_of(lab.url, "/gradio_api/upload", MULTIPART | {"content-length": str(length)})
        line.sendall(head + bytes(length))
        assert heard(line)[0] == 413


def test_a_question_of_unstated_length_has_the_room_of_a_small_one(lab):
    asked = iter([b'{"data": "', b"x" * 2_100_000])
    answer = lab.http.post(f"{lab.url}/gradio_api/component_server/", content=asked)
    assert (answer.status_code, "2 MB" in answer.json()["error"]) == (413, True)
