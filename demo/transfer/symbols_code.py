"""What was taught as a script: drawings in a ZIP, the teacher's weights beside it."""

from demo.asked import choice_in, ink_in
from demo.code_view import Part, notebook, script, zipped
from demo.lab_source import Excerpts, unrun
from demo.saving import Files, language_in
from demo.transfer.symbols_asked import set_in
from demo.transfer.symbols_teaching import SEED, pack
from demo.weights import MEGABYTE, as_file
from demo.words import say
from models import embedding, familiar, symbol_heads, symbol_scores
from models.checkpoint import path_of
from models.embedding import TEACHER, load_teacher
from models.picture import as_png
from models.symbols import HEADS

standalone = unrun("demo.standalone")
standalone_symbols = unrun("demo.standalone_symbols")

SCRIPT, NOTEBOOK, README = "teach_symbols.py", "teach_symbols.ipynb", "README.txt"
WEIGHTS, DRAWINGS, DRAWING = "symbols.pt", "my-symbols.zip", "drawing.png"


def parts(asked: dict, language: str) -> list[Part]:
    """The script that teaches by the head of a request. Raises BadRequest, CheckpointError."""
    head, source = choice_in(asked, "head", HEADS), Excerpts()
    codes = {
        "symbols_code_weights": source.take(standalone, "load_weights"),
        "symbols_code_files": source.take(standalone_symbols, "read_symbols", "digit_of"),
        "symbols_code_network": source.take(embedding, "SymbolNet", "to_inputs"),
        f"symbols_code_{head}": source.take(symbol_heads, "prepare", head),
        "symbols_code_doubt": source.take(familiar, "evidence", familiar.Doubt.__name__),
        "symbols_code_folds": source.take(symbol_scores, "folds_of"),
        "symbols_code_run": running(head),
    }
    source.modules |= {"json", "os", "torch"}
    files = {"weights": WEIGHTS, "drawings": DRAWINGS, "drawing": DRAWING}
    about = Part(say("symbols_code_about", language, **files), "\n" + source.import_lines())
    return [about, *(Part(say(key, language, **files), code) for key, code in codes.items())]


def running(head: str) -> str:
    """The steps from the files to what is printed."""
    folds = symbol_scores.FOLDS if head == "tuned" else "len(digits)"
    return f"""\
names, digits, labels = read_symbols("{DRAWINGS}")
network = SymbolNet()
load_weights(network, "{WEIGHTS}")
lesson = prepare(network, digits, labels, seed={SEED})

folds = folds_of(labels, {folds})
kept = folds[lesson.owner] != torch.arange(int(folds.max()) + 1).unsqueeze(1)  # (F, M)
right = 0
for number, pupil in enumerate({head}(lesson, network, kept, seed={SEED})):
    out = folds == number  # (N,): the drawings that this pupil was not taught
    logits = pupil.logits(lesson.features[: len(digits)][out], lesson.drawings[out])
    right += int((logits.argmax(1) == labels[out]).sum())
print(json.dumps({{"accuracy": right / len(digits)}}))

everything = torch.ones(1, len(lesson.owner), dtype=torch.bool)
pupil = {head}(lesson, network, everything, seed={SEED})[0]
{doubting()}
if os.path.exists("{DRAWING}"):
    features, asked = see(network, to_inputs(digit_of("{DRAWING}").unsqueeze(0)))
    chances = pupil.logits(features, asked).softmax(1)  # (1, C)
    best = chances.argmax(1)
    familiarity = doubt.familiarity(evidence(asked, lesson.drawings, labels, best)).item()
    answer = names[best] if familiarity >= doubt.threshold else None
    facts = {{"answer": answer, "familiarity": familiarity, "probabilities": chances[0].tolist()}}
    print(json.dumps(facts, ensure_ascii=False))"""


def doubting() -> str:
    """What the teacher's header says of doubt, as code."""
    doubt = familiar.doubt_of(load_teacher().figures)
    weights = [f"        {weight!r}," for weight in doubt.weights]
    rest = [f"    bias={doubt.bias!r},", f"    threshold={doubt.threshold!r},", ")"]
    return "\n".join(["doubt = Doubt(", "    weights=(", *weights, "    ),", *rest])


def megabytes() -> float:
    """About how many all that is taken home is. Raises OSError where the teacher is missing."""
    return path_of(TEACHER).stat().st_size / MEGABYTE


def take_home(asked: dict) -> dict[str, bytes]:
    """Files by name that teach the symbols of a request without the lab, and read the sheet.

    Raises LabError.
    """
    language = language_in(asked)
    steps = parts(asked, language)
    drawing = {DRAWING: as_png(ink_in(asked))} if asked.get("pixels") is not None else {}
    return {
        SCRIPT: script(steps, language).encode(),
        NOTEBOOK: notebook(steps, language).encode(),
        DRAWINGS: pack(*set_in(asked)),
        WEIGHTS: as_file(load_teacher().network.state_dict()),
        README: say("symbols_code_readme", language, script=SCRIPT, weights=WEIGHTS).encode(),
        **drawing,
    }


def packed(asked: dict) -> bytes:
    return zipped(take_home(asked))


def script_alone(asked: dict) -> bytes:
    language = language_in(asked)
    return script(parts(asked, language), language).encode()


def notebook_alone(asked: dict) -> bytes:
    language = language_in(asked)
    return notebook(parts(asked, language), language).encode()


FILES: Files = {
    "zip": ("teach_symbols.zip", packed),
    "script": (SCRIPT, script_alone),
    "notebook": (NOTEBOOK, notebook_alone),
}
