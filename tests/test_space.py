"""README's front matter is one that a Space takes, and what it would refuse is refused in words."""

import re
import sys

import pytest

from bench.space import copy_of_head, environment, sizes_in_git, tried
from bench.space_card import (
    LARGEST,
    RULES,
    TextError,
    card_faults,
    front_matter,
    large_files,
    pins,
)
from tests.readme import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PINNED = pins(ROOT / "requirements.txt")


def faults(**changes: object) -> list[str]:
    """What is wrong with README's front matter once some of it is changed; None takes it out."""
    card = front_matter(README) | changes
    kept = {name: value for name, value in card.items() if value is not None}
    return card_faults(kept, ROOT, PINNED)


def test_a_space_takes_this_repository():
    assert faults() == []
    assert large_files(sizes_in_git()) == []


@pytest.mark.parametrize("name", RULES)
def test_a_field_that_is_missing_is_named(name):
    assert any(f"README.md's {name} is None" in fault for fault in faults(**{name: None}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "two\nlines"),
        ("emoji", "digit"),
        ("emoji", "7"),
        ("emoji", ""),
        ("colorFrom", "orange"),
        ("colorTo", ["blue"]),
        ("sdk", "docker"),
        ("sdk", 5),
        ("python_version", 3.11),
        ("pinned", "false"),
        ("short_description", "x" * 61),
        ("tags", "pytorch"),
        ("tags", []),
        ("license", None),
    ],
)
def test_a_value_that_a_space_would_refuse_is_refused_in_one_sentence(name, value):
    [fault] = faults(**{name: value})
    assert re.fullmatch(rf"README.md's {name} is .* and has to be .*\.", fault, re.DOTALL)


def test_sixty_characters_and_an_emoji_of_several_signs_are_taken():
    assert faults(short_description="x" * 60, emoji="✍️") == []


def test_another_release_of_gradio_than_the_pinned_one_is_refused():
    [fault] = faults(sdk_version="6.30.0")
    assert "6.30.0" in fault
    assert PINNED["gradio"] in fault


def test_an_app_file_that_is_not_there_is_refused():
    assert faults(app_file="main.py") == ["README.md's app_file, main.py, is not there."]


@pytest.mark.parametrize(
    "text", ["# Digit Lab\n", "---\ntitle: [\n---\n", "---\njust words\n---\n"]
)
def test_a_readme_without_front_matter_is_refused(text):
    with pytest.raises(TextError, match=r"README\.md"):
        front_matter(text)


def test_a_file_too_large_is_named_with_its_size():
    [fault] = large_files({"a.gz": LARGEST, "b.gz": LARGEST + 1})
    assert fault == "b.gz has 10,000,001 bytes, and a Space takes no file over 10,000,000."


def test_the_image_is_made_of_the_same_python_and_releases():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"FROM python:{front_matter(README)['python_version']}-" in dockerfile
    installed = dict(re.findall(r"(torch|torchvision)==([\d.]+)\+cpu", dockerfile))
    assert installed == {name: PINNED[name] for name in ("torch", "torchvision")}


def test_a_copy_of_head_reads_a_digit_in_a_spaces_environment(tmp_path):
    files = copy_of_head(tmp_path / "copy")
    assert tmp_path / "copy" / "app.py" in files
    told = tried(sys.executable, tmp_path / "copy", "app.py")
    assert told["resident_megabytes"] < 16_000


def test_a_spaces_environment_has_nothing_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_MAX_JOBS", "5")
    told = environment(tmp_path, 7860)
    assert "LAB_MAX_JOBS" not in told
    assert told["SPACE_HOST"] == "someone-digit-lab.hf.space"
