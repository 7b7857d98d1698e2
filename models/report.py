"""checkpoints/README.md, written from the checkpoints themselves."""

import hashlib
import json
import shlex
from dataclasses import fields

from models.checkpoint import FOLDER, Checkpoint, available, load, path_of, write_whole
from models.nets import count_parameters
from models.recipe import RECIPES, Recipe

SEEDS = FOLDER / "seeds.json"  # written by bench/seeds.py
HEAD = """# Checkpoints

Written by `python -m models evaluate --write`; do not edit by hand. Every file was trained on MNIST's
training images by the command beside it and measured on the whole test set, which nothing was ever
trained or chosen on. A file's header holds its recipe, these figures and the checksum of its data.
"""
READERS = """
## Readers

| network | accuracy | cross-entropy | parameters | bytes | CPU minutes | SHA-256 of the file |
|---|---|---|---|---|---|---|
"""
CLEANERS = """
## Cleaners, at gaussian noise of σ 0.5, output not clamped

| network | MSE | PSNR, dB | SSIM | recognised by `digits` | parameters | bytes | CPU minutes | SHA-256 of the file |
|---|---|---|---|---|---|---|---|---|
"""
COMMANDS = """
## How each was made

| network | command |
|---|---|
"""


def write_report() -> None:
    """Renews checkpoints/README.md. Raises CheckpointError where it can't be written."""
    readers = {name: load(name) for name in available("reader")}
    cleaners = {name: load(name) for name in available("cleaner")}
    text = HEAD + READERS + "".join(reader_row(*item) for item in readers.items())
    text += shrunken_note(readers) + seeds_note()
    text += CLEANERS + "".join(cleaner_row(*item) for item in cleaners.items())
    text += COMMANDS + "".join(command_row(*item) for item in (readers | cleaners).items())
    write_whole(FOLDER / "README.md", text.encode())


def size_cells(name: str, checkpoint: Checkpoint) -> str:
    content = path_of(name).read_bytes()
    minutes = checkpoint.figures.get("cpu_seconds", 0) / 60
    digest = hashlib.sha256(content).hexdigest()
    parameters = count_parameters(checkpoint.network)
    return f"{parameters:,} | {len(content):,} | {minutes:.1f} | `{digest[:16]}…` |\n"


def reader_row(name: str, checkpoint: Checkpoint) -> str:
    figures = checkpoint.figures
    loss = figures.get("loss", figures.get("test_loss"))
    return f"| `{name}` | {figures['accuracy']:.2%} | {loss:.4f} | {size_cells(name, checkpoint)}"


def cleaner_row(name: str, checkpoint: Checkpoint) -> str:
    figures = checkpoint.figures
    quality = f"{figures['mse']:.5f} | {figures['psnr']:.2f} | {figures['ssim']:.3f}"
    recognised = figures.get("recognised")
    read = "–" if recognised is None else f"{recognised:.2%}"
    return f"| `{name}` | {quality} | {read} | {size_cells(name, checkpoint)}"


def shrunken_note(readers: dict[str, Checkpoint]) -> str:
    """What shrinking cost, where a file was shrunk."""
    notes = ""
    for name, checkpoint in readers.items():
        if rank := checkpoint.figures.get("rank"):
            trained = checkpoint.figures["accuracy_as_trained"]
            shipped = checkpoint.figures["accuracy"]
            notes += (
                f"\n`{name}` read {trained:.2%} as trained and reads {shipped:.2%} as shipped: its "
                f"25088 × 1024 layer lies in the file as two factors of rank {rank} in half "
                f"precision (`python -m models shrink IN OUT --rank {rank}`).\n"
            )
    return notes


def seeds_note() -> str:
    """Mean and spread over seeds, as bench/seeds.py measured them."""
    if not SEEDS.exists():
        return ""
    notes = ""
    for name, facts in json.loads(SEEDS.read_text()).items():
        each = ", ".join(f"{accuracy:.2%}" for accuracy in facts["accuracies"])
        notes += (
            f"\n`{name}` over {len(facts['accuracies'])} seeds: {facts['mean']:.2%} ± "
            f"{facts['sd']:.2%} ({each}); `python bench/seeds.py`. The first one is shipped.\n"
        )
    return notes


def command_row(name: str, checkpoint: Checkpoint) -> str:
    """The command that trains this file's recipe, with every setting that differs from the best."""
    recipe, best = checkpoint.recipe, RECIPES[name]
    words = ["python", "-m", "models", "train", name, "--out", f"{name}.safetensors"]
    for field in fields(Recipe):
        value = getattr(recipe, field.name)
        if value != getattr(best, field.name) or field.name == "seed":
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            words += ["--" + field.name.replace("_", "-"), text]
    return f"| `{name}` | `{shlex.join(words)}` |\n"
