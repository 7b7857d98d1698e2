"""The chapters of losses, activations and lines: what the server says, and their scripts."""

import json
import math

import pytest

from demo.code_view import script
from demo.foundations import activations, bias, loss
from tests.scripts import run_script
from tests.style import assert_house_style

DRAGGED = [2.6, 2.2, 3.1, 3.5, 3.4, 4.0, -1.3]
LOSS = {"predictions": DRAGGED, "outlier": 5.1, "label": 3, "point": 4, "together": False}
BEND = {"activation": "tanh", "x": -1.5, "depth": 4, "start": "kaiming", "seed": 5}
FIT = {"activation": "tanh", "units": 3, "seed": 5}
LINE = {"slope": -0.7, "offset": 2.5, "seed": 3}


def printed(chapter, settings: dict) -> list[str]:
    return run_script(script(chapter.parts(settings, "en"))).splitlines()


# ---- Scripts --------------------------------------------------------------------------------


def test_the_script_of_losses_prints_the_pages_numbers():
    told = loss.judge_predictions(LOSS)
    *losses, mse, mae = [line.split(" ", 1) for line in printed(loss, LOSS)]
    for name, rest in losses:
        value, gradient = rest.split(" ", 1)
        assert float(value) == told["losses"][name]["value"]
        assert json.loads(gradient) == told["losses"][name]["gradient"]
    assert len(losses) == 4
    for name, shares in (mse, mae):
        assert json.loads(shares)[told["worst"]] == told["shares"][name]


def test_the_script_of_activations_prints_the_pages_numbers():
    told = activations.bend_and_pass_back(BEND)
    here, *left, without, line, bent = printed(activations, BEND | FIT)
    assert [*map(float, here.split()[2:])] == [told["value"], told["slope"]]
    assert {row.split(" ", 1)[0]: json.loads(row.split(" ", 1)[1]) for row in left} == told["left"]
    fits = {name: activations.fit_wave(FIT | {"activation": name}) for name in ("none", "tanh")}
    assert without == f"none {fits['none']['losses'][-1]}"
    assert json.loads(line.replace("(", "[").replace(")", "]")) == [*fits["none"]["line"]]
    assert bent == f"tanh {fits['tanh']['losses'][-1]}"


def test_the_script_of_lines_prints_the_pages_numbers():
    ends = [path[-1] for path in bias.fit_lines(LINE)["paths"]]
    assert printed(bias, LINE) == [f"True {ends[0]}", f"False {ends[1]}"]


def test_the_scripts_are_in_the_labs_own_style(tmp_path):
    for chapter, settings in ((loss, LOSS), (activations, BEND | FIT), (bias, LINE)):
        text = script(chapter.parts(settings, "zh"), "zh")
        (tmp_path / f"{chapter.__name__}.py").write_text(text, encoding="utf-8")
    assert_house_style(tmp_path)


# ---- Handlers -------------------------------------------------------------------------------


def test_the_farthest_prediction_and_its_shares_are_named():
    told = loss.judge_predictions(LOSS)
    targets = [2.0, 3.0, 2.4, 4.0, 8.3, 4.4, 3.6]
    errors = [one - other for one, other in zip(DRAGGED, targets, strict=True)]
    assert told["worst"] == 4
    assert told["off"] == pytest.approx(-4.9, abs=1e-5)
    squares, sizes = sum(error**2 for error in errors), sum(map(abs, errors))
    shares = {"mse": 4.9**2 / squares, "mae": 4.9 / sizes}
    assert told["shares"] == pytest.approx(shares, rel=1e-5)
    assert told["softmax"][3] == pytest.approx(math.exp(-told["losses"]["cross_entropy"]["value"]))


def test_the_curve_runs_through_the_place_where_the_prediction_is():
    told = loss.judge_predictions(LOSS | {"predictions": [3.0] * 7})
    at = told["places"].index(3.0)
    for name, one in told["losses"].items():
        assert one["curve"][at] == pytest.approx(one["value"], rel=1e-5), name
        assert one["slope"] == one["gradient"][4]


def test_moved_as_one_the_slope_is_that_of_the_curve():
    told = loss.judge_predictions(LOSS | {"predictions": [3.0] * 7, "together": True})
    at = told["places"].index(3.0)
    curve = told["losses"]["mse"]["curve"]
    slope = (curve[at + 1] - curve[at - 1]) / (told["places"][at + 1] - told["places"][at - 1])
    assert told["losses"]["mse"]["slope"] == pytest.approx(slope, rel=1e-4)


BAD = [
    (loss.judge_predictions, LOSS, {"predictions": DRAGGED[:6]}),
    (loss.judge_predictions, LOSS, {"predictions": [*DRAGGED[:6], math.nan]}),
    (loss.judge_predictions, LOSS, {"predictions": [*DRAGGED[:6], 13]}),
    (loss.judge_predictions, LOSS, {"predictions": [*DRAGGED[:6], True]}),
    (loss.judge_predictions, LOSS, {"predictions": "1234567"}),
    (loss.judge_predictions, LOSS, {"label": 7}),
    (loss.judge_predictions, LOSS, {"point": -1}),
    (loss.judge_predictions, LOSS, {"together": 1}),
    (activations.bend_and_pass_back, BEND, {"activation": "gelu"}),
    (activations.bend_and_pass_back, BEND, {"x": math.inf}),
    (activations.bend_and_pass_back, BEND, {"depth": 13}),
    (activations.bend_and_pass_back, BEND, {"depth": 2.5}),
    (activations.bend_and_pass_back, BEND, {"start": []}),
    (activations.fit_wave, FIT, {"units": 0}),
    (activations.fit_wave, FIT, {"seed": 0.5}),
    (bias.fit_lines, LINE, {"offset": "3"}),
    (bias.fit_lines, LINE, {"slope": 1e9}),
    (bias.fit_lines, LINE, {"seed": -1}),
]


@pytest.mark.parametrize(("handler", "good", "change"), BAD)
def test_what_the_page_never_sends_is_refused(handler, good, change):
    assert "error" not in handler(good)
    assert handler(good | change)["error"] in ("bad_request", "idea_number")


def test_no_reply_holds_what_is_no_number():
    ends = [
        loss.judge_predictions(LOSS | {"predictions": [one] * 7, "outlier": 0}) for one in (-2, 12)
    ]
    ends += [bias.fit_lines({"slope": 1.5, "offset": 4, "seed": 0})]
    for start in activations.STARTS:
        ends += [activations.bend_and_pass_back(BEND | {"depth": 12, "start": start})]
    json.dumps(ends, allow_nan=False)
