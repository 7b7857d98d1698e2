"""A few photographs teach a network that knows ImageNet; bad ones are refused in a sentence."""

import ast
import io
import json
import math
from pathlib import Path
from pickle import UnpicklingError

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional as F

from models import backbones, fetch, heads, unpickle, weight_file
from models.__main__ import main
from models.backbones import BACKBONES, BackboneError, load_backbone, packaged, pooled
from models.heads import fit_head, left_out_accuracy
from models.photos import PhotoError, check_names, teach_photos
from models.picture import PictureError, read_photo
from models.views import square, varied

ROOT = Path(__file__).resolve().parent.parent
SIZE = (64, 48)  # px, width and height


def photo(hue: float, seed: int) -> torch.Tensor:
    """Stripes of one hue and its darker half, (3, 48, 64), their grain from a seed."""
    generator = torch.Generator().manual_seed(seed)
    colour = torch.tensor([0.5 + 0.5 * math.cos(hue + turn) for turn in (0, 2.1, 4.2)])
    stripes = (torch.arange(SIZE[0]) // 8 % 2).float() * 0.5 + 0.5
    grain = torch.rand(3, SIZE[1], SIZE[0], generator=generator) * 0.2
    return (colour[:, None, None] * stripes + grain).clamp(0, 1)


def saved(picture: torch.Tensor, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    values = (255 * picture).round().to(torch.uint8).permute(1, 2, 0).numpy()
    Image.fromarray(values).save(file, kind, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def classes():
    """Two classes, red and blue, of two photographs each."""
    return [[photo(0, 1), photo(0, 2)], [photo(2.5, 3), photo(2.5, 4)]]


@pytest.fixture(scope="module")
def pupil(classes):
    return teach_photos(classes)


# ---- The backbone --------------------------------------------------------------------------------


def test_the_backbone_gives_what_its_own_package_gives():
    network = backbones.lite()
    network.load_state_dict(packaged())
    pictures = torch.rand(2, 3, 160, 160, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        wanted = network.eval().extract_features((pictures * 255 - 127) / 128).mean((2, 3))
        got = load_backbone("efficientnet_lite0")(pictures)
    assert torch.allclose(got, wanted, atol=1e-4)


@pytest.mark.parametrize("name", BACKBONES)
def test_trunk_and_block_hold_the_stated_weights_and_features(name):
    backbone = BACKBONES[name]
    with torch.device("meta"):
        parts = backbone.cut(backbone.build())
        features = pooled(parts[1](parts[0](torch.zeros(1, 3, 160, 160))))
    assert features.shape == (1, backbone.features)
    weights = sum(one.numel() for part in parts for one in part.parameters())
    assert weights == backbone.parameters


def test_its_packages_are_imported_by_functions_alone():
    """So that the lab starts without them."""
    for path in (ROOT / "models").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert "efficientnet" not in ast.unparse(node), path


def test_a_backbone_that_is_not_there_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_LAB_FETCHED", str(tmp_path))
    with pytest.raises(BackboneError, match="python -m models fetch resnet18"):
        load_backbone("resnet18")
    (tmp_path / "resnet18.safetensors").write_bytes(b"not whole")
    with pytest.raises(BackboneError, match="damaged"):
        load_backbone("resnet18")


# ---- The head ------------------------------------------------------------------------------------


def clusters(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    labels = torch.arange(count) % 3
    noise = torch.randn(count, 40, generator=torch.Generator().manual_seed(0))
    return noise + 2 * F.one_hot(labels, 40), labels


def test_the_head_is_the_minimum_of_its_loss():
    features, labels = clusters(12)
    head = fit_head(features, labels, 3)
    standard = (features - features.mean(0)) / features.std(0, correction=0)
    weight = head.linear.weight.detach().double().requires_grad_()
    bias = head.linear.bias.detach().double().requires_grad_()
    logits = standard.double() @ weight.T + bias
    loss = F.cross_entropy(logits, labels) + heads.WEIGHT_DECAY * weight.square().sum()
    gradients = torch.autograd.grad(loss, [weight, bias])
    assert all(gradient.abs().max() < 1e-3 for gradient in gradients)


def test_a_feature_that_hardly_stirs_in_teaching_does_not_outshout_the_others():
    features, labels = clusters(12)
    features[:, 5] = 1e-4 * labels  # tells the classes apart, in next to no difference
    head = fit_head(features, labels, 3)
    new = features[labels == 0][:1].clone()
    new[:, 5] += 1
    assert head(new).argmax() == 0


@pytest.mark.parametrize("count", [9, heads.MOST_PARTS + 12])
def test_leaving_out_gives_what_heads_trained_one_by_one_give(count):
    features, labels = clusters(count)
    features[:, 3:] *= 3  # hard enough to be wrong at times
    standard = (features - features.mean(0)) / heads.spread_of(features)
    right, parts = 0, min(count, heads.MOST_PARTS)
    for part in range(parts):
        out = torch.arange(count) % parts == part
        weight, bias = heads.fit(standard[~out], labels[~out], 3, torch.ones(1, int((~out).sum())))
        logits = standard[out] @ weight[0].T + bias[0]
        right += int((logits.argmax(1) == labels[out]).sum())
    assert 0 < right < count
    got = left_out_accuracy(features, labels, torch.arange(count), 3)
    assert got == pytest.approx(right / count)


# ---- Teaching and reading ------------------------------------------------------------------------


def test_it_tells_new_photographs_of_two_colours_apart(pupil):
    for index, hue in enumerate((0, 2.5)):
        answer = pupil.read(photo(hue, 9))
        assert answer.index == index
        assert sum(answer.probabilities) == pytest.approx(1)
        assert len(answer.probabilities) == 2
    assert pupil.left_out == 1


def test_the_same_photographs_and_seed_give_the_same_weights(pupil, classes):
    again = teach_photos(classes)
    assert torch.equal(again.layer.linear.weight, pupil.layer.linear.weight)


def test_tuning_changes_a_copy_of_the_last_block_and_still_reads(classes, monkeypatch):
    monkeypatch.setattr("models.photos.TUNE_STEPS", 3)
    shared = load_backbone("efficientnet_lite0").block
    before = [one.clone() for one in shared.parameters()]
    tuned = teach_photos(classes, head="tuned")
    assert all(map(torch.equal, before, shared.parameters()))
    pairs = zip(before, tuned.block.parameters(), strict=True)
    assert not any(torch.equal(old, new) for old, new in pairs)
    assert tuned.trained == sum(one.numel() for one in before) + 2 * 1280 + 2
    assert [tuned.read(photo(hue, 9)).index for hue in (0, 2.5)] == [0, 1]


def test_where_it_looks_covers_the_square_that_it_sees(pupil):
    heat = pupil.where(photo(0, 9), 0)
    assert heat.shape == (SIZE[1], SIZE[0])
    assert heat.amin() == 0
    assert heat.amax() == 1
    assert heat[:, :8].amax() == heat[:, -8:].amax() == 0  # beside the middle 48 x 48


def test_the_heat_follows_an_equation_that_a_linear_head_allows(pupil):
    """Behind a mean over the maps, Grad-CAM is each map weighed by the head's own weight."""
    picture = photo(0, 9)[:, :, 8:56]
    maps = pupil.maps(picture)[0]
    weights = pupil.layer.linear.weight[0] / pupil.layer.spread
    wanted = (weights[:, None, None] * maps).sum(0).relu()
    wanted = F.interpolate(wanted[None, None], (48, 48), mode="bicubic")[0, 0].clamp(min=0)
    assert torch.allclose(pupil.where(picture, 0), wanted / wanted.max(), atol=1e-4)


def test_a_view_is_never_mirrored_and_varies_by_its_generator():
    left = torch.zeros(3, 100, 100)
    left[:, :, :30] = 1
    views = [varied(left, torch.Generator().manual_seed(seed)) for seed in range(8)]
    assert all(view[:, :, :80].mean() > view[:, :, 80:].mean() for view in views)
    assert not torch.equal(views[0], views[1])
    assert torch.equal(views[0], varied(left, torch.Generator().manual_seed(0)))


def test_the_square_is_the_middle_of_the_photograph():
    wide = torch.zeros(3, 40, 120)
    wide[:, :, 40:80] = 1
    assert square(wide).shape == (3, 160, 160)
    assert square(wide).min() > 0.999


# ---- What can't be learned from ------------------------------------------------------------------


def refusal(classes, **options) -> str:
    with pytest.raises(PhotoError) as caught:
        teach_photos(classes, **options)
    assert "\n" not in str(caught.value)
    return caught.value.key


def test_wrong_numbers_of_classes_and_photographs_are_refused():
    one = photo(0, 1)
    assert refusal([[one]]) == "photos_classes"
    assert refusal([[photo(0, seed)] for seed in range(11)]) == "photos_classes"
    assert refusal([[one], []]) == "photos_none"
    assert refusal([[one], [photo(1, seed) for seed in range(31)]]) == "photos_too_many"
    assert refusal([[one], [photo(1, 2), one]]) == "photos_same"


@pytest.mark.parametrize(
    ("names", "key"), [(["mug", " Mug "], "photos_same_name"), (["mug", "  "], "photos_no_name")]
)
def test_two_classes_of_one_name_and_a_nameless_one_are_refused(names, key):
    with pytest.raises(PhotoError) as caught:
        check_names(names)
    assert caught.value.key == key


def test_a_photograph_keeps_its_colours_and_is_upright_and_small():
    wide = torch.zeros(3, 300, 800)
    wide[0, :, :400] = 1  # its left half is red
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera lay on its side: turn it right by 90 degrees
    got = read_photo(saved(wide, "JPEG", exif=turned))
    assert got.shape == (3, 320, 120)
    assert got[0, :150].min() > 0.9
    assert got[:, 170:].max() < 0.1


def test_a_photograph_of_a_hundred_megapixels_is_refused_undecoded(monkeypatch):
    file = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", None)
    with pytest.raises(PictureError, match="51 million"):
        read_photo(file.getvalue())


# ---- Fetching ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def weights():
    """A MobileNet's weights as they come, of random numbers."""
    torch.manual_seed(0)
    return BACKBONES["mobilenet_v3_small"].build().state_dict()


def fetched(capsys, *arguments) -> tuple[int, str, str]:
    code = main(["fetch", "mobilenet_v3_small", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_file_of_weights_is_kept_as_safetensors_and_then_used(
    weights, tmp_path, capsys, monkeypatch
):
    torch.save(weights, tmp_path / "mobilenet.pth")
    monkeypatch.setenv("DIGIT_LAB_FETCHED", str(tmp_path / "kept"))
    code, out, err = fetched(capsys, "--from", tmp_path / "mobilenet.pth", "--json")
    assert (code, err) == (0, "")
    kept = Path(json.loads(out)["file"])
    assert kept == tmp_path / "kept" / "mobilenet_v3_small.safetensors"
    back = load_file(kept)
    assert back.keys() == weights.keys()
    assert all(torch.equal(back[name], one) for name, one in weights.items())
    network = load_backbone("mobilenet_v3_small")
    assert torch.equal(network.trunk[0][0].weight, weights["features.0.0.weight"])


@pytest.fixture
def here(monkeypatch):
    """The child's work done in this process: without its limits, which can't be taken back."""

    def converts(*files: Path) -> bool:
        try:
            return unpickle.convert(*files) == 0
        except UnpicklingError:  # which ends the child
            return False

    monkeypatch.setattr(weight_file, "converts", converts)


class Malice:
    """What a pickle would run."""

    def __reduce__(self):
        return (Path.touch, (Path("ran"),))


def test_a_file_that_would_run_something_is_refused_and_runs_nothing(here, tmp_path, capsys):
    torch.save({"features.0.0.weight": Malice()}, tmp_path / "bad.pth")
    code, out, err = fetched(capsys, "--from", tmp_path / "bad.pth", "--out", tmp_path / "kept")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "can be read safely" in err
    assert not list(tmp_path.rglob("ran"))
    assert not (ROOT / "ran").exists()
    assert list((tmp_path / "kept").iterdir()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: found.pop("classifier.3.bias"), "other weights"),
        (lambda found: found.update(extra=torch.zeros(1)), "other weights"),
        (lambda found: found.update({"classifier.3.bias": torch.zeros(999)}), "other weights"),
        (lambda found: found["classifier.3.bias"].fill_(float("nan")), "not finite"),
    ],
)
def test_weights_of_another_network_and_no_numbers_are_refused(
    change, words, weights, here, tmp_path, capsys
):
    changed = {name: one.clone() for name, one in weights.items()}
    change(changed)
    torch.save(changed, tmp_path / "other.pth")
    code, _, err = fetched(capsys, "--from", tmp_path / "other.pth", "--out", tmp_path)
    assert (code, err.count("\n")) == (1, 1)
    assert words in err
    assert not (tmp_path / "mobilenet_v3_small.safetensors").exists()


def test_a_missing_file_and_a_huge_one_are_refused_unread(tmp_path, capsys):
    code, _, err = fetched(capsys, "--from", tmp_path / "no.pth", "--out", tmp_path)
    assert (code, "not there" in err) == (1, True)
    with open(tmp_path / "huge.pth", "wb") as file:
        file.truncate(unpickle.MOST_BYTES + 1)
    code, _, err = fetched(capsys, "--from", tmp_path / "huge.pth", "--out", tmp_path)
    assert (code, "larger than 200 MB" in err) == (1, True)


def test_a_download_is_checked_by_its_names_checksum(weights, here, tmp_path, capsys, monkeypatch):
    """From a file's address: what torchvision's own would give can't be reached by tests."""
    torch.save(weights, tmp_path / "mobile.pth")
    checksum = torch.hub.hashlib.sha256((tmp_path / "mobile.pth").read_bytes()).hexdigest()
    named = tmp_path / f"mobile-{checksum[:8]}.pth"
    (tmp_path / "mobile.pth").rename(named)
    monkeypatch.setattr(fetch, "address_of", lambda name: named.as_uri())
    code, _, err = fetched(capsys, "--out", tmp_path / "kept")
    assert code == 0, err
    assert (tmp_path / "kept" / "mobilenet_v3_small.safetensors").exists()
    other = named.rename(tmp_path / "mobile-00000000.pth")
    monkeypatch.setattr(fetch, "address_of", lambda name: other.as_uri())
    code, _, err = fetched(capsys, "--out", tmp_path / "kept")
    assert (code, "is not the file" in err) == (1, True)


def test_without_a_way_out_it_says_how_to_bring_the_file(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(fetch, "address_of", lambda name: "http://127.0.0.1:9/mobile-00000000.pth")
    code, _, err = fetched(capsys, "--out", tmp_path)
    assert (code, "--from" in err, err.count("\n")) == (1, True, 1)


# ---- The command ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for name, hue in (("red", 0), ("blue", 2.5)):
        (tmp_path / name).mkdir()
        for seed in range(3):
            (tmp_path / name / f"{seed}.png").write_bytes(saved(photo(hue, seed)))
    (tmp_path / "red" / "notes.txt").write_text("no photograph")
    return tmp_path


def test_the_command_reads_what_it_was_not_taught(folder, capsys):
    assert main(["photos", "--shots", "2", "--seed", "3", "--json", str(folder)]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts.keys() == {"shots", "seed", "head", "accuracy", "seconds"}
    assert (facts["shots"], facts["seed"], facts["head"]) == (2, 3, "linear")
    assert facts["accuracy"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / "red" / "0.png").write_bytes(b"no picture"), "0.png"),
        (lambda folder: (folder / "red" / "0.png").unlink(), "1 has 3|2 has 2"),
        (lambda folder: (folder / "RED").mkdir(), "two classes"),
    ],
)
def test_a_folder_that_is_none_to_learn_from_gets_one_sentence(change, words, folder, capsys):
    change(folder)
    code = main(["photos", "--shots", "2", str(folder)])
    err = capsys.readouterr().err
    assert (code, err.count("\n")) == (1, 1)
    assert any(word in err for word in words.split("|"))
