"""Pictures of every tab, and the film: what is taken, and how frames become one file."""

import pytest
from PIL import Image

from bench import moving, pictures
from bench.pictures import HEIGHTS, Look
from demo.page import TABS
from demo.words import WORDS

RED, BLUE = (Image.new("RGB", (40, 30), colour) for colour in ("red", "blue"))


def test_every_width_language_and_theme_is_looked_at_once():
    looks = list(pictures.all_looks([*HEIGHTS]))
    assert len(set(looks)) == len(looks) == len(HEIGHTS) * len(WORDS) * 2
    names = {look.name(tab) for look in looks for tab in TABS}
    assert len(names) == len(looks) * len(TABS)
    assert "train-390-zh-dark.png" in names


def test_a_look_gives_a_picture_a_tab_of_its_width(browser, lab_url, tmp_path):
    taken = list(pictures.take(browser, lab_url, Look(390, "zh", "dark"), tmp_path))
    assert len(taken) == len(set(taken)) == len(TABS)
    for path in taken:
        with Image.open(path) as picture:
            assert picture.width == 390
            assert picture.convert("L").resize((1, 1)).getpixel((0, 0)) < 90  # dark
    assert len({path.read_bytes() for path in taken}) == len(TABS)


def test_frames_that_look_alike_become_one_that_lasts_longer():
    frames = [(RED, 70), (RED.copy(), 70), (BLUE, 70), (RED, 30)]
    assert [shown for _, shown in moving.joined(frames)] == [140, 70, 30]


def test_a_film_is_one_file_that_moves_and_begins_anew(tmp_path):
    size = moving.save([(RED, 140), (BLUE, 70)], tmp_path / "film.webp")
    with Image.open(tmp_path / "film.webp") as film:
        assert (film.format, film.n_frames, film.info["loop"]) == ("WEBP", 2, 0)
    assert (tmp_path / "film.webp").stat().st_size == size


def test_the_pen_draws_an_eight_within_the_sheet():
    points = list(moving.eight())
    assert points[0] == pytest.approx(points[-1])
    assert all(0.15 < coordinate < 0.85 for point in points for coordinate in point)
