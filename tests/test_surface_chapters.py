"""The chapters on surfaces: what the server says, and scripts that print the same."""

import base64
import json
import math

import pytest

from demo.code_view import script
from demo.foundations import gradient, optimizers, rate, surface_map
from demo.words import WORDS
from models.ideas.racing import OPTIMIZERS
from models.ideas.surfaces import SURFACES, rosenbrock
from tests.scripts import run_script

RACE = {"surface": "points", "x": -1, "y": 2, "learning_rate": 0.05, "steps": 30, "seed": 4}
RACE |= {"names": list(OPTIMIZERS), "chosen": "sgd"}
PLACE = {"surface": "hollows", "x": -0.6, "y": -1}
ROLL = {"start": -3.6, "learning_rate": 0.05, "steps": 40}


def printed(chapter, settings: dict) -> list[dict]:
    text = script(chapter.parts(settings, "en"))
    assert WORDS["en"]["something_wrong"] not in text  # what an unknown key says
    return [json.loads(line) for line in run_script(text).splitlines()]


# ---- The race -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"surface": "valley", "learning_rate": 0.3, "chosen": "momentum"},  # some explode
        {"surface": "rosenbrock", "names": ["adam", "gd"], "x": -1.2, "y": 1, "chosen": "adam"},
    ],
    ids=["points", "valley", "rosenbrock"],
)
def test_the_script_of_a_race_prints_the_pages_numbers(changes):
    told = optimizers.race_optimizers(RACE | changes)["paths"]
    *racers, last = printed(optimizers, RACE | changes)
    assert [racer["name"] for racer in racers] == list(told)
    for racer in racers:
        path = told[racer["name"]]
        assert racer["end"] == pytest.approx([path["x"][-1], path["y"][-1]], rel=1e-8)
        assert racer["loss"] == pytest.approx(path["losses"][-1], rel=1e-8)
        assert (racer["arrived"], racer["exploded"]) == (path["arrived"], path["exploded"])
    assert last["apart"] <= 1e-6 * max(map(abs, sum((racer["end"] for racer in racers), [])))


def test_who_arrives_is_within_reach_of_the_lowest_loss_and_was_not_before():
    reply = optimizers.race_optimizers(RACE)
    path = reply["paths"]["momentum"]
    step, bound = path["arrived"], reply["lowest"] + reply["near"]
    assert path["losses"][step] <= bound < min(path["losses"][:step])
    assert reply["paths"]["adagrad"]["arrived"] is None


def test_a_start_on_the_ridge_ends_on_the_saddle_and_one_above_a_hollow_in_it():
    ridge = RACE | {"surface": "saddle", "x": -2, "y": 0, "steps": 100}
    assert optimizers.race_optimizers(ridge)["paths"]["gd"]["end"] == "saddle"
    above = RACE | {"surface": "hollows", "x": 3.5, "y": 3.2, "steps": 100}
    caught = optimizers.race_optimizers(above)["paths"]["gd"]
    assert caught["end"] == "minimum"
    assert caught["losses"][-1] > SURFACES["hollows"].lowest + 1


def test_whatever_explodes_is_said_in_finite_numbers():
    for surface in SURFACES:
        asked = RACE | {"surface": surface, "learning_rate": 10, "steps": 100, "x": 1.5, "y": -0.9}
        reply = optimizers.race_optimizers(asked)
        json.dumps(reply, allow_nan=False)
        assert reply["paths"]["gd"]["exploded"]
    assert optimizers.race_optimizers(RACE | {"names": []})["paths"] == {}


