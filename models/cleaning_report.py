"""The part of checkpoints/README.md on all cleaners, from what `models curves` kept."""

from models.cleaners import CLEANERS
from models.curves import NOTHING, Point, levels
from models.filters import FILTERS
from models.noise import NOISES

HEAD = """
## Every cleaner, on the whole test set, clamped to [0, 1]

Measured by `python -m models curves --write`, kept in `cleaning.json`; the noise's seed is 0, that
of the training pairs of `lmmse`, the best linear map, 1000. The filters' strengths in
`strengths.json` were chosen on 100 training images for each noise and level. *Read right* is judged
by `digits`, in bfloat16, refusals off.

Gaussian noise of 0.5:

| cleaner | MSE | PSNR, dB | SSIM | read right |
|---|---|---|---|---|
"""
KINDS = """
Each noise in the middle of its range, PSNR in dB / SSIM / read right; *best filter* is the one of
the highest PSNR:

| noise | level | uncleaned | `denoiser` | `lmmse` | best filter |
|---|---|---|---|---|---|
"""


def cleaning_part(points: list[Point]) -> str:
    """Both tables and the sentence on clean digits; empty where not everything was measured."""
    found = {(point.noise, point.level, point.cleaner): point for point in points}
    names = (NOTHING, *CLEANERS)
    wanted = [(noise, level, name) for noise in NOISES for level in levels(noise) for name in names]
    if not found.keys() >= set(wanted):
        return ""
    rows = [cleaner_row(found["gaussian", 0.5, name]) for name in names]
    kinds = [kind_row(noise, found) for noise in NOISES]
    return HEAD + "".join(rows) + KINDS + "".join(kinds) + highlights(found)


def cleaner_row(point: Point) -> str:
    figures = f"{point.mse:.5f} | {point.psnr:.2f} | {point.ssim:.3f} | {point.recognised:.2%}"
    return f"| {point.cleaner} | {figures} |\n"


def kind_row(noise: str, found: dict[tuple[str, float, str], Point]) -> str:
    level = NOISES[noise].nearest(NOISES[noise].middle)
    best = max((found[noise, level, name] for name in FILTERS), key=lambda point: point.psnr)
    cells = [in_short(found[noise, level, name]) for name in (NOTHING, "denoiser", "lmmse")]
    return f"| {noise} | {level:g} | {' | '.join(cells)} | `{best.cleaner}` {in_short(best)} |\n"


def in_short(point: Point) -> str:
    return f"{point.psnr:.2f} / {point.ssim:.3f} / {point.recognised:.1%}"


def highlights(found: dict[tuple[str, float, str], Point]) -> str:
    """What the denoiser does to clean digits, and to the strongest Gaussian noise."""
    clean = found["gaussian", 0.0, "denoiser"]
    before, after = (found["gaussian", 1.0, name].recognised for name in (NOTHING, "denoiser"))
    return (
        f"\nOn clean digits `denoiser` reaches {clean.psnr:.1f} dB and `digits` reads "
        f"{clean.recognised:.2%} of what it leaves. Of digits under Gaussian noise of 1.0 `digits` "
        f"reads {before:.1%}, after `denoiser` {after:.1%}.\n"
    )
