"""python -m models, called as a function: what each command prints, how it refuses bad input."""

import io
import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models import checkpoint, commands, final
from models.__main__ import main
from models.checkpoint import load, load_file, path_of, weights_sha256
from models.data import to_batch
from models.engine import new_network, train
from models.measure import accuracy
from models.nets import NETS, count_parameters
from models.recipe import RECIPES, Recipe, best_recipe

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = {"step", "epoch", "loss", "train_accuracy", "test_accuracy", "seconds", "cpu_seconds"}
ANSWER = {"file", "label", "confidence", "probabilities", "digit_score", "refused", "reason"} | {
    "number",
    "parts",
}


def strict(text: str) -> dict:
    """One line of JSON, where NaN and Infinity are errors as they are to every other reader."""

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture
def run(capsys):
    """Runs a command; gives its exit code, its lines and what it said on stderr."""

    def call(*arguments) -> tuple[int, list[str], str]:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return call


@pytest.fixture
def run_json(run):
    def call(*arguments) -> tuple[int, list[dict]]:
        code, lines, _ = run(*arguments, "--json")
        return code, [strict(line) for line in lines]

    return call


# ---- list, evaluate ------------------------------------------------------------------------------


def test_list_names_every_network_with_its_size_and_its_figure(run_json):
    code, rows = run_json("list")
    assert code == 0
    assert [row["name"] for row in rows] == list(NETS)
    for row in rows:
        name = row["name"]
        assert row["parameters"] == count_parameters(RECIPES[name].build_network())
        assert row["bytes"] == path_of(name).stat().st_size
        figure = "accuracy" if NETS[name].kind == "reader" else "mse"
        assert row[figure] == load(name).figures[figure]


def test_list_goes_on_past_a_damaged_file(run_json, tmp_path, monkeypatch):
    (tmp_path / "linear.safetensors").write_bytes(b"damaged")
    (tmp_path / "mlp.safetensors").write_bytes(path_of("mlp").read_bytes())
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    code, rows = run_json("list")
    rows = {row["name"]: row for row in rows}
    assert code == 1
    assert "linear.safetensors" in rows["linear"]["error"]
    assert rows["mlp"]["accuracy"] > 0.9
    assert rows["digits"]["bytes"] is None


def test_evaluate_measures_on_the_whole_test_set(run_json, mnist):
    code, rows = run_json("evaluate", "linear", "mlp")
    assert code == 0
    assert [row["name"] for row in rows] == ["linear", "mlp"]
    for row in rows:
        network = load(row["name"]).network
        with torch.no_grad():
            logits = network(to_batch(mnist.test_images))
        labels = mnist.test_labels.long()
        right = (logits.argmax(1) == labels).double().mean().item()
        loss = -logits.log_softmax(1)[range(10_000), labels].mean().item()
        assert row["accuracy"] == pytest.approx(right, abs=2e-4)
        assert row["loss"] == pytest.approx(loss, rel=1e-4)
        assert row["parameters"] == count_parameters(network)
        assert row["bytes"] == path_of(row["name"]).stat().st_size
        assert row["seconds"] > 0


# ---- classify ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pictures(mnist, tmp_path_factory) -> list[Path]:
    """The first ten test digits, black on white and ten times larger, as PNG files."""
    folder = tmp_path_factory.mktemp("pictures")
    for at, image in enumerate(mnist.test_images[:10]):
        large = Image.fromarray(255 - image.numpy()).resize((280, 280), Image.Resampling.BICUBIC)
        large.save(folder / f"{at}.png")
    return sorted(folder.iterdir())


