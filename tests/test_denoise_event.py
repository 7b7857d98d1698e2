"""The public event /denoise, over HTTP and gradio_client, and bad values in one sentence."""

import base64
import io
import sys
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
import torch
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from bench.server import free_port, running
from demo.words import WORDS
from models.checkpoint import load
from models.denoise import clean_digit, spoil_digit
from models.picture import as_png

KEYS = {"mse", "psnr", "ssim", "read", "confidence"}
SETTINGS = {"noise", "level", "model", "seed", "spoiled"}


# A page that has this event alone.
PAGE = """
import sys
import gradio as gr
from demo import denoise_event
with gr.Blocks(analytics_enabled=False) as page:
    denoise_event.build()
page.launch(server_port=int(sys.argv[1]), quiet=True, ssr_mode=False, _frontend=False)
"""


@pytest.fixture(scope="module")
def event_url() -> Iterator[str]:
    port = free_port()
    exempt = {"no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"}
    with running([sys.executable, "-c", PAGE, str(port)], port, **exempt) as server:
        yield server.url


@pytest.fixture(scope="module")
def client(event_url) -> Client:
    return Client(event_url, verbose=False)


@pytest.fixture(scope="module")
def seven(mnist) -> torch.Tensor:
    return mnist.test_images[0] / 255  # (28, 28)


@pytest.fixture(scope="module")
def picture(seven) -> dict:
    """The seven inside a request."""
    content = base64.b64encode(as_png(seven)).decode()
    return {"url": f"data:image/png;base64,{content}"}


def posted(url: str, *values: object, **headers: str) -> dict:
    body = {"data": list(values)}
    return httpx.post(f"{url}/gradio_api/run/denoise", json=body, headers=headers).json()


def test_gradio_client_gets_a_png_and_its_figures(client, seven, tmp_path):
    file = tmp_path / "seven.png"
    file.write_bytes(as_png(seven))
    cleaned, figures = client.predict(
        handle_file(file), "gaussian", 0.5, "conv_autoencoder", 3, api_name="/denoise"
    )
    spoiled = spoil_digit(seven, "gaussian", 0.5, 3)
    wanted = clean_digit(spoiled, "gaussian", 0.5, "conv_autoencoder")
    with Image.open(cleaned) as written:
        assert (written.format, written.mode, written.size) == ("PNG", "L", (28, 28))
        ink = 1 - torch.from_numpy(np.array(written)) / 255
    assert torch.allclose(ink, wanted, atol=0.6 / 255)
    assert figures.keys() == KEYS | SETTINGS
    assert figures["mse"] == pytest.approx((wanted - seven).square().mean().item(), rel=1e-4)
    error = (spoiled - seven).square().mean().item()
    assert figures["spoiled"]["mse"] == pytest.approx(error, rel=1e-4)
    reader = load("digits").network
    with torch.no_grad():
        read = reader(torch.stack([wanted, spoiled])[:, None]).argmax(1).tolist()
    assert [figures["read"], figures["spoiled"]["read"]] == list(map(str, read))
    assert 0 < figures["spoiled"]["confidence"] < figures["confidence"] <= 1


def test_what_is_not_said_is_the_books_noise_and_the_best_cleaner(client, seven, tmp_path):
    file = tmp_path / "seven.png"
    file.write_bytes(as_png(seven))
    _, figures = client.predict(handle_file(file), api_name="/denoise")
    settings = [figures[name] for name in ("noise", "level", "model", "seed")]
    assert settings == ["gaussian", 0.5, "denoiser", 0]


def test_the_picture_is_kept_under_a_name_made_of_its_content(event_url, picture):
    files = [
        posted(event_url, picture, "patch", 6, "median", seed)["data"][0] for seed in (1, 1.0, 2)
    ]
    assert files[0]["path"] == files[1]["path"] != files[2]["path"]
    content = httpx.get(files[0]["url"]).content
    assert len(content) < 2_000
    assert Image.open(io.BytesIO(content)).format == "PNG"


@pytest.mark.parametrize(
    ("changed", "key", "named"),
    [
        ({"noise": "fog"}, "api_choice", "salt_pepper"),
        ({"noise": None}, "api_choice", "salt_pepper"),
        ({"noise": ["gaussian"]}, "api_choice", "salt_pepper"),
        ({"model": "digits"}, "api_choice", "denoiser"),
        ({"model": {}}, "api_choice", "denoiser"),
        ({"model": "own:abc"}, "api_choice", "denoiser"),
        ({"level": 1.01}, "api_level", "1"),
        ({"level": -1}, "api_level", "0"),
        ({"level": None}, "api_level", "1"),
        ({"level": "0.5"}, "api_level", "1"),
        ({"level": True}, "api_level", "1"),
        ({"level": [0.5]}, "api_level", "1"),
        ({"level": 10**400}, "api_level", "1"),
        ({"noise": "contrast", "level": 0}, "api_level", "0.1"),
        ({"seed": -1}, "api_seed", "0"),
        ({"seed": 2**63}, "api_seed", "0"),
        ({"seed": 10**400}, "api_seed", "0"),
        ({"seed": 1.5}, "api_seed", "0"),
        ({"seed": None}, "api_seed", "0"),
        ({"seed": "3"}, "api_seed", "0"),
        ({"seed": True}, "api_seed", "0"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_values_that_make_no_sense_get_one_sentence(event_url, picture, changed, key, named):
    settings = {"noise": "gaussian", "level": 0.5, "model": "median", "seed": 0} | changed
    answer = posted(event_url, picture, *settings.values(), **{"Accept-Language": "zh"})
    start, end = WORDS["zh"][key].split("{")[0], WORDS["zh"][key].rpartition("}")[2]
    assert answer["error"].startswith(start)
    assert answer["error"].endswith(end)
    assert named in answer["error"]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "1e999"])
@pytest.mark.parametrize(("place", "start"), [(2, "The level"), (4, "The seed")])
def test_numbers_that_are_none_are_refused(event_url, word, place, start):
    values = ["null", '"gaussian"', "0.5", '"median"', "0"]
    values[place] = word
    answer = httpx.post(
        f"{event_url}/gradio_api/run/denoise",
        content='{"data": [' + ", ".join(values) + "]}",
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["error"].startswith(start)


def test_pictures_that_are_none_get_their_sentence(event_url):
    white = base64.b64encode(as_png(torch.zeros(80, 80))).decode()
    cases = {
        "picture_missing": None,
        "picture_address": {"url": "http://127.0.0.1:9/x.png"},
        "picture_unreadable": {"path": "/etc/passwd"},
        "picture_blank": {"url": f"data:image/png;base64,{white}"},
    }
    for key, picture in cases.items():
        answer = posted(event_url, picture, "gaussian", 0.5, "median", 0)
        assert answer["error"] == WORDS["en"][key]


def test_a_client_in_english_reads_the_whole_sentence(client, tmp_path):
    file = tmp_path / "white.png"
    file.write_bytes(as_png(torch.zeros(80, 80)))
    with pytest.raises(AppError) as failure:
        client.predict(handle_file(file), "mosaic", api_name="/denoise")
    assert str(failure.value) == "The level of mosaic goes from 1 to 7."
