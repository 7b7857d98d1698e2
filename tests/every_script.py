"""What each tab, chapter and section asks for its script, with every setting that brings source."""

from collections.abc import Callable
from itertools import product

from demo.foundations import chapters
from demo.foundations.data_transforms import CARDS
from demo.foundations.plane_asked import OPTIMIZERS as PLANE_OPTIMIZERS
from demo.panels.clean_code import show_clean_code
from demo.panels.code import show_code
from demo.panels.train_code import show_train_code
from demo.train_asked import NETWORKS
from demo.transfer import sections
from demo.transfer.symbols import show_symbols_code
from models import backbones, checkpoint, photos, symbols
from models.augment import AUGMENTATIONS
from models.cleaners import CLEANERS
from models.foundations import RUNGS
from models.ideas.book_gradient import WAYS
from models.ideas.plane import ACTIVATIONS, DATASETS
from models.ideas.racing import RULES
from models.ideas.surfaces import SURFACES
from models.init import INITS
from models.noise import MIXED, NOISES
from models.optimizers import OPTIMIZERS, SCHEDULES
from tests import test_idea_data, test_idea_fitting, test_microscope, test_plane
from tests import test_shapes_chapters as shapes
from tests import test_surface_chapters as ground
from tests.test_bug import FIRST as BUG
from tests.test_compare_page import ASKED as COMPARED

Asked = list[dict]

READINGS: Asked = [
    {"model": name, "care": care, "centred": True}
    for name, care in product(checkpoint.available(kind="reader"), (None, 0))
]
CLEANINGS: Asked = [
    {"noise": noise, "level": NOISES[noise].middle, "seed": 3, "cleaner": cleaner}
    for cleaner, noise in product(CLEANERS, NOISES)
]
# The choices of each setting of a training, one at a time.
CHANGES: list[dict] = [
    *({"network": name} for name in NETWORKS),
    *({"network": "mlp", "init": name} for name in INITS if name != "whitening"),
    *({"network": "mlp", "schedule": name} for name in SCHEDULES),
    *({"network": "mlp", "optimizer": name} for name in OPTIMIZERS),
    *({"network": "mlp", "loss": name} for name in ("mse", "rmse", "l1")),
    *({"network": "mlp", "augment": [name]} for name in AUGMENTATIONS),
    *({"network": "conv_autoencoder", "noise": name} for name in (*NOISES, MIXED)),
    {"network": "mlp", "augment": list(AUGMENTATIONS), "label_noise": 0.2, "batch_size": 4_096},
    {"network": "mlp", "loss": "mse", "label_smoothing": 0.1, "train_images": 9_000},
    {"network": "linear_autoencoder", "loss": "rmse", "noise": "scratches", "noise_level": 3},
    {"network": "small_cnn", "init": "whitening", "rate_changes": [[2, 0.02]], "dropout": 0.2},
]
TRAININGS: Asked = [{"recipe": change, "steps": None} for change in CHANGES]
PLANE = {"settings": test_plane.SETTINGS, "step": 9, "rates": [[0, 0.03]]}
DATA = {"steps": test_idea_data.STEPS, "batch": test_idea_data.BATCH}
SECTIONS: dict[str, Asked] = {
    "ladder": [{"rung": name, "seed": 3} for name in RUNGS],
    "bug": [BUG | {"way": way} for way in WAYS],
    "microscope": [test_microscope.FIRST],
    "gradient": [ground.PLACE | {"surface": name, "x": 0, "y": 0} for name in SURFACES],
    "loss": [shapes.LOSS],
    "optimizers": [
        ground.RACE | {"surface": name, "chosen": rule, "names": [rule], "x": 0, "y": 0}
        for name, rule in product(SURFACES, RULES)
    ],
    "rate": [ground.ROLL],
    "activations": [shapes.BEND | shapes.FIT],
    "bias": [shapes.LINE],
    "fitting": [test_idea_fitting.ASKED],
    "plane": [
        PLANE,
        *(PLANE | {"settings": test_plane.SETTINGS | {"data": name}} for name in DATASETS),
        *(PLANE | {"settings": test_plane.SETTINGS | {"activation": name}} for name in ACTIVATIONS),
        *(
            PLANE | {"settings": test_plane.SETTINGS | {"optimizer": name}}
            for name in PLANE_OPTIMIZERS
        ),
        PLANE | {"settings": test_plane.SETTINGS | {"data": "own"}, "points": test_plane.OWN},
    ],
    "data": [DATA | {"transforms": test_idea_data.asked(*on)} for on in ((), CARDS)],
    "compare": [COMPARED | {"augmentation": on} for on in (True, False)],
    "photos": [
        {"backbone": backbone, "head": head}
        for backbone, head in product(backbones.BACKBONES, photos.HEADS)
    ],
}


def every_script(language: str) -> dict[str, str]:
    """All of them by name, as the page asks for them."""
    made: dict[str, str] = {}

    def ask(name: str, show: Callable[[dict], dict], wishes: Asked) -> None:
        for wish in wishes:
            made[f"{name} {wish}"] = show(wish | {"language": language})["script"]

    ask("reading", show_code, READINGS)
    ask("cleaning", show_clean_code, CLEANINGS)
    ask("training", show_train_code, TRAININGS)
    ask("symbols", show_symbols_code, [{"head": head} for head in symbols.HEADS])
    for name, settings in SECTIONS.items():
        show = chapters if name in chapters.CHAPTERS else sections
        ask(name, show.show_idea_code, [{"chapter": name, "settings": one} for one in settings])
    return made
