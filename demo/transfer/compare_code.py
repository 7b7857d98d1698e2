"""The section `compare`: its script, which needs torch, torchvision, MNIST and a teacher's file."""

import torch
from torch import Generator

from demo.code_view import Part, literal
from demo.compare_process import Comparison
from demo.lab_source import Excerpts, unrun
from demo.training_code import AUGMENTING
from demo.training_steps import varying
from demo.words import say
from models import augment, engine, few_examples, nets, optimizers, transfer
from models.checkpoint import read
from models.teachers import BLOCKS, VARIED, teacher_path
from models.transfer import Learning, Transfer

standalone_training = unrun("demo.standalone_training")
standalone_transfer = unrun("demo.standalone_transfer")

# Each image in its own way, and turned and leaned once more, as in models/transfer.py.
AGAIN = ("affine",)
VARYING = varying(VARIED) + "\n\n\n" + varying(AGAIN).replace("def vary(", "def vary_again(")
AUGMENTED = [f"inputs = {name}(inputs, targets, generator)" for name in ("vary", "vary_again")]
USED = [name for name in AUGMENTING if f"{name}(" in VARYING]


def parts(comparison: Comparison, language: str) -> list[Part]:
    """The script's parts: the network, its locks, the data, the step, and the three ways."""
    source = Excerpts()
    codes = {
        "transfer_code_network": source.take(nets, nets.TransferCNN.__name__),
        "transfer_code_locks": joined(
            source.take(transfer, "lock"),
            source.take(standalone_transfer, "first_network", "open_groups"),
        ),
        "transfer_code_data": data(comparison, source),
        "transfer_code_step": joined(
            source.take(engine, "training_step"), source.take(optimizers, "cosine")
        ),
        "transfer_code_settings": settings(comparison),
        "transfer_code_ways": loop(comparison),
    }
    source.modules |= {"json", "torch"}
    source.names["torch.nn"].add("functional as F")
    source.names["torch"].add(Generator.__name__)
    about = say("transfer_code_about", language, file=teacher_path(comparison.teacher).name)
    return [Part(about, f"\n{source.import_lines()}")] + [
        Part(say(key, language), code) for key, code in codes.items()
    ]


def data(comparison: Comparison, source: Excerpts) -> str:
    """MNIST, the few examples, a batch of them, and how it is varied, if at all."""
    codes = [source.take(standalone_training, "read_options", "mnist", "accuracy")]
    codes += [source.take(standalone_transfer, "draw_examples")]
    codes += [source.take(few_examples, "draw_batch")]
    if comparison.augmentation:
        codes += [source.take(augment, *USED), VARYING]
    return joined(*codes)


def joined(*codes: str) -> str:
    return "\n\n\n".join(codes)


def settings(comparison: Comparison) -> str:
    """What was set, and what each way takes over, locks and lets learn at which rate."""
    learning = comparison.learning
    lines = [f"examples, seed, steps = {comparison.examples}, {comparison.seed}, {learning.steps}"]
    lines += ["ways = {  # each: the teacher's file, the blocks that are locked, the others' rates"]
    for way in comparison.transfers:
        file = None if way.way == "scratch" else teacher_path(way.teacher).name
        rates = ", ".join(f"{literal(name)}: {rate!r}" for name, rate in rates_of(way, learning))
        lines += [f"    {literal(way.way)}: (", f"        {literal(file)},"]
        lines += [f"        {strings(way.closed)},", f"        {{{rates}}},", "    ),"]
    return "\n".join([*lines, "}"])


def rates_of(way: Transfer, learning: Learning) -> list[tuple[str, float]]:
    """The open blocks of a way, from the pixels on, and their learning rates at the start."""
    with torch.device("meta"):  # no memory and no random numbers
        groups = transfer.open_groups(way, nets.TransferCNN(), learning)
    opened = [name for name in BLOCKS if name not in way.closed]
    return [(name, group["lr"]) for name, group in zip(opened, groups, strict=True)]


def strings(names: tuple[str, ...]) -> str:
    """A tuple as the lab writes it."""
    inside = ", ".join(map(literal, names))
    return f"({inside},)" if len(names) == 1 else f"({inside})"


def batch(comparison: Comparison) -> list[str]:
    """A batch's inputs and targets, as the lab's learners meet them."""
    size = str(comparison.learning.batch_size)
    if not comparison.augmentation:
        size = f"min({size}, len(labels))"  # the same image twice would teach nothing new
    lines = [f"chosen = draw_batch(len(labels), {size}, generator)"]
    lines += ["inputs, targets = to_batch(images[chosen]), labels[chosen]"]
    return lines + AUGMENTED * comparison.augmentation


def loop(comparison: Comparison) -> str:
    learning = comparison.learning
    feeding = "\n        ".join(batch(comparison))
    return f"""torch.set_num_threads(1)
options = read_options()
images, labels = mnist(options.data, True, options.download)
images, labels = draw_examples(images, labels, examples, seed)
test_images, test_labels = mnist(options.data, False, options.download)
is_new = test_labels >= FIRST
test_images, test_labels = test_images[is_new], test_labels[is_new] - FIRST


def loss_function(outputs, targets):
    return F.cross_entropy(outputs, targets, label_smoothing={learning.label_smoothing!r})


for way, (teacher, locked, rates) in ways.items():
    network = first_network(seed, teacher)
    lock(network, locked)
    groups = open_groups(network, rates)
    optimizer = torch.optim.AdamW(groups, weight_decay={learning.weight_decay!r})
    generator = Generator().manual_seed(seed)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = group["first_rate"] * cosine(step / steps)
        {feeding}
        training_step(network, loss_function, optimizer, inputs, targets)
    found = accuracy(network, test_images, test_labels)
    print(json.dumps({{"way": way, "accuracy": found}}))"""


def teacher_file(comparison: Comparison) -> dict[str, bytes]:
    """The teacher's file by its name. Raises CheckpointError."""
    path = teacher_path(comparison.teacher)
    read(path)  # says what is wrong with it
    return {path.name: path.read_bytes()}
