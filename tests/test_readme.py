"""What README says can be done as it stands there, and README.zh.md says the same."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from demo.options import chosen_options
from models.__main__ import build_parser
from tests.readme import ROOT, blocks, commands, headings, links, prose, rows, section, text_of

ENGLISH, CHINESE = text_of(), text_of("README.zh.md")
TEXTS = (ENGLISH, CHINESE)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
USUAL = "http://127.0.0.1:7860"
PATIENCE = 240  # s, on a busy machine
MODELS = "python -m models "
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The pictures that the examples name: a dark 7 on light paper."""
    folder = tmp_path_factory.mktemp("readme")
    picture = Image.new("L", (240, 200), 230)
    ImageDraw.Draw(picture).line([(80, 40), (160, 42), (110, 160)], fill=30, width=14)
    for name in ("seven.png", "photo.jpg"):
        picture.save(folder / name)
    return folder


def said(command: list[str], folder: Path) -> str:
    """What a command prints; it has to end well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


# ---- The API --------------------------------------------------------------------------------


def examples(language: str) -> list[str]:
    return [one.code for one in blocks(section("The API")) if one.language == language]


def test_the_example_with_curl_reads_a_picture(lab_url, folder):
    [example] = examples("sh")
    assert USUAL in example
    [answer] = json.loads(said(["sh", "-c", example.replace(USUAL, lab_url)], folder))["data"]
    assert (answer["label"], answer["refused"]) == ("7", False)


def test_the_examples_with_gradio_client_run_one_after_the_other(lab_url, folder):
    script = "\n".join(examples("python"))
    assert {f"/{name}" for name in ("classify", "denoise", "train", "transfer")} <= set(
        re.findall(r'api_name="(/\w+)"', script)
    )
    script += "\nprint(figures)\n"
    printed = said([sys.executable, "-c", script.replace(USUAL, lab_url)], folder)
    assert "'label': '7'" in printed
    assert "'done': True" in printed
    assert "'psnr'" in printed


# ---- Commands -------------------------------------------------------------------------------


@pytest.mark.parametrize("command", commands(MODELS))
def test_the_command_line_takes_the_example(command):
    build_parser().parse_args(shlex.split(command.removeprefix(MODELS)))


def test_torchrun_is_given_a_command_that_there_is():
    [command] = commands("torchrun")
    build_parser().parse_args(shlex.split(command.partition(" -m models ")[2]))


@pytest.mark.parametrize("command", commands("python app.py"))
def test_the_lab_takes_the_options_of_the_example(command):
    assert chosen_options(shlex.split(command)[2:])


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`python -m (bench\.[\w.]+)", ENGLISH))))
def test_a_figure_names_a_measurement_that_there_is(name):
    assert (ROOT / f"{name.replace('.', '/')}.py").is_file()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", ENGLISH))))
def test_make_knows_the_target(target):
    assert f"\n{target}: ##" in MAKEFILE


def test_the_books_way_in_gives_a_batch(tmp_path):
    [block] = blocks(section("The book's way in"))
    script = f"{block.code}\nimages, labels = next(iter(batches))\nprint(tuple(images.shape))\n"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.stdout.strip() == "(64, 1, 28, 28)", done.stderr[-500:]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_a_link_leads_to_a_file(name):
    text = text_of(name)
    local = [link for link in links(text) if not link.startswith(("http", "#"))]
    assert not [link for link in local if not (ROOT / link).exists()]


def test_the_folder_map_names_files_that_there_are():
    [*named] = [cell.strip("`") for cell, *_ in rows(section("Where things are")) if "`" in cell]
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]


# ---- Both languages -------------------------------------------------------------------------


def code_alone(block) -> list[str]:
    """A block's lines without their comments, which are in the reader's language."""
    return [re.sub(r"\s*(#|//).*", "", line) for line in block.code.splitlines()]


def figures(row: list[str]) -> list[str]:
    return sorted(NUMBER.findall(" ".join(row)))


def test_both_readmes_have_the_same_sections():
    levels = [[heading.partition(" ")[0] for heading in headings(text)] for text in TEXTS]
    assert levels[0] == levels[1]


def test_both_readmes_have_the_same_code():
    english, chinese = ([(one.language, code_alone(one)) for one in blocks(text)] for text in TEXTS)
    assert english == chinese


def test_both_readmes_have_the_same_tables_with_the_same_figures():
    english, chinese = (rows(text) for text in TEXTS)
    assert [len(row) for row in english] == [len(row) for row in chinese]
    differ = [
        (one, other)
        for one, other in zip(english, chinese, strict=True)
        if figures(one) != figures(other)
    ]
    assert differ == []


def test_both_readmes_name_the_same_code_in_their_tables():
    def named(text: str) -> list[list[str]]:
        return [sorted(re.findall(r"`[^`]+`", " ".join(row))) for row in rows(text)]

    assert named(ENGLISH) == named(CHINESE)


def test_both_readmes_lead_to_the_same_places():
    switch = {"README.md", "README.zh.md"}
    english, chinese = ([link for link in links(text) if link not in switch] for text in TEXTS)
    assert english == chinese


def test_each_readme_leads_to_the_other_and_is_in_its_language():
    assert "README.zh.md" in links(ENGLISH)
    assert "README.md" in links(CHINESE)
    told = [line for line in prose(CHINESE).splitlines() if re.search("[A-Za-z]{3}", line)]
    mostly = [line for line in told if re.search("[\u4e00-\u9fff]", line)]
    assert len(mostly) > 0.9 * len(told)
