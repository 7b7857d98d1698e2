"""What the Denoise tab's server functions answer, called as functions."""

import base64
import math

import pytest
import torch

from demo import denoise_tab
from demo.canvas import canvas
from demo.denoise_tab import clean_up, compare_cleaners, denoise_menu, random_test_digit
from models import checkpoint, cleaners
from models.cleaners import CLEANERS
from models.noise import NOISES


@pytest.fixture(scope="module")
def seven(mnist):
    """The first test image, a 7, as the page sends it."""
    return canvas.to_text(mnist.test_images[0] / 255)


def asked(seven, **changes):
    settings = {"noise": "gaussian", "level": 0.5, "seed": 3, "cleaner": "denoiser"}
    return {"digit": seven, **settings, **changes}


def picture(text):
    return canvas.to_tensor(28, 28, text)


def test_the_answer_is_the_spoiled_and_the_cleaned_digit_with_their_figures(seven):
    reply = clean_up(asked(seven))
    digit = picture(seven)
    noise = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(3))[0, 0]
    spoiled = (digit + 0.5 * noise).clamp(0, 1)
    assert reply["spoiled"] == canvas.to_text(spoiled)
    network = checkpoint.load("denoiser").network
    with torch.inference_mode():
        cleaned = network(spoiled[None, None])[0, 0]
    assert reply["cleaned"] == canvas.to_text(cleaned)
    assert reply["after"]["mse"] == pytest.approx(
        float((cleaned - digit).square().mean()), rel=1e-4
    )
    wanted = -10 * math.log10(reply["before"]["mse"])
    assert reply["before"]["psnr"] == pytest.approx(wanted, rel=1e-4)
    assert reply["original"]["label"] == reply["after"]["label"] == "7"
    assert reply["after"]["psnr"] > reply["before"]["psnr"] + 5


def test_the_same_seed_pours_the_same_noise_and_another_does_not(seven):
    once, again = clean_up(asked(seven)), clean_up(asked(seven))
    assert once == again
    assert clean_up(asked(seven, seed=4))["spoiled"] != once["spoiled"]


@pytest.mark.parametrize("noise", NOISES)
def test_every_noise_is_cleaned_and_its_weakest_level_changes_nothing(noise, seven):
    reply = clean_up(asked(seven, noise=noise, level=NOISES[noise].weakest))
    assert reply["spoiled"] == seven
    assert reply["before"]["mse"] == 0
    assert "error" not in clean_up(asked(seven, noise=noise, level=NOISES[noise].strongest))


BAD = [
    {"level": 1.5},
    {"level": -0.1},
    {"level": math.nan},
    {"level": math.inf},
    {"level": "0.5"},
    {"level": True},
    {"level": None},
    {"level": [0.5]},
    {"noise": "rain"},
    {"noise": None},
    {"noise": ["gaussian"]},
    {"noise": "mosaic", "level": 0},
    {"seed": -1},
    {"seed": 0.5},
    {"seed": 2**80},
    {"seed": None},
    {"cleaner": "soap"},
    {"cleaner": "digits"},
    {"cleaner": {}},
    {"digit": None},
    {"digit": "AAAA"},
    {"digit": "§" * 1048},
    {"digit": base64.b64encode(bytes(784 * 4)).decode()},
]


@pytest.mark.parametrize("wrong", BAD, ids=str)
def test_bad_values_get_a_sentence(wrong, seven):
    assert clean_up(asked(seven, **wrong))["error"] == "bad_request"


def test_a_digit_without_ink_is_refused_with_what_to_do():
    assert clean_up(asked(canvas.to_text(torch.zeros(28, 28))))["error"] == "denoise_blank"


def test_every_cleaner_meets_the_same_spoiled_digit(seven, monkeypatch):
    monkeypatch.setattr("models.linear_map.PAIRS", 2000)
    keys = ["nothing", *CLEANERS]
    rows = {row["key"]: row for row in compare_cleaners(asked(seven, cleaners=keys))["rows"]}
    assert list(rows) == keys
    alone = clean_up(asked(seven))
    assert rows["nothing"]["picture"] == alone["spoiled"]
    assert rows["denoiser"]["picture"] == alone["cleaned"]
    assert rows["denoiser"]["psnr"] == pytest.approx(alone["after"]["psnr"], abs=1e-3)
    assert len({row["picture"] for row in rows.values()}) == len(keys)


@pytest.mark.parametrize("wrong", [None, [], "denoiser", ["soap"], ["median"] * 2, [["median"]]])
def test_only_known_cleaners_are_compared(wrong, seven):
    assert compare_cleaners(asked(seven, cleaners=wrong))["error"] == "bad_request"


def test_a_cleaner_whose_file_is_missing_leaves_the_others_standing(seven, monkeypatch, tmp_path):
    def gone(name):
        return checkpoint.load_file(tmp_path / f"{name}.safetensors", name)

    monkeypatch.setattr(cleaners, "loaded", gone)
    rows = compare_cleaners(asked(seven, cleaners=["denoiser", "median"]))["rows"]
    assert rows[0]["key"] == "median"
    assert rows[0]["label"] is not None
    assert (rows[1]["key"], rows[1]["error"]) == ("denoiser", "checkpoint_missing")


def test_the_menu_holds_every_noise_and_cleaner_once():
    menu = denoise_menu(None)
    assert [noise["key"] for noise in menu["noises"]] == list(NOISES)
    assert [cleaner["key"] for cleaner in menu["cleaners"]] == list(CLEANERS)
    assert len({cleaner["colour"] for cleaner in menu["cleaners"]}) == len(CLEANERS)


def test_a_random_test_digit_is_one_of_the_test_set_with_its_label(mnist):
    given = random_test_digit({})
    levels = torch.tensor(list(base64.b64decode(given["digit"])), dtype=torch.uint8).view(28, 28)
    same = (mnist.test_images == levels).flatten(1).all(1).nonzero().flatten()
    assert given["label"] in {str(int(mnist.test_labels[at])) for at in same}


def test_a_picture_becomes_the_digit_that_the_draw_tab_would_read(mnist):
    paper = torch.ones(60, 60)
    paper[10:50, 28:32] = 0.1
    sent = {"kind": "picture", "width": 60, "height": 60, "pixels": canvas.to_text(paper)}
    digit = picture(denoise_tab.digit_shown(sent)["digit"])
    rows, columns = (digit > 0.5).nonzero(as_tuple=True)
    assert rows.max() - rows.min() == 19  # MNIST's box of 20 px
    empty = {**sent, "pixels": canvas.to_text(torch.ones(60, 60))}
    assert denoise_tab.digit_shown(empty)["error"] == "picture_blank"
