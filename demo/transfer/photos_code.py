"""The script of the section `photos`: it teaches a folder of photographs the same way."""

from demo.code_view import Part
from demo.lab_source import Excerpts, unrun
from demo.words import say
from models import backbones, heads, photos

standalone_photos = unrun("demo.standalone_photos")

# By backbone: what the script takes of the lab, how it gets the network with its weights, the
# function that cuts it, and the pixels' mean and spread.
IMAGENET = ("IMAGENET_MEAN", "IMAGENET_SPREAD")
NETWORKS = {
    "efficientnet_lite0": (
        ("lite", "packaged"),
        "whole = lite()\nwhole.load_state_dict(packaged())",
        "cut_lite",
        ("LITE_MEAN", "LITE_SPREAD"),
    ),
    "mobilenet_v3_small": (
        (),
        'whole = of_torchvision("mobilenet_v3_small")',
        "cut_mobilenet",
        IMAGENET,
    ),
    "resnet18": ((), 'whole = of_torchvision("resnet18")', "cut_resnet", IMAGENET),
}


def code_parts(backbone: str, head: str, language: str) -> list[Part]:
    """The script's parts: pictures, the network, the head, what is done with them."""
    source = Excerpts()
    codes = {
        "photos_code_files": source.take(
            standalone_photos, "read_options", "photograph", "photographs_in"
        ),
        "photos_code_network": taken_network(source, backbone),
        "photos_code_head": taken_learning(source, head),
        "photos_code_run": running(source, backbone, head),
    }
    about = Part(say("photos_code_about", language), f"\n{source.import_lines()}")
    return [about, *(Part(say(key, language), code) for key, code in codes.items())]


def taken_network(source: Excerpts, backbone: str) -> str:
    """The functions that build the network and cut it."""
    names, _, cut, scale = NETWORKS[backbone]
    taken = [source.take(backbones, *scale, "PhotoNet", "pooled", *names, cut)]
    if not names:
        taken.append(source.take(standalone_photos, "of_torchvision"))
    return "\n\n\n".join(taken)


def taken_learning(source: Excerpts, head: str) -> str:
    taken = [source.take(heads, "fit_head", "left_out_accuracy")]
    names = ("views_of", "run", *(("tune",) if head == "tuned" else ()))
    taken.append(source.take(photos, *names))
    return "\n\n\n".join(taken)


def running(source: Excerpts, backbone: str, head: str) -> str:
    """What the script does, line by line."""
    source.modules |= {"json", "torch"}
    _, build, cut, (mean, spread) = NETWORKS[backbone]
    lines = [
        "torch.set_num_threads(1)",
        "options = read_options()",
        build,
        f"network = PhotoNet(*{cut}(whole), {mean}, {spread})",
        "network.to(memory_format=torch.channels_last)",
        "names = sorted(folder.name for folder in options.folder.iterdir() if folder.is_dir())",
        "classes = [photographs_in(options.folder / name) for name in names]",
        "views, labels, owners = views_of(classes, torch.Generator().manual_seed(0))",
        "before = run(network.before, views)  # the trunk is frozen",
        "features = run(lambda maps: pooled(network.block(maps)), before)",
        "head = fit_head(features, labels, len(names))",
        "left_out = left_out_accuracy(features, labels, owners, len(names))",
        "block = network.block",
    ]
    if head == "tuned":
        lines.append("block = tune(network, head, before, labels, seed=0)")
    lines += [
        'print(json.dumps({"classes": names, "right_when_left_out": left_out}))',
        "for file in options.new:",
        "    with torch.inference_mode():",
        "        maps = block(network.before(square(photograph(file))[None]))",
        "        chances = head(pooled(maps)).softmax(1)[0]",
        "    answer = names[int(chances.argmax())]",
        "    sure = round(float(chances.max()), 3)",
        '    print(json.dumps({"file": file.name, "answer": answer, "sure": sure}))',
    ]
    return "\n".join(lines)
