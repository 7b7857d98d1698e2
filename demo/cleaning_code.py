"""What the Denoise tab just did as a script: digit.png spoiled, cleaned and compared; training."""

from torch import Tensor

from demo.cleaning_steps import CLEANED, DIGIT, Cleaning, steps_of
from demo.code_view import Part, literal, notebook, script
from demo.lab_source import Excerpts, unrun
from demo.weights import MEGABYTE, as_file, megabytes, weights_file
from models import linear_map, noise, picture
from models.picture import as_png

standalone_cleaning = unrun("demo.standalone_cleaning")

SCRIPT, NOTEBOOK, README = "clean_digit.py", "clean_digit.ipynb", "README.txt"
# Packages that an import needs besides torch, torchvision and pillow.
PACKAGES = {"scipy.ndimage": "scipy", "skimage.restoration": "scikit-image"}
MAP_SIZE = (28 * 28) ** 2 * 4 / MEGABYTE  # of the linear map's weights, 4 bytes each


def parts(cleaning: Cleaning) -> list[Part]:
    """The script's parts, the essential one first. Raises CheckpointError."""
    return gathered(cleaning, Excerpts())


def gathered(cleaning: Cleaning, source: Excerpts) -> list[Part]:
    """The parts, and in `source` what they import."""
    paper = source.take(picture, "on_paper")  # which the essential step calls, and stands below it
    short = source.take(standalone_cleaning, "clean_file")
    spoil = source.take(noise, cleaning.spoil)
    *before, last = steps_of(cleaning, source)
    measure = [paper, source.take(standalone_cleaning, "report")]
    answer = "\n".join([last.code, *calling(cleaning)])
    words = "\n".join([last.words, cleaning.say("clean_code_left_out")])
    return [
        Part(about(cleaning, source), "\n" + source.import_lines()),
        Part(cleaning.say("clean_code_short"), short),
        Part(cleaning.say("clean_code_noise"), spoil),
        *before,
        Part(words, "\n\n\n".join([*measure, answer])),
    ]


def about(cleaning: Cleaning, source: Excerpts) -> str:
    """What the script does, and what it needs."""
    key = "clean_code_beside" if cleaning.weights else "clean_code_beside_alone"
    return "\n".join(
        [cleaning.say("clean_code_about"), cleaning.say(key, needs=", ".join(needs(source)))]
    )


def needs(source: Excerpts) -> list[str]:
    """The packages to install."""
    others = [package for module, package in PACKAGES.items() if source.uses(module)]
    return ["torch", "torchvision", "pillow", *others]


def calling(cleaning: Cleaning) -> list[str]:
    """The digit through the noise and `clean`, and how far both pictures are from it."""
    names = {"spoiled": "clean_code_spoiled", "cleaned": "clean_code_cleaned"}
    return [
        "digit, spoiled, cleaned = clean_file(",
        f"    {literal(DIGIT)},",
        f"    {literal(CLEANED)},",
        f"    spoil={cleaning.spoil},",
        f"    level={literal(cleaning.level)},",
        f"    seed={cleaning.seed},",
        "    clean=clean,",
        ")",
        *(f"report({literal(cleaning.say(key))}, {name}, digit)" for name, key in names.items()),
    ]


# ---- What is taken home ---------------------------------------------------------------------


def take_home(cleaning: Cleaning, digit: Tensor) -> dict[str, bytes]:
    """Files by name that clean a digit (28, 28), ink in [0, 1], without the lab.

    Raises CheckpointError, DataError.
    """
    source = Excerpts()
    steps = gathered(cleaning, source)
    readme = cleaning.say("clean_code_readme", needs=" ".join(needs(source)))
    files = {
        SCRIPT: script(steps, cleaning.language).encode(),
        NOTEBOOK: notebook(steps, cleaning.language).encode(),
        DIGIT: as_png(digit),
    }
    if cleaning.weights:
        readme += cleaning.say("clean_code_readme_train")
        files[cleaning.weights] = what_was_learned(cleaning)
    return files | {README: readme.encode()}


def what_was_learned(cleaning: Cleaning) -> bytes:
    """A network's weights, or the linear map that was fitted for this noise and level."""
    if cleaning.kind == "network":
        return weights_file(cleaning.cleaner)
    return as_file(vars(linear_map.linear_map(cleaning.noise, cleaning.level)))


def size(cleaning: Cleaning) -> float:
    """About how many megabytes that is."""
    if cleaning.weights is None:
        return 0.0
    return megabytes(cleaning.cleaner) if cleaning.kind == "network" else MAP_SIZE
