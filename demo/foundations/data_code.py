"""The chapter `data`: its script, which needs torch, torchvision and MNIST alone."""

import base64
import zlib

from torch.utils.data import Subset

from demo.asked import BadRequest, seed_in
from demo.code_view import Part
from demo.foundations.data_batch import BINS, TESTED, Loading, loading_in
from demo.foundations.data_transforms import SAMPLE, UndoNormalize, calls_in, digit_of
from demo.foundations.values import number_in
from demo.lab_source import Excerpts, unrun
from demo.words import say
from models import data
from models.ideas import batches, four_steps, pipeline

standalone_training = unrun("demo.standalone_training")

WIDTH = 80  # characters of the digit in a line


def code_parts(asked: dict, language: str) -> list[Part]:
    """The script's parts: images, transforms, a batch, the four steps. Raises LabError."""
    transforms, batch = section(asked, "transforms"), section(asked, "batch")
    steps = section(asked, "steps")
    source = Excerpts()
    codes = {
        "idea_data_code_images": imaging(source),
        "idea_data_code_transforms": transforming(source, transforms),
        "idea_data_code_batch": batching(source, loading_in(batch)),
        "idea_data_code_steps": stepping(source, steps),
    }
    source.modules |= {"json"}
    about = Part(say("idea_data_code_about", language), "\n" + source.import_lines())
    return [about, *(Part(say(key, language), code) for key, code in codes.items())]


def section(asked: dict, name: str) -> dict:
    """One of the chapter's three groups of settings. Raises BadRequest."""
    value = asked.get(name)
    if not isinstance(value, dict):
        raise BadRequest
    return value


def imaging(source: Excerpts) -> str:
    """MNIST as torchvision gives it."""
    options = source.take(standalone_training, "read_options")
    source.names["torchvision.datasets"].add("MNIST")
    return f"""{options}


options = read_options()


def digits(train, transform=None):
    \"\"\"Pictures of 28 x 28 bytes and their labels, the pictures transformed.\"\"\"
    return MNIST(options.data, train=train, transform=transform, download=options.download)"""


def transforming(source: Excerpts, asked: dict) -> str:
    """Each transform on the digit."""
    calls, seed = calls_in(asked), seed_in(asked)
    names = ["one_by_one", "describe"]
    if any(call.kind is UndoNormalize for call in calls.values()):
        names.append(UndoNormalize.__name__)
    taken = source.take(pipeline, *names)
    source.modules |= {"torch"}
    source.names["torchvision.transforms"].add("v2")
    listed = "\n".join(["[", *(f"    {call!r}," for call in calls.values()), "]"])
    return f"""{taken}


{digit_lines(source, asked)}
transforms = {listed if calls else "[]"}
for picture, refused in one_by_one(digit, transforms, seed={seed}):
    print(json.dumps({{**describe(picture), "refused": refused}}))"""


def digit_lines(source: Excerpts, asked: dict) -> str:
    """The visitor's digit in its own bytes, else the test image that stands for it."""
    if asked.get("digit") is None:
        return f"digit, _ = digits(train=False)[{SAMPLE}]"
    packed = base64.b64encode(zlib.compress(digit_of(asked).tobytes(), 9)).decode("ascii")
    lines = [packed[at : at + WIDTH] for at in range(0, len(packed), WIDTH)]
    source.modules |= {"base64", "zlib"}
    text = "\n".join(["(", *(f'    "{line}"' for line in lines), ")"])
    return f"""packed = {text if len(lines) > 1 else f'"{packed}"'}
digit = Image.frombytes("L", (28, 28), zlib.decompress(base64.b64decode(packed)))"""


def batching(source: Excerpts, wanted: Loading) -> str:
    """A batch, and its numbers before and after Normalize."""
    names = ["to_tensor", "loader_of", "grid_of", "normalized", "undone", "histogram"]
    mean, std = wanted.mean, wanted.std
    return f"""{source.take(batches, *names)}


data = digits(train=True, transform=to_tensor())
loader = loader_of(data, {loader_arguments(wanted)})
images, labels = next(iter(loader))
after = normalized(images, mean={mean!r}, std={std!r})
back = undone(after, mean={mean!r}, std={std!r})
facts = {{
    "labels": labels.tolist(),
    "grid_shape": list(grid_of(images).shape),
    "shares": histogram(images, 0, 1, bins={BINS}),
    "mean": [float(images.mean()), float(after.mean())],
    "std": [float(images.std(correction=0)), float(after.std(correction=0))],
    "undone": float((back - images).abs().max()),
}}
print(json.dumps(facts))"""


def loader_arguments(wanted: Loading) -> str:
    return f"batch_size={wanted.batch_size}, shuffle={wanted.shuffle}, seed={wanted.seed}"


def stepping(source: Excerpts, asked: dict) -> str:
    """The four steps, one below the other."""
    wanted, learning_rate = loading_in(asked), number_in(asked, "learning_rate", 1e-4, 1)
    taken = source.take(four_steps, "create_model", "optimise", "accuracy", "save", "load")
    source.names["torch.utils.data"].add(Subset.__name__)
    return f"""{source.take(data, "to_batch")}


{taken}


normal = v2.Compose([to_tensor(), v2.Normalize([{wanted.mean!r}], [{wanted.std!r}])])
data = Subset(digits(train=True, transform=normal), range({wanted.trained}))
loader = loader_of(data, {loader_arguments(wanted)})

model = create_model(seed={wanted.seed})

test = digits(train=False)
tested, answers = to_batch(test.data[:{TESTED}]), test.targets[:{TESTED}]
tested = normalized(tested, mean={wanted.mean!r}, std={wanted.std!r})
before = accuracy(model, tested, answers)
losses = optimise(model, loader, learning_rate={learning_rate!r})

content = save(model)
facts = {{
    "losses": losses,
    "before": before,
    "after": accuracy(load(content), tested, answers),
    "bytes": len(content),
}}
print(json.dumps(facts))"""
