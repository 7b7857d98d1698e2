"""The section `compare`: its script, which needs torch, torchvision, MNIST and a teacher's file."""

from torch import Generator

from demo import standalone_training, standalone_transfer
from demo.code_view import Part, literal
from demo.compare_process import Comparison
from demo.lab_source import Excerpts
from demo.training_code import AUGMENTING
from demo.training_steps import varying
from demo.words import say
from models import augment, engine, nets, optimizers, transfer
from models.checkpoint import read
from models.teachers import VARIED, teacher_path


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
    codes += [
        source.take(standalone_transfer, "draw_examples"),
        source.take(transfer, "draw_batch"),
    ]
    if comparison.augmentation:
        ways = varying(VARIED)
        names = [name for name in AUGMENTING if f"{name}(" in ways]
        codes += [source.take(augment, *names), ways]
    return joined(*codes)


def joined(*codes: str) -> str:
    return "\n\n\n".join(codes)


def settings(comparison: Comparison) -> str:
    """What was set, and what each way takes over and locks."""
    learning = comparison.learning
    teacher = literal(teacher_path(comparison.teacher).name)
    lines = [
        f"examples, seed, steps = {comparison.examples}, {comparison.seed}, {learning.steps}",
        "ways = {  # each with its teacher's file, the blocks that are locked, and their rate else",
    ]
    for way in comparison.transfers:
        taught = way.way != "scratch"
        rate = learning.rate_below if taught else learning.rate
        values = f"{teacher if taught else None}, {strings(way.closed)}, {rate!r}"
        lines.append(f"    {literal(way.way)}: ({values}),")
    return "\n".join([*lines, "}", f"rate = {learning.rate!r}  # of the head"])


def strings(names: tuple[str, ...]) -> str:
    """A tuple as the lab writes it."""
    inside = ", ".join(map(literal, names))
    return f"({inside},)" if len(names) == 1 else f"({inside})"


def loop(comparison: Comparison) -> str:
    learning = comparison.learning
    size, batch = (
        str(learning.batch_size),
        ["inputs, targets = to_batch(images[chosen]), labels[chosen]"],
    )
    if comparison.augmentation:
        batch.append("inputs = vary(inputs, targets, generator)")
    else:
        size = f"min({size}, len(labels))"  # the same image twice would teach nothing new
    feeding = "\n        ".join([f"chosen = draw_batch(len(labels), {size}, generator)", *batch])
    return f"""torch.set_num_threads(1)
options = read_options()
images, labels = mnist(options.data, True, options.download)
images, labels = draw_examples(images, labels, examples, seed)
test_images, test_labels = mnist(options.data, False, options.download)
is_new = test_labels >= FIRST
test_images, test_labels = test_images[is_new], test_labels[is_new] - FIRST


def loss_function(outputs, targets):
    return F.cross_entropy(outputs, targets, label_smoothing={learning.label_smoothing!r})


for way, (teacher, locked, rate_below) in ways.items():
    network = first_network(seed, teacher)
    lock(network, locked)
    groups = open_groups(network, locked, rate, rate_below)
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
