"""checkpoints/README.md, written from the checkpoints and from what was just measured."""

import json
import shlex
from dataclasses import fields

from models.checkpoint import FOLDER, Checkpoint, load, write_whole
from models.cleaning_report import cleaning_part
from models.curves import kept_points
from models.nets import NETS
from models.recipe import RECIPES, Recipe
from models.transfer_report import COMMANDS as TRANSFER_COMMANDS
from models.transfer_report import transfer_part

SEEDS = FOLDER / "seeds.json"  # written by bench/seeds.py
HEAD = """# Checkpoints

Written by `python -m models evaluate --write`; do not edit by hand. Every file was trained on
MNIST's training images by the command below it, `digits` besides on drawings that the lab makes up,
and measured on the whole test set, which nothing was ever trained or chosen on. A file's header
holds its recipe, the figures as trained and the checksum of its data. `answers.safetensors` keeps
what each reader answered to the test images, with the checksum of the file that answered; the page
shows nothing of it for any other file.
"""
READERS = """
## Readers

| network | accuracy | cross-entropy | parameters | bytes | CPU minutes | SHA-256 of the file |
|---|---|---|---|---|---|---|
"""
CLEANERS = """
## Cleaners, at {noise} noise of {level}, output as the network gives it

Not clamped, but for `denoiser`, which clamps its own.

| network | MSE | PSNR, dB | SSIM | read right | parameters | bytes | CPU minutes | SHA-256 |
|---|---|---|---|---|---|---|---|---|
"""
READ_RIGHT = """
*Read right*: the share of cleaned test digits that `digits` reads right, refusals off.
"""
COMMANDS = """
## How each was made

| network | command |
|---|---|
"""


def write_report(rows: list[dict]) -> None:
    """Renews checkpoints/README.md from the measured rows. Raises CheckpointError."""
    text = HEAD + READERS
    made = {row["name"]: load(row["name"]) for row in rows}
    readers = [row for row in rows if NETS[row["name"]].kind == "reader"]
    cleaners = [row for row in rows if NETS[row["name"]].kind == "cleaner"]
    text += "".join(reader_row(row, made[row["name"]]) for row in readers)
    text += "".join(shrunken_note(row, made[row["name"]]) for row in readers) + seeds_note()
    if cleaners:
        text += CLEANERS.format(**cleaners[0])
        text += "".join(cleaner_row(row, made[row["name"]]) for row in cleaners) + READ_RIGHT
        text += cleaning_part(kept_points())
    text += transfer_part() + COMMANDS
    text += "".join(command_row(*item) for item in made.items()) + TRANSFER_COMMANDS
    write_whole(FOLDER / "README.md", text.encode())


def reader_row(row: dict, checkpoint: Checkpoint) -> str:
    quality = f"{row['accuracy']:.2%} | {row['loss']:.4f}"
    return f"| `{row['name']}` | {quality} | {size_cells(row, checkpoint)}"


def cleaner_row(row: dict, checkpoint: Checkpoint) -> str:
    quality = f"{row['mse']:.5f} | {row['psnr']:.2f} | {row['ssim']:.3f}"
    read = "–" if row["recognised"] is None else f"{row['recognised']:.2%}"
    return f"| `{row['name']}` | {quality} | {read} | {size_cells(row, checkpoint)}"


def size_cells(row: dict, checkpoint: Checkpoint) -> str:
    minutes = checkpoint.figures.get("cpu_seconds", 0) / 60
    digest = checkpoint.sha256[:16]
    return f"{row['parameters']:,} | {row['bytes']:,} | {minutes:.1f} | `{digest}…` |\n"


def shrunken_note(row: dict, checkpoint: Checkpoint) -> str:
    """What shrinking cost, where a file was shrunk."""
    rank = checkpoint.figures.get("rank")
    if not rank:
        return ""
    trained = checkpoint.figures["accuracy_as_trained"]
    return (
        f"\n`{row['name']}` read {trained:.2%} as trained and reads {row['accuracy']:.2%} as "
        "shipped: its 25088 × 1024 layer lies in the file as two factors of rank "
        f"{rank} in half precision (`python -m models shrink IN OUT --rank {rank}`).\n"
    )


def seeds_note() -> str:
    """Mean and spread over seeds, as bench/seeds.py measured them."""
    if not SEEDS.exists():
        return ""
    notes = ""
    for name, facts in json.loads(SEEDS.read_text()).items():
        each = ", ".join(f"{accuracy:.2%}" for accuracy in facts["accuracies"])
        notes += (
            f"\n`{name}` over {len(facts['accuracies'])} seeds: {facts['mean']:.2%} ± "
            f"{facts['sd']:.2%} ({each}), the first one shipped; `python -m bench.seeds FILES`.\n"
        )
    return notes


def command_row(name: str, checkpoint: Checkpoint) -> str:
    """The command that trains this file's recipe: the seed, and what differs from the best."""
    recipe, best = checkpoint.recipe, RECIPES[name]
    words = ["python", "-m", "models", "train", name, "--out", f"{name}.safetensors"]
    for field in fields(Recipe):
        value = getattr(recipe, field.name)
        if value != getattr(best, field.name) or field.name == "seed":
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            words += ["--" + field.name.replace("_", "-"), text]
    return f"| `{name}` | `{shlex.join(words)}` |\n"
