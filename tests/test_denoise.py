"""python -m models denoise, and the digit that it takes a picture for."""

import io
import json

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from models.__main__ import main
from models.cleaners import CLEANERS
from models.denoise import digit_of_picture
from models.ink import find_ink, to_digit
from models.noise import NOISES
from models.picture import PictureError, as_png, read_picture

FIGURES = {"mse", "psnr", "ssim"}


@pytest.fixture(scope="module")
def seven(mnist) -> torch.Tensor:
    return mnist.test_images[0] / 255  # (28, 28)


@pytest.fixture
def picture(tmp_path, seven):
    """The seven as a file of 28 x 28 px, ink dark on white."""
    path = tmp_path / "seven.png"
    path.write_bytes(as_png(seven))
    return path


@pytest.fixture
def denoise(capsys, picture, tmp_path):
    """Runs the command on a picture; its exit code, what it says, and the ink that it wrote."""

    def call(*options, source=picture, out=tmp_path / "out.png"):
        code = main(["denoise", str(source), str(out), "--json", *map(str, options)])
        said, complaint = capsys.readouterr()
        facts = json.loads(said) if said else complaint
        return code, facts, ink_of(out) if out.is_file() else None

    return call


def ink_of(path) -> torch.Tensor:
    with Image.open(path) as written:
        assert (written.format, written.mode, written.size) == ("PNG", "L", (28, 28))
        return 1 - torch.from_numpy(np.array(written)) / 255


def noisy(digit: torch.Tensor, level: float = 0.5, seed: int = 0) -> torch.Tensor:
    noise = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(seed))[0, 0]
    return (digit + level * noise).clamp(0, 1)


# ---- Which digit a picture is -------------------------------------------------------------------


@pytest.mark.parametrize("is_noisy", [True, False])
def test_a_picture_of_a_digit_s_size_is_taken_pixel_by_pixel(seven, is_noisy):
    """Shifted to a corner, where centring would move it back; dark on light and light on dark."""
    moved = noisy(seven.roll((3, -3), (0, 1)), 0.2)
    for grey in (moved, 1 - moved):
        assert torch.allclose(digit_of_picture(grey, is_noisy), moved, atol=1e-6)


def test_a_noisy_picture_keeps_its_noise_when_it_is_made_small(seven):
    spoiled = noisy(seven)
    large = spoiled.repeat_interleave(10, 0).repeat_interleave(10, 1)
    kept, found = digit_of_picture(1 - large, is_noisy=True), digit_of_picture(1 - large)
    likeness = [torch.stack([one.flatten(), spoiled.flatten()]) for one in (kept, found)]
    assert likeness[0].corrcoef()[0, 1] > 0.9
    assert likeness[1].corrcoef()[0, 1] < 0.8


def test_a_drawing_becomes_the_digit_that_the_reader_would_see():
    paper = Image.new("L", (240, 200), 230)
    ImageDraw.Draw(paper).line([(80, 40), (160, 42), (110, 160)], fill=30, width=14)
    grey = torch.from_numpy(np.array(paper)) / 255
    assert torch.equal(digit_of_picture(grey), to_digit(find_ink(grey)))


@pytest.mark.parametrize("is_noisy", [True, False])
@pytest.mark.parametrize("side", [28, 90])
def test_paper_without_a_digit_is_refused_and_a_faint_digit_is_not(seven, is_noisy, side):
    with pytest.raises(PictureError):
        digit_of_picture(torch.full((side, side), 0.97), is_noisy)
    faint = 1 - 0.1 * seven
    assert digit_of_picture(faint, is_noisy).max() == pytest.approx(0.1, abs=1e-6)


# ---- The command --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", CLEANERS)
def test_every_cleaner_brings_a_spoiled_digit_nearer_to_itself(denoise, seven, model):
    code, facts, ink = denoise("--model", model, "--noise", "gaussian", "--seed", 7)
    assert code == 0
    assert (facts["model"], facts["noise"], facts["level"], facts["seed"]) == (
        model, "gaussian", 0.5, 7,
    )  # fmt: skip
    error = (ink - seven).square().mean().item()
    assert facts["mse"] == pytest.approx(error, abs=1e-3)
    assert facts["psnr"] == pytest.approx(-10 * np.log10(facts["mse"]), abs=1e-3)
    assert error < 0.7 * (noisy(seven, 0.5, 7) - seven).square().mean().item()