@pytest.mark.parametrize("options", [(), ("--model", "small_cnn"), ("--model", "mlp")])
def test_classify_reads_test_digits_from_their_files(run_json, pictures, mnist, options):
    code, answers = run_json("classify", *options, *pictures)
    assert code == 0
    assert [answer["file"] for answer in answers] == [str(path) for path in pictures]
    read = [answer["label"] for answer in answers]
    right = [str(label) for label in mnist.test_labels[:10].tolist()]
    assert sum(a == b for a, b in zip(read, right, strict=True)) >= 9
    for answer in answers:
        assert set(answer) == ANSWER
        assert len(answer["probabilities"]) == 10
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert answer["label"] == str(int(np.argmax(answer["probabilities"])))
        assert answer["confidence"] == max(answer["probabilities"])
        assert 0 < answer["digit_score"] <= 1
        assert (answer["refused"], answer["reason"]) == (False, None)
        assert (answer["number"], answer["parts"]) == (None, None)


def test_classify_reads_with_digits_unless_told(run_json, pictures):
    assert run_json("classify", pictures[0]) == run_json(
        "classify", "--model", "digits", pictures[0]
    )


def test_a_bad_file_gets_its_sentence_and_the_others_go_on(run_json, pictures, tmp_path):
    bad = tmp_path / "words.png"
    bad.write_text("no picture")
    gone = tmp_path / "gone.png"
    files = [pictures[0], bad, gone, pictures[1]]
    code, answers = run_json("classify", "--model", "small_cnn", *files)
    assert code == 1
    assert [answer["file"] for answer in answers] == [str(file) for file in files]
    assert [set(answer) for answer in answers[1:3]] == [{"file", "error"}] * 2
    assert [answer["label"] for answer in (answers[0], answers[3])] == ["7", "2"]


def test_a_bad_file_s_sentence_goes_to_a_person_s_errors(run, pictures, tmp_path):
    gone = tmp_path / "gone.png"
    code, lines, err = run("classify", "--model", "small_cnn", gone, pictures[0])
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"{pictures[0]}: 7 (")
    assert err.count("\n") == 1
    assert str(gone) in err


def test_an_empty_sheet_is_refused_as_blank(run_json, tmp_path):
    path = tmp_path / "blank.png"
    Image.new("L", (280, 280), 255).save(path)
    code, (answer,) = run_json("classify", "--model", "small_cnn", path)
    assert code == 0
    assert set(answer) == ANSWER
    assert (answer["label"], answer["refused"], answer["reason"]) == (None, True, "blank")
    assert answer["digit_score"] == 0
    assert len(answer["probabilities"]) == 10


# ---- train ---------------------------------------------------------------------------------------

SHORT = ["--train-images", 1280, "--epochs", 2]


