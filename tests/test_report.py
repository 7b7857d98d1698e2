"""checkpoints/README.md says what the files and their measurements say."""

import hashlib
import json
import re
import shlex
import shutil
import statistics
from dataclasses import fields

import pytest

from models import checkpoint, report
from models.__main__ import build_parser, main
from models.answers import kept_answers
from models.checkpoint import FOLDER, load, path_of
from models.cleaning_report import cleaning_part
from models.curves import kept_points
from models.nets import NETS, count_parameters
from models.recipe import Recipe, best_recipe
from models.teachers import TEACHERS, teacher_path
from models.transfer_report import transfer_part


@pytest.fixture(scope="module")
def shipped() -> str:
    """The table in the repository."""
    return (FOLDER / "README.md").read_text(encoding="utf-8")


def rows(text: str, name: str) -> list[list[str]]:
    """The cells of each table row that begins with a network's name."""
    lines = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture
def written(tmp_path, monkeypatch, capsys) -> str:
    """What `evaluate --write` writes for the two quickest networks."""
    for name in ("linear", "mlp", "symbols", *(f"teacher_{key}" for key in TEACHERS)):
        shutil.copyfile(path_of(name), tmp_path / f"{name}.safetensors")
    for module in (checkpoint, report):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(report, "SEEDS", tmp_path / "seeds.json")
    (tmp_path / "seeds.json").write_text(
        json.dumps({"digits": {"accuracies": [0.9961, 0.9967], "mean": 0.9964, "sd": 0.0003}})
    )
    assert main(["evaluate", "--write", "--json"]) == 0
    measured = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in measured] == ["linear", "mlp"]
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    for row in measured:
        assert rows(text, row["name"])[0][1:3] == [f"{row['accuracy']:.2%}", f"{row['loss']:.4f}"]
    return text


def test_writing_puts_what_was_measured_into_the_table(written):
    assert "99.64% ± 0.03% (99.61%, 99.67%)" in written
    assert "book_cnn" not in written


def test_writing_keeps_the_answers_of_the_files_that_were_measured(written, mnist):
    for name in ("linear", "mlp"):
        kept = kept_answers(load(name), len(mnist.test_labels))
        right = float((kept.labels == mnist.test_labels).double().mean())
        assert rows(written, name)[0][1] == f"{right:.2%}"


def test_a_folder_that_can_t_be_written_gets_one_sentence(monkeypatch, capsys, tmp_path):
    shutil.copyfile(path_of("linear"), tmp_path / "linear.safetensors")
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    monkeypatch.setattr(report, "FOLDER", tmp_path / "gone")
    assert main(["evaluate", "--write"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("name", NETS)
def test_the_shipped_table_speaks_of_the_shipped_file(shipped, name):
    figures, _ = rows(shipped, name)
    content = path_of(name).read_bytes()
    assert f"{count_parameters(load(name).network):,}" in figures
    assert f"{len(content):,}" in figures
    assert hashlib.sha256(content).hexdigest().startswith(figures[-1].strip("`…"))


@pytest.mark.parametrize("name", NETS)
def test_the_shipped_table_gives_the_figure_of_the_file_s_header(shipped, name):
    figures, _ = rows(shipped, name)
    said = load(name).figures
    if NETS[name].kind == "reader":
        # two ties of 10,000 may fall differently on another machine
        assert float(figures[1].rstrip("%")) / 100 == pytest.approx(said["accuracy"], abs=2.5e-4)
    else:
        assert float(figures[1]) == pytest.approx(said["mse"], abs=1e-4)


@pytest.mark.parametrize("name", NETS)
def test_the_command_beside_a_file_trains_the_recipe_in_its_header(shipped, name):
    _, (_, command) = rows(shipped, name)
    words = shlex.split(command.strip("`"))
    assert words[:3] == ["python", "-m", "models"]
    options = vars(build_parser().parse_args(words[3:]))
    known = {field.name for field in fields(Recipe)} - {"network"}
    changes = {key: value for key, value in options.items() if key in known}
    assert best_recipe(options["network"], **changes) == load(name).recipe


def test_the_shipped_table_states_the_spread_over_the_seeds_that_were_trained(shipped):
    facts = json.loads(report.SEEDS.read_text())["digits"]
    accuracies = facts["accuracies"]
    assert len(set(facts["seeds"])) == len(accuracies) >= 2
    assert accuracies[0] == pytest.approx(load("digits").figures["accuracy"])
    spread = re.search(r"`digits` over (\d+) seeds: ([\d.]+)% ± ([\d.]+)%", shipped)
    stated = [float(text) for text in spread.groups()]
    mean, deviation = statistics.mean(accuracies), statistics.stdev(accuracies)
    assert stated == pytest.approx([len(accuracies), 100 * mean, 100 * deviation], abs=0.005)


def test_the_shipped_tables_of_all_cleaners_say_what_was_measured(shipped):
    part = cleaning_part(kept_points())
    assert part
    assert part in shipped


def test_what_is_said_of_teachers_is_what_their_files_and_runs_say(shipped):
    assert transfer_part() in shipped
    for key in TEACHERS:
        digest = hashlib.sha256(teacher_path(key).read_bytes()).hexdigest()
        assert f"`{digest[:16]}…`" in rows(shipped, key)[0]
    results = json.loads((FOLDER / "transfer.json").read_text())
    runs = [dict(zip(results["columns"], row, strict=True)) for row in results["results"]]
    wanted = {"teacher": "digits04", "examples": 10, "augmentation": True}
    for column, way in enumerate(("scratch", "frozen", "tuned"), 2):
        ours = [run for run in runs if run | wanted | {"way": way} == run]
        figures = [100 * run["accuracy"] for run in ours]
        cell = f"{statistics.mean(figures):.1f} ± {statistics.stdev(figures):.1f} ({len(figures)})"
        line = next(line for line in shipped.splitlines() if line.startswith("| 10 | yes |"))
        assert line.split(" | ")[column].strip(" |") == cell
