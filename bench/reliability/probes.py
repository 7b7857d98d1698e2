"""What a visitor would try in every tab of a running lab, each as one question of its server.

asked(lab)  ->  {"reading": "", "cleaning": "checkpoint_missing", …}: the error of each, if any
"""

import time
from collections.abc import Callable

import httpx
import numpy as np

from bench.jobs import NO_POINTS, Lab, text_of

SIDE = 28  # px
QUICK = {"network": "linear", "epochs": 0.1}
PATIENCE = 60.0  # s for a training


def stroke(at: int) -> str:
    """An upright stroke, as bytes in base64."""
    sheet = np.zeros((SIDE, SIDE), np.uint8)
    sheet[5:23, at : at + 2] = 255
    return text_of(sheet)


def reading(lab: Lab) -> dict:
    sheet = {"kind": "ink", "width": SIDE, "height": SIDE, "pixels": stroke(13)}
    return lab.ask("read_drawing", **sheet).json()


def cleaning_by(cleaner: str) -> Callable[[Lab], dict]:
    def clean(lab: Lab) -> dict:
        noise = {"noise": "gaussian", "level": 0.5, "seed": 0}
        return lab.ask("clean_up", digit=stroke(13), cleaner=cleaner, **noise).json()

    return clean


def curves(lab: Lab) -> dict:
    reply = lab.ask("curves_of_noise", noise="gaussian").json()
    return {"error": "not measured"} if reply.get("missing") else reply


def training(lab: Lab) -> dict:
    reply = lab.ask("start_training", recipe=QUICK, owner=None).json()
    if "error" in reply:
        return reply
    deadline = time.monotonic() + PATIENCE
    while (
        not (told := lab.follow(reply["key"], NO_POINTS))["ending"] and time.monotonic() < deadline
    ):
        time.sleep(0.1)
    done = told["ending"] and told["ending"]["reason"] == "done"
    return told if done else {"error": f"the training ended otherwise: {told['ending']}"}


def averages(lab: Lab) -> dict:
    reply = lab.ask("compare_facts").json()
    return reply if reply.get("kept") or "error" in reply else {"error": "none are kept"}


def symbols(lab: Lab) -> dict:
    examples = [[stroke(6), stroke(7)], [stroke(19), stroke(20)]]
    asked = {"names": ["a", "b"], "examples": examples, "head": "prototypes"}
    return lab.ask("teach_symbols", **asked).json()


PROBES: dict[str, Callable[[Lab], dict]] = {
    "reading": reading,
    "test images": lambda lab: lab.ask("read_samples").json(),
    "test set": lambda lab: lab.ask("figures_of_test_set").json(),
    "cleaning": cleaning_by("denoiser"),
    "filters": cleaning_by("median"),
    "curves": curves,
    "training": training,
    "averages": averages,
    "comparing": lambda lab: lab.ask("compare_facts").json(),
    "symbols": symbols,
}


def asked(lab: Lab) -> dict[str, str]:
    """The error that each gave, empty where it answered."""
    answers = {}
    for name, probe in PROBES.items():
        try:
            answers[name] = probe(lab).get("error", "")
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            answers[name] = f"crashed: {type(error).__name__}"
    return answers