WRONG = [
    {"surface": "cliff"},
    {"surface": ["valley"]},
    {"x": 4.1},
    {"y": math.nan},
    {"x": "1"},
    {"learning_rate": 0},
    {"learning_rate": math.inf},
    {"learning_rate": True},
    {"steps": 9},
    {"steps": 151},
    {"steps": 20.5},
    {"seed": -1},
    {"names": ["gd", "lion"]},
    {"names": "gd"},
    {"names": [["gd"]]},
    {"names": ["gd"] * 8},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_race_that_cannot_be_is_refused(wrong):
    assert optimizers.race_optimizers(RACE | wrong)["error"] in ("idea_number", "bad_request")


# ---- The map and the gradient ---------------------------------------------------------------


def test_a_map_is_lowest_at_the_minimum():
    told = surface_map.map_surface({"surface": "rosenbrock"})
    raw, side = base64.b64decode(told["levels"]), told["side"]
    heights = [raw[at] + 256 * raw[at + 1] for at in range(0, len(raw), 2)]
    assert len(heights) == side**2
    assert max(heights) == 65535
    lowest = heights.index(min(heights))
    x = told["x"][0] + 4 * (lowest % side) / (side - 1)
    y = told["y"][0] + 4 * (lowest // side) / (side - 1)
    assert (x, y) == pytest.approx((1, 1), abs=0.04)
    assert surface_map.map_surface({"surface": None})["error"] == "bad_request"


def test_the_script_of_a_gradient_prints_the_pages_numbers():
    told = gradient.find_gradient(PLACE)
    [facts] = printed(gradient, PLACE)
    for key in ("height", "along_x", "along_y", "length"):
        assert facts[key] == pytest.approx(told[key], rel=1e-8)
    assert facts["kind"] == told["kind"] == "slope"
    x, y = -0.6, -1
    wanted = (x * (x**2 - 4) / 2 + 0.5, y * (y**2 - 4) / 2 + 0.25)  # by hand
    assert (told["along_x"], told["along_y"]) == pytest.approx(wanted)


def test_the_arrow_is_longest_at_the_steepest_place_and_gone_where_it_is_flat():
    corner = {"surface": "rosenbrock", "x": -2, "y": -1}
    told = gradient.find_gradient(corner)
    assert told["share"] == pytest.approx(1)
    assert told["cut_x"][0] == told["cut_y"][0] == float(rosenbrock(-2, -1))
    flat = gradient.find_gradient({"surface": "saddle", "x": 0, "y": 0})
    assert (flat["share"], flat["kind"]) == (0, "saddle")
    for wrong in ({"x": 4.5}, {"y": None}, {"surface": 3}):
        assert "error" in gradient.find_gradient(PLACE | wrong)


# ---- The learning rate ----------------------------------------------------------------------


@pytest.mark.parametrize("learning_rate", [0.05, 0.5], ids=["settles", "explodes"])
def test_the_script_of_a_descent_prints_the_pages_numbers(learning_rate):
    asked = ROLL | {"learning_rate": learning_rate}
    told = rate.descend_by_rate(asked)
    way, facts = printed(rate, asked)
    for key in ("places", "losses"):
        assert way[key] == pytest.approx(told[key], rel=1e-8)
    assert facts == {"what": told["what"], "exploded": told["exploded"]}
    json.dumps(told, allow_nan=False)


def test_the_lowest_loss_is_the_curves():
    told = rate.descend_by_rate(ROLL)
    assert told["lowest"][1] == pytest.approx(min(told["curve"]), abs=1e-3)
    assert told["lowest"][1] <= min(told["curve"])


@pytest.mark.parametrize(
    "wrong",
    [{"start": 4.5}, {"start": math.nan}, {"learning_rate": 11}, {"steps": 4}, {"steps": 201}],
    ids=str,
)
def test_a_descent_that_cannot_be_is_refused(wrong):
    assert rate.descend_by_rate(ROLL | wrong)["error"] in ("idea_number", "bad_request")


def test_the_page_offers_the_surfaces_and_racers_there_are():
    folder = surface_map.__file__.rpartition("/")[0]
    with open(f"{folder}/surface_view.js", encoding="utf-8") as file:
        assert f"choices = {json.dumps(list(SURFACES))};" in file.read()
    with open(f"{folder}/optimizers_paths.js", encoding="utf-8") as file:
        script = file.read()
    assert [name for name in OPTIMIZERS if f"\n  {name}: {{ colour" in script] == list(OPTIMIZERS)
    said = {key for key in WORDS["en"] if key.startswith("idea_rate_") and key.endswith("_why")}
    assert {
        f"idea_rate_{what}_why" for what in ("slow", "global", "local", "shaking", "exploded")
    } == said