def everything_in(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_train_prints_a_line_a_snapshot_and_last_the_final_figures(
    run_json, tmp_path, monkeypatch, mnist
):
    monkeypatch.chdir(tmp_path)
    shipped = everything_in(checkpoint.FOLDER)
    code, (*snapshots, last) = run_json("train", "linear", *SHORT, "--seed", 5)
    assert code == 0
    assert len(snapshots) >= 20
    assert all(set(snapshot) >= SNAPSHOT for snapshot in snapshots)
    assert not any("done" in snapshot for snapshot in snapshots)
    assert last["done"] is True
    recipe = best_recipe("linear", train_images=1280, epochs=2.0, seed=5)
    network = new_network(recipe)
    *_, end = train(recipe, network)
    assert last["weights_sha256"] == weights_sha256(network)
    assert last["loss"] == end.loss
    measured = accuracy(network, mnist.test_images, mnist.test_labels)
    assert last["test_accuracy"] == last["accuracy"] == pytest.approx(measured, abs=1e-6)
    assert list(tmp_path.iterdir()) == []  # without --out nothing is written
    assert everything_in(checkpoint.FOLDER) == shipped


def test_train_keeps_the_network_where_it_is_told(run_json, tmp_path):
    out = tmp_path / "mine.safetensors"
    code, (*_, last) = run_json("train", "mlp", *SHORT, "--width", 16, "--bias", "no", "--out", out)
    assert code == 0
    assert list(tmp_path.iterdir()) == [out]
    kept = load_file(out, "mlp")
    assert (kept.recipe.width, kept.recipe.bias) == (16, False)
    assert weights_sha256(kept.network) == last["weights_sha256"]
    assert kept.figures["accuracy"] == last["accuracy"]


def test_train_a_cleaner_leaves_accuracies_null(run_json, monkeypatch):
    monkeypatch.setattr(final, "usual_reader", lambda: None)  # quicker
    options = ["--train-images", 800, "--batch-size", 20, "--epochs", 1]
    code, (*snapshots, last) = run_json("train", "linear_autoencoder", *options)
    assert code == 0
    assert len(snapshots) >= 20
    assert {s["test_accuracy"] for s in snapshots} == {s["train_accuracy"] for s in snapshots}
    assert snapshots[0]["test_accuracy"] is None
    assert last["mse"] > 0
    assert last["recognised"] is None


# A value for each option, other than the network's own; a new field of Recipe needs one here.
OTHER = {
    "width": 32,
    "depth": 2,
    "activation": "tanh",
    "bias": "no",
    "batch_norm": "yes",
    "init": "kaiming",
    "rate_changes": "3:0.01,5:0.002",
    "label_noise": 0.125,
    "dropout": 0.25,
    "loss": "rmse",
    "label_smoothing": 0.1,
    "optimizer": "momentum",
    "learning_rate": 0.05,
    "schedule": "constant",
    "momentum": 0.5,
    "beta1": 0.8,
    "beta2": 0.95,
    "weight_decay": 0.001,
    "batch_size": 50,
    "epochs": 0.5,
    "train_images": 500,
    "held_out": 100,
    "augment": "affine,elastic",
    "outsiders": 0.1,
    "penned": 0.05,
    "noise": "gaussian",
    "noise_level": 0.25,
    "precision": "bfloat16",
    "seed": 7,
}


def test_every_field_of_a_recipe_is_an_option_that_reaches_it(run, monkeypatch):
    seen = []
    monkeypatch.setattr(commands, "train_and_say", lambda recipe, *_: seen.append(recipe) or 0)
    names = [field.name for field in fields(Recipe) if field.name != "network"]
    options = [(f"--{name.replace('_', '-')}", OTHER[name]) for name in names]
    code, _, err = run("train", "mlp", *(word for option in options for word in option))
    assert (code, err) == (0, "")
    wanted = {**OTHER, "bias": False, "batch_norm": True, "augment": ("affine", "elastic")}
    wanted["rate_changes"] = ((3, 0.01), (5, 0.002))
    assert seen == [Recipe("mlp", **wanted)]


def test_a_run_that_diverges_says_so_in_sound_json_and_keeps_nothing(run_json, tmp_path):
    options = ["--optimizer", "sgd", "--learning-rate", 1e4, "--schedule", "constant"]
    out = tmp_path / "never.safetensors"
    code, lines = run_json("train", "small_cnn", *SHORT, *options, "--out", out)
    assert code == 1
    assert lines[-1]["diverged"] is True
    assert lines[-1]["done"] is True
    assert lines[-1]["loss"] is None
    assert list(tmp_path.iterdir()) == []


def test_a_person_gets_the_same_facts_in_words(run):
    code, lines, err = run("train", "linear", *SHORT)
    assert (code, err) == (0, "")
    assert "loss" in lines[0]
    assert "weights_sha256" in lines[-1]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("command", [["train", "linear", *map(str, SHORT)], ["evaluate", "linear"]])
def test_a_terminal_gets_a_progress_bar_for_work_over_a_second(command, monkeypatch, capsys):
    monkeypatch.setattr(commands, "SLOW", 0)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert main(command) == 0
    assert "%|" in terminal.getvalue()
    assert "%|" not in capsys.readouterr().out


# ---- bad input -----------------------------------------------------------------------------------

MISSPELT = [
    ([], "COMMAND"),
    (["fly"], "fly"),
    (["train"], "NAME"),
    (["train", "linear", "--speed", "3"], "--speed"),
    (["train", "linear", "--epochs", "many"], "many"),
    (["train", "linear", "--epochs"], "--epochs"),
    (["train", "mlp", "--bias", "perhaps"], "perhaps"),
    (["train", "linear", "--batch-size", "2.5"], "2.5"),
    (["classify"], "FILE"),
    (["evaluate", "linear", "--level", "high"], "high"),
    (["shrink", "one"], "OUT"),
    (["shrink", "one", "two", "--rank", "x"], "x"),
]
IMPOSSIBLE = [
    (["train", "alexnet"], "alexnet"),
    (["train", "linear", "--epochs", "-1"], "-1"),
    (["train", "linear", "--epochs", "nan"], "nan"),
    (["train", "linear", "--learning-rate", "inf"], "inf"),
    (["train", "linear", "--optimizer", "lion"], "lion"),
    (["train", "linear", "--augment", "mirror"], "mirror"),
    (["train", "linear", "--threads", "0"], "be 0;"),
    (["train", "linear", "--batch-size", "100000"], "100000"),
    (["train", "linear", "--out", "/nowhere/at/all.safetensors"], "all.safetensors"),
    (["train", "conv_autoencoder", "--loss", "cross_entropy"], "cross_entropy"),
    (["classify", "--model", "alexnet", "x.png"], "alexnet"),
    (["classify", "--model", "conv_autoencoder", "x.png"], "conv_autoencoder"),
    (["evaluate", "alexnet"], "alexnet"),
    (["evaluate", "linear", "--noise", "rain"], "rain"),
    (["evaluate", "linear", "--level", "9999"], "9999"),
    (["evaluate", "linear", "--level", "nan"], "nan"),
    (["shrink", "/nowhere/in.safetensors", "out.safetensors"], "in.safetensors"),
    (["shrink", str(path_of("linear")), "out.safetensors"], "linear"),
    (["shrink", str(path_of("book_cnn")), "out.safetensors", "--rank", "0"], "be 0;"),
    (["shrink", str(path_of("book_cnn")), "out.safetensors", "--rank", "1025"], "1025"),
]


@pytest.mark.parametrize(
    ("arguments", "value", "wanted"),
    [(*case, 2) for case in MISSPELT] + [(*case, 1) for case in IMPOSSIBLE],
    ids=lambda case: "_".join(case) if isinstance(case, list) else "",
)
def test_bad_input_gets_one_plain_sentence_with_the_value_in_it(
    run, tmp_path, monkeypatch, arguments, value, wanted
):
    monkeypatch.chdir(tmp_path)
    code, lines, err = run(*arguments)
    assert (code, lines) == (wanted, [])
    assert err.count("\n") == 1
    assert err.startswith("python -m models")
    assert value in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["list", "classify", "evaluate", "train", "shrink"])
def test_every_command_explains_itself(run, command):
    code, lines, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert any("--json" in line for line in lines)


def test_a_damaged_checkpoint_gets_its_sentence(run, tmp_path, monkeypatch):
    content = path_of("linear").read_bytes()
    (tmp_path / "linear.safetensors").write_bytes(content[: len(content) // 2])
    monkeypatch.setattr(checkpoint, "FOLDER", tmp_path)
    code, lines, err = run("evaluate", "linear")
    assert (code, lines) == (1, [])
    assert "linear.safetensors can't be used" in err
    assert err.count("\n") == 1


def test_stopping_it_by_hand_is_no_traceback(run, monkeypatch):
    def stop(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "list_networks", stop)
    code, _, err = run("list")
    assert code == 130
    assert err.count("\n") == 1


def test_a_reader_that_has_seen_enough_is_no_error():
    """As in `python -m models list | head -1`."""
    command = [sys.executable, "-m", "models", "list", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        assert strict(process.stdout.readline().decode())["name"] == next(iter(NETS))
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
