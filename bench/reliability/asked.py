"""A question that each server function of the page answers, from which malformed ones are made."""

import base64
import io
import zipfile

from PIL import Image, ImageDraw

SIDE = 28  # px


def line(*points: tuple[int, int]) -> Image.Image:
    """A white line on black, as MNIST has its digits."""
    picture = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(picture).line(points, fill=255, width=3)
    return picture


def text_of(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def png_of(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def zip_of(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(name, content)
    return file.getvalue()


ONE, SEVEN = line((15, 5), (13, 22)), line((7, 6), (19, 6), (11, 22))
PIXELS, OTHER = text_of(ONE.tobytes()), text_of(SEVEN.tobytes())
PHOTO = text_of(png_of(Image.new("RGB", (40, 30), "teal")))
DRAWN = {"kind": "ink", "width": SIDE, "height": SIDE, "pixels": PIXELS, "centred": True}
READ = DRAWN | {"model": "small_cnn", "care": 0.01}
SPOILED = {"digit": PIXELS, "noise": "gaussian", "level": 0.5, "seed": 1}
DIGITS = {"digits": [{"label": label, "pixels": PIXELS} for label in (1, 7)], "model": "small_cnn"}
LANGUAGE = {"language": "en"}
SCRIPT = LANGUAGE | {"file": "script"}
RECIPE = {
    "network": "linear",
    "epochs": 1.0,
    "train_images": 600,
    "batch_size": 60,
    "learning_rate": 0.1,
    "optimizer": "sgd",
    "augment": ["stroke"],
    "rate_changes": [[5, 0.05]],
    "seed": 3,
}
GONE = {"key": "A" * 24, "owner": None}
SURFACE = {"surface": "valley", "x": 1.0, "y": -1.5}
PLANE = {
    "settings": {
        "data": "own",
        "noise": 0.1,
        "layers": 1,
        "width": 4,
        "activation": "tanh",
        "optimizer": "adam",
        "rate": 0.01,
        "batch": 10,
        "seed": 1,
    },
    "points": [[0.5, 0.5, 0], [-0.5, 0.1, 1]],
}
BIAS = {"slope": 0.5, "offset": 1.0, "seed": 1}
WEIGHTS = ("w11", "w12", "w21", "w22", "w31", "w32", "b1", "b2", "b3", "v1", "v2", "v3", "c")
STEP = dict.fromkeys(("x1", "x2", "t", *WEIGHTS), 0.5)
BATCH = {"batch_size": 8, "shuffle": True, "seed": 1, "mean": 0.1307, "std": 0.3081}
RUN = {"diverged": False, "step": 100, "seconds": 2.5, "test": 0.9, "train": 0.95}
SYMBOLS = {"names": ["A", "B"], "examples": [[PIXELS] * 2, [OTHER] * 2], "head": "prototypes"}
COMPARED = {"teacher": "digits04", "examples": 1, "augmentation": False, "seed": 0, "locked": []}
CLASSES = [{"name": name, "photos": [PHOTO]} for name in ("cup", "pen")]
CARDS = {
    "resize": {"on": True, "size": 20},
    "center_crop": {"on": False, "size": 20},
    "random_crop": {"on": True, "size": 16, "padding": 2},
    "horizontal_flip": {"on": True, "p": 0.5},
    "vertical_flip": {"on": False, "p": 0.5},
    "to_tensor": {"on": True},
    "normalize": {"on": True, "mean": 0.5, "std": 0.5},
    "undo": {"on": True, "mean": 0.5, "std": 0.5},
    "to_pil": {"on": True},
}

QUESTIONS: dict[str, dict] = {
    # the Draw tab and its sections
    "read_drawing": READ,
    "network_menu": {},
    "read_samples": {"positions": [1, 2, 3, 4], "model": "digits", "care": 0.01},
    "steps_of_drawing": DRAWN,
    "look_inside": READ | {"step": 0, "of": None, "most": 8},
    "read_beside": READ | {"model": "mlp", "step": 0, "of": "small_cnn", "most": 8},
    "explain": READ | {"model": "linear", "label": 1},
    "first_filters": {"model": "small_cnn"},
    "networks_beside": {},
    "turn_answer": READ | {"model": "linear", "target": 7},
    "fool": READ | {"model": "linear", "strength": 0.1, "towards": 7, "search": False},
    "figures_of_test_set": {"model": "linear"},
    "images_of_test_set": {"model": "digits", "cell": [4, 9], "start": 0},
    "read_own": DIGITS | {"care": 0.01},
    "tune_own": DIGITS | {"model": "linear", "owner": None},
    "tune_progress": {"ticket": "0123456789abcdef"},
    "take_own": {"model": "own:" + GONE["key"]},
    "pack_own": DIGITS,
    "unpack_own": {"file": text_of(zip_of("1/001.png", png_of(ONE)))},
    "show_code": {"model": "digits", "care": 0.01, "centred": True} | LANGUAGE,
    "save_file": DRAWN | {"model": "digits", "care": 0.01} | SCRIPT,
    # the Denoise tab and its sections
    "denoise_menu": {},
    "clean_up": SPOILED | {"cleaner": "median"},
    "compare_cleaners": SPOILED | {"cleaners": ["median", "lmmse"]},
    "random_test_digit": {},
    "digit_shown": DRAWN,
    "curves_of_noise": {"noise": "gaussian"},
    "measure_fresh": {"noise": "blur", "cleaner": "median", "owner": None},
    "follow_fresh": GONE | {"known": 0},
    "stop_fresh": GONE,
    "code_map": {"size": 2},
    "codes_of_digit": {"size": 2, "digit": PIXELS, "spoiled": PIXELS, "example": None},
    "decode_code": {"size": 2, "point": [0.1, 0.2], "code": None, "mix": None},
    "path_between": {"size": 2, "code": [0.5, 0.5], "to": 3, "turn": 1},
    "sizes_beside": {"digit": PIXELS, "source": None},
    "show_clean_code": SPOILED | {"cleaner": "denoiser"} | LANGUAGE,
    "save_clean_file": SPOILED | {"cleaner": "median"} | SCRIPT,
    "files_amiss": {},
    # Foundations
    "ladder_rungs": {},
    "climb_short": {"rung": "tensors", "seed": 1},
    "climb_long": {"rung": "optim", "seed": 1, "owner": None},
    "compare_gradients": {"seed": 1, "way": "masked", "epoch": 1, "row": 0, "column": 0},
    "show_step": STEP | {"activation": "relu", "rate": 0.1},
    "map_surface": {"surface": "valley"},
    "find_gradient": SURFACE,
    "judge_predictions": {
        "predictions": [3.0] * 7,
        "outlier": 1.0,
        "label": 2,
        "point": 1,
        "together": False,
    },
    "race_optimizers": SURFACE
    | {"steps": 10, "names": ["sgd", "adam"], "learning_rate": 0.05, "seed": 1},
    "descend_by_rate": {"start": 2.0, "learning_rate": 0.1, "steps": 5},
    "bend_and_pass_back": {
        "activation": "tanh",
        "x": 0.5,
        "depth": 3,
        "start": "default",
        "seed": 1,
    },
    "fit_wave": {"activation": "relu", "units": 2, "seed": 1},
    "fit_lines": BIAS,
    "fit_points": {"degree": 2, "points": 10, "noise": 0.1, "weight_decay": 0.0, "seed": 1},
    "advance_plane": PLANE | {"state": None, "step": 0, "steps": 2},
    "take_four_steps": BATCH | {"learning_rate": 0.1},
    "transform_digit": {"digit": PIXELS, "cards": CARDS, "seed": 1},
    "load_batch": BATCH,
    "spell_as_the_book": {},
    "book_path": {},
    "show_idea_code": {"chapter": "bias", "settings": BIAS} | LANGUAGE,
    "save_idea_file": {"chapter": "bias", "settings": BIAS} | SCRIPT,
    # the Train tab
    "start_training": {"recipe": RECIPE, "owner": None, "paused": False},
    "follow_training": GONE | {"since": 0},
    "steer_training": GONE | {"order": "rate", "rate": 0.1},
    "train_menu": {},
    "check_recipe": {"recipe": RECIPE},
    "preview_feed": {"recipe": RECIPE, "seed": 1},
    "train_presets": {},
    "judge_preset": {
        "preset": "rate",
        "answer": "good",
        "runs": dict.fromkeys(("small", "good", "big"), RUN),
    },
    "kept_runs": {"keys": [GONE["key"]]},
    "use_run": GONE,
    "upload_network": {"file": text_of(b"no network"), "owner": None},
    "show_train_code": {"recipe": RECIPE, "steps": 2} | LANGUAGE,
    "save_train_file": {"recipe": RECIPE, "steps": 2} | SCRIPT,
    # the Transfer tab
    "compare_facts": {},
    "start_comparison": {"settings": COMPARED, "owner": None},
    "see_symbol": DRAWN,
    "draw_symbols": {"seed": 1},
    "teach_symbols": SYMBOLS | {"owner": None},
    "score_symbols": SYMBOLS,
    "read_symbol": DRAWN | {"model": "taught:" + GONE["key"], "care": 0.01},
    "pack_symbols": SYMBOLS,
    "unpack_symbols": {"file": text_of(zip_of("A/001.png", png_of(ONE)))},
    "show_symbols_code": {"head": "prototypes"} | LANGUAGE,
    "save_symbols_file": {"head": "prototypes"} | SCRIPT,
    "photo_choices": {},
    "teach_own_photos": {
        "classes": CLASSES,
        "backbone": "efficientnet_lite0",
        "head": "linear",
        "seed": 0,
        "owner": None,
    },
    "photos_progress": GONE,
    "read_own_photo": GONE | {"photo": PHOTO, "index": None},
}
# What is asked of each public event, in its order.
PICTURE = {"url": "data:image/png;base64," + text_of(png_of(ONE))}
EVENTS: dict[str, dict] = {
    "classify": {"picture": PICTURE, "model": "digits"},
    "denoise": {
        "picture": PICTURE,
        "noise": "gaussian",
        "level": 0.5,
        "model": "median",
        "seed": 1,
    },
    "train": {"recipe": RECIPE},
    "transfer": {"task": "digits04", "examples": 1, "seed": 0},
}
