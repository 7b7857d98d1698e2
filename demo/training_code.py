"""A training as a script: MNIST, the network, and a loop that gives the lab's loss every epoch."""

from torch import Generator

from demo.code_view import Part, notebook, script
from demo.lab_source import Excerpts, unrun
from demo.training_loop import looping
from demo.training_steps import Run, beginning, network_class, varying
from models import augment, data, engine, feed, init, losses, nets, noise, optimizers
from models.init import INITS

standalone_training = unrun("demo.standalone_training")

SCRIPT, NOTEBOOK, README = "train_digits.py", "train_digits.ipynb", "README.txt"
SIZE = 0.02  # MB of all that is taken home


def parts(run: Run) -> list[Part]:
    """The script's parts, the step that all is about first."""
    source = Excerpts()
    kind = source.take(engine, "LossFunction")
    pieces = {
        "train_code_step": source.take(engine, run.step),
        "train_code_network": network(run, source),
        "train_code_feed": fed(run, source),
        "train_code_goal": goal(run, source),
        "train_code_judge": judge(run, source),
        "train_code_start": beginning(run, initialising(run)),
        "train_code_loop": looping(run),
    }
    note_imports(run, source)
    about = Part(run.say("train_code_about"), f"\n{source.import_lines()}\n\n{kind}")
    return [about, *(Part(run.say(key), code) for key, code in pieces.items() if code)]


def joined(*codes: str) -> str:
    return "\n\n\n".join(filter(None, codes))


def network(run: Run, source: Excerpts) -> str:
    """The network's class, and what writes its first weights where PyTorch does not."""
    made = source.take(nets, network_class(run.recipe)[0])
    name = initialising(run)
    return joined(made, source.take(init, name) if name else "")


def initialising(run: Run) -> str | None:
    entry = INITS[run.recipe.init]
    return None if entry is init.keep_default else entry.__name__


def fed(run: Run, source: Excerpts) -> str:
    """Where the images come from, and what is done to them and to their labels."""
    recipe = run.recipe
    codes = [source.take(standalone_training, "read_options", "mnist")]
    codes += [source.take(data, "to_batch")]
    if recipe.is_cleaner:
        return joined(*codes, source.take(noise, run.noise))
    if recipe.label_noise:
        codes += [source.take(feed, "with_wrong_labels")]
    if recipe.augment:
        called = varying(recipe.augment)
        names = [name for name in AUGMENTING if f"{name}(" in called]
        codes += [source.take(augment, *names), called]
        if "F." in called:
            source.names["torch.nn"].add("functional as F")
    return joined(*codes)


AUGMENTING = [entry.__name__ for entry in (*augment.EDITS.values(), *augment.FLOWS.values())]
AUGMENTING += [augment.identity_flow.__name__]


def goal(run: Run, source: Excerpts) -> str:
    """The loss and the schedule, as far as PyTorch has them not."""
    recipe, codes = run.recipe, []
    if recipe.loss == "rmse":
        codes += [source.take(losses, "rmse")]
    if recipe.loss != "cross_entropy" and not recipe.is_cleaner:
        codes += [source.take(losses, "on_softmax")]
    if run.schedule:
        codes += [source.take(optimizers, run.schedule)]
    return joined(*codes)


def judge(run: Run, source: Excerpts) -> str:
    return "" if run.recipe.is_cleaner else source.take(standalone_training, "accuracy")


def note_imports(run: Run, source: Excerpts) -> None:
    """What the lines use that are this script's own."""
    own = beginning(run, None)
    source.modules |= {"json", "torch"}
    if "Generator()" in own:
        source.names["torch"].add(Generator.__name__)
    if "= nn." in own or "(nn." in own:
        source.names["torch"].add("nn")
    if "partial(" in own:
        source.names["functools"].add("partial")


# ---- What is taken home ---------------------------------------------------------------------


def take_home(run: Run) -> dict[str, bytes]:
    """Files by name that train as the lab did, without it."""
    steps = parts(run)
    return {
        SCRIPT: script(steps, run.language).encode(),
        NOTEBOOK: notebook(steps, run.language).encode(),
        README: run.say("train_code_readme").encode(),
    }