def test_without_noise_the_picture_is_what_is_cleaned(denoise, seven, tmp_path):
    """The same digit comes out as when the command itself had poured that noise."""
    _, _, wanted = denoise("--noise", "gaussian", "--seed", 3, "--model", "conv_autoencoder")
    spoiled = tmp_path / "spoiled.png"
    spoiled.write_bytes(as_png(noisy(seven, 0.5, 3)))
    code, facts, ink = denoise("--model", "conv_autoencoder", source=spoiled)
    assert code == 0
    assert {facts[name] for name in FIGURES | {"noise", "level", "seed"}} == {None}
    assert torch.allclose(ink, wanted, atol=2 / 255)  # the file has 256 levels


def test_a_seed_repeats_and_another_differs(denoise):
    runs = [denoise("--noise", "salt_pepper", "--model", "median", "--seed", seed)[1]["mse"]
            for seed in (0, 0, 1)]  # fmt: skip
    untold = denoise("--noise", "salt_pepper", "--model", "median")[1]
    assert runs[0] == runs[1] == untold["mse"] != runs[2]
    assert untold["level"] == NOISES["salt_pepper"].middle == 0.25


def test_without_json_it_says_the_figures_in_a_line(capsys, picture, tmp_path):
    arguments = ["denoise", str(picture), str(tmp_path / "out.png"), "--model", "median"]
    assert main([*arguments, "--noise", "patch", "--level", "4"]) == 0
    words = capsys.readouterr().out.split()
    assert {*FIGURES, "level"} <= set(words)
    assert main(arguments) == 0
    assert not FIGURES & set(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--model", "digits"), "denoiser"),
        (("--model", "nope"), "denoiser"),
        (("--noise", "fog"), "mosaic"),
        (("--noise", "gaussian", "--level", "1.5"), "0 to 1"),
        (("--noise", "gaussian", "--level", "nan"), "0 to 1"),
        (("--noise", "contrast", "--level", "0"), "0.1 to 1"),
        (("--noise", "gaussian", "--seed", "-1"), "--seed"),
        (("--noise", "gaussian", "--seed", 10**30), "--seed"),
        (("--level", "0.5"), "--noise"),
        (("--seed", "3"), "--noise"),
    ],
    ids=str,
)
def test_bad_options_get_one_sentence_and_write_nothing(denoise, options, named):
    code, complaint, ink = denoise("--model", "median", *options)
    assert (code, ink) == (1, None)
    assert named in complaint
    assert complaint.count("\n") == 1


def test_pictures_that_are_none_and_places_that_can_t_be_written_get_one_sentence(
    denoise, tmp_path
):
    words = tmp_path / "words.png"
    words.write_text("no picture")
    white = tmp_path / "white.png"
    Image.new("L", (60, 60), 255).save(white)
    for source in (words, white, tmp_path / "nothing.png"):
        code, complaint, ink = denoise("--model", "median", source=source)
        assert (code, ink, complaint.count("\n")) == (1, None, 1)
    for out in (tmp_path, tmp_path / "none" / "out.png"):
        code, complaint, _ = denoise("--model", "median", out=out)
        assert (code, complaint.count("\n")) == (1, 1)
        assert "can't be written" in complaint


def test_a_failed_run_leaves_what_was_there(picture, tmp_path):
    kept = tmp_path / "out.png"
    kept.write_bytes(b"an older picture")
    before = sorted(tmp_path.iterdir())
    assert main(["denoise", str(picture), str(kept), "--model", "median", "--level", "1"]) == 1
    assert kept.read_bytes() == b"an older picture"
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_was_written_reads_as_a_digit_again(denoise):
    _, _, ink = denoise("--noise", "gaussian", "--model", "median")
    assert torch.allclose(digit_of_picture(read_picture(io.BytesIO(as_png(ink)))), ink, atol=1e-6)
