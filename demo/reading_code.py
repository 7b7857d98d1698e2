"""What the Draw tab just did as a script: drawing.png through a network to ten probabilities."""

from dataclasses import dataclass

from torch import Tensor

from demo.code_view import Part, literal, notebook, script
from demo.lab_source import Excerpts, unrun
from demo.weights import loader_of, weights_of
from demo.words import DEFAULT_LANGUAGE, say
from models import ink, nets, predict
from models.checkpoint import Checkpoint
from models.picture import as_png
from models.predict import Caution

standalone = unrun("demo.standalone")

SCRIPT, NOTEBOOK, DRAWING, README = "read_digit.py", "read_digit.ipynb", "drawing.png", "README.txt"


@dataclass(frozen=True)
class Reading:
    """All that the script depends on; the drawing itself lies beside it as a file."""

    kept: Checkpoint
    caution: Caution = Caution()
    centred: bool = True
    language: str = DEFAULT_LANGUAGE

    @property
    def name(self) -> str:
        return self.kept.recipe.network

    @property
    def weights(self) -> str:
        """The file of the network's weights."""
        return f"{self.name}.pt"

    def say(self, key: str, **details: str) -> str:
        return say(key, self.language, name=self.name, weights=self.weights, **details)


def parts(reading: Reading) -> list[Part]:
    """The script's parts, the essential one first. Raises CheckpointError."""
    name, source = reading.name, Excerpts()
    load = loader_of(reading.kept)
    digit = source.take(ink, "to_digit")
    network = source.take(nets, nets.NETS[name].build.__name__)
    weights = source.take(standalone, load)
    short = source.take(standalone, "read_drawing")
    answer = refusing(reading, source) + answering(reading, load)
    return [
        Part(reading.say("code_part_about"), "\n" + source.import_lines()),
        Part(reading.say("code_part_short"), short),
        Part(reading.say("code_part_ink"), digit),
        Part(reading.say("code_part_network"), network),
        Part(reading.say("code_part_weights"), weights),
        Part(answer_words(reading), answer),
    ]


def answer_words(reading: Reading) -> str:
    """What the last part does, and what it leaves out."""
    doubts = reading.caution != Caution()
    keys = ["code_part_answer", *["code_part_doubt"] * doubts, "code_part_left_out"]
    return "\n".join(map(reading.say, keys))


def refusing(reading: Reading, source: Excerpts) -> str:
    """What tells digits from other drawings, where this reader refuses any."""
    return source.take(predict, "digit_scores") + "\n\n\n" if reading.caution.threshold else ""


def answering(reading: Reading, load: str) -> str:
    """The steps from the files to what is printed."""
    recipe, caution = reading.kept.recipe, reading.caution
    settings = [f"{key}={literal(value)}" for key, value in recipe.network_settings().items()]
    network = f"{nets.NETS[reading.name].build.__name__}({', '.join(settings)})"
    softened = "logits" if caution.temperature == 1 else f"(logits / {caution.temperature!r})"
    said = f"print(f{literal(reading.say('spoken', digit='{label}'))})"
    nearest = f"print(f{literal(reading.say('reason_unlike', digit='{label}'))})"
    lines = [
        f"network = {network}",
        f"{load}(network, {literal(reading.weights)})",
        f"logits = read_drawing(network, {literal(DRAWING)}, centred={reading.centred})",
        f"probabilities = {softened}.softmax(dim=1)[0]  # (1, 10) -> (10,)",
        "label = int(probabilities.argmax())",
        "for digit, probability in enumerate(probabilities.tolist()):",
        '    print(digit, f"{probability:.8f}")',
    ]
    if not caution.threshold:
        return "\n".join([*lines, said])
    cut = f"if float(digit_scores(logits)) < {caution.threshold!r}:"
    return "\n".join([*lines, cut, f"    {nearest}", "else:", f"    {said}"])


def take_home(reading: Reading, drawing: Tensor) -> dict[str, bytes]:
    """Files by name that read a drawing (H, W), ink in [0, 1], without the lab.

    Raises CheckpointError.
    """
    steps = parts(reading)
    return {
        SCRIPT: script(steps, reading.language).encode(),
        NOTEBOOK: notebook(steps, reading.language).encode(),
        DRAWING: as_png(drawing),
        reading.weights: weights_of(reading.kept),
        README: reading.say("code_readme").encode(),
    }
