"""The part of checkpoints/README.md on transfer: teachers, and how far they carry."""

import math

from models.checkpoint import path_of, sha256_of
from models.embedding import TEACHER
from models.embedding import load_teacher as load_symbols
from models.enough import COUNTS, WAYS, WRONG, WRONG_COUNTS, Result, gap, kept_results, summary
from models.nets import count_parameters
from models.teachers import TEACHERS, load_teacher, teacher_path

TEACHERS_HEAD = """
## Teachers

Of the Transfer tab. All four are one network by one recipe and budget; each header lists the MNIST
training images that its teacher saw. *Own task*: five classes, on test images of its own task.

| teacher | own task | parameters | bytes | CPU seconds | SHA-256 of the file |
|---|---|---|---|---|---|
"""
ENOUGH_HEAD = """
## From 0–4 to 5–9

Accuracy on all 4,861 test images of 5–9 after k examples of each, in per cent, mean ± standard
deviation over seeds (their number). Scratch, frozen and tuned learn from the same examples at the
same seed, from the teacher `digits04`. Measured by `python -m models enough --write`, kept in
`transfer.json`.

| k | augmented | scratch | frozen | tuned |
|---|---|---|---|---|
"""
WRONG_HEAD = """
The wrong teachers, in points against scratch on the same examples: mean over paired seeds, and in
brackets the spread that it is held against, of the gap or of scratch, the larger. **Bold**: worse
by more than that, negative transfer as Wang et al. 2019 mean it.

| teacher | k | augmented | frozen | tuned |
|---|---|---|---|---|
"""
SYMBOLS = """
`symbols`, {bytes:,} bytes, {parameters:,} parameters: the teacher behind one's own symbols, trained
on all training images of MNIST, upright, turned and mirrored, and on {classes:,} classes of strokes
that the lab draws. Of five held-out made-up classes it reads {one:.1%} from one drawing each and
{five:.1%} from five; of letters and signs that it never saw {one_glyph:.1%} and {five_glyph:.1%}.
SHA-256 `{digest}…`.
"""
COMMANDS = """| the teachers | `python -m models teach --write` |
| `symbols` | `python -m models train-symbols --out symbols.safetensors` |
"""


def transfer_part() -> str:
    """Everything but the commands. Raises CheckpointError."""
    results = kept_results()
    rows = "".join(map(teacher_row, TEACHERS))
    counts = [(k, augmented) for k in COUNTS for augmented in (True, False)]
    enough = "".join(enough_row(results, *point) for point in counts)
    points = [(t, k, a) for t in WRONG for k in sorted(WRONG_COUNTS) for a in (True, False)]
    wrong = "".join(wrong_row(results, *point) for point in points)
    return TEACHERS_HEAD + rows + symbols_note() + ENOUGH_HEAD + enough + WRONG_HEAD + wrong


def teacher_row(key: str) -> str:
    taught, path = load_teacher(key), teacher_path(key)
    facts = taught.facts
    size = f"{count_parameters(taught.network):,} | {path.stat().st_size:,}"
    cells = f"{facts['accuracy']:.2%} | {size} | {facts['seconds']:.0f}"
    return f"| `{key}` | {cells} | `{sha256_of(path)[:16]}…` |\n"


def symbols_note() -> str:
    teacher, path = load_symbols(), path_of(TEACHER)
    figures = teacher.figures
    return SYMBOLS.format(
        bytes=path.stat().st_size,
        parameters=count_parameters(teacher.network),
        classes=teacher.recipe["classes"],
        one=figures["symbols_1_shot"],
        five=figures["symbols_5_shot"],
        one_glyph=figures["glyphs_1_shot"],
        five_glyph=figures["glyphs_5_shot"],
        digest=sha256_of(path)[:16],
    )


def enough_row(results: list[Result], examples: int, augmented: bool) -> str:
    """One line of the table; none where nothing was measured."""
    cells = [mean_cell(*summary(results, way, "digits04", examples, augmented)) for way in WAYS]
    if set(cells) == {"–"}:
        return ""
    return f"| {examples} | {'yes' if augmented else 'no'} | {' | '.join(cells)} |\n"


def mean_cell(mean: float, spread: float, seeds: int) -> str:
    return f"{100 * mean:.1f} ± {100 * spread:.1f} ({seeds})" if seeds else "–"


def wrong_row(results: list[Result], teacher: str, examples: int, augmented: bool) -> str:
    gaps = [gap(results, way, teacher, examples, augmented) for way in ("frozen", "tuned")]
    if all(math.isnan(one.mean) for one in gaps):
        return ""
    cells = []
    for one in gaps:
        cell = f"{100 * one.mean:+.1f} ({100 * one.spread:.1f})"
        cells.append(f"**{cell}**" if one.is_negative else cell)
    return f"| `{teacher}` | {examples} | {'yes' if augmented else 'no'} | {' | '.join(cells)} |\n"
