"""A real browser: the recipe's form, what it asks of the server, and the link that holds it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Route, expect

from demo.words import WORDS
from tests.test_browser import DESKTOP, PHONE

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
READY = "window.lab && lab.trainMenu && lab.recipe"


@contextmanager
def train_tab(browser: Browser, url: str, query: str, **options) -> Iterator[tuple[Page, list]]:
    """The page by a link, its form filled in, and what it asks of the server about costs."""
    context = browser.new_context(**{**DESKTOP, **options})
    page = context.new_page()
    faults, asked = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def answer(route: Route) -> None:
        request = json.loads(route.request.post_data or "{}")
        if request.get("fn_name") != "check_recipe":
            return route.continue_()
        asked.append(request["data"]["recipe"])
        facts = {"recipe": asked[-1], "steps": 1234, "parameters": 56789, "seconds": 200}
        return route.fulfill(json=facts)

    page.route("**/component_server/**", answer)
    page.goto(f"{url}/?{query}")
    page.wait_for_function(READY, timeout=60_000)
    yield page, asked
    context.close()
    assert faults == []


def setting(page: Page, field: str):
    return page.get_by_test_id(f"set-{field}")


def note(page: Page, field: str):
    return expect(page.locator(f"[data-field={field}] .lab-setting-note"))


def address(page: Page, ending: str) -> None:
    page.wait_for_function("(ending) => location.href.endsWith(ending)", arg=ending)


def test_what_is_chosen_is_the_recipe_and_the_address_and_what_is_wrong_is_told_in_place(
    browser, lab_url
):
    with train_tab(browser, lab_url, "utm_x=1&tab=train") as (page, asked):
        expect(page.get_by_test_id("train-cost")).to_have_text(
            ENGLISH["train_cost_minutes"].format(count=3)
        )
        setting(page, "network").select_option("mlp")
        expect(setting(page, "learning_rate")).to_have_value("0.001")  # of its best recipe
        setting(page, "learning_rate").fill("0,1")
        setting(page, "learning_rate").press("Tab")
        address(page, "/?utm_x=1&tab=train&recipe=mlp&learning_rate=0.1")
        for wrong in ("-1", "1e30", "fast", ""):
            setting(page, "learning_rate").fill(wrong)
            page.evaluate("lab.setRecipe({})")  # another's change leaves what is being typed
            setting(page, "learning_rate").press("Tab")
            limits = {"setting": "Learning rate", "low": "0.000001", "high": "100"}
            note(page, "learning_rate").to_have_text(ENGLISH["train_bad_range"].format(**limits))
            assert page.evaluate("lab.recipe.learning_rate") == 0.1
        setting(page, "learning_rate").fill("0.1")
        setting(page, "learning_rate").press("Enter")
        note(page, "learning_rate").not_to_contain_text("0.000001")
        page.get_by_test_id("slide-train_images").fill("0")
        expect(setting(page, "batch_size")).to_have_value("60")
        page.get_by_test_id("slide-train_images").fill("60")
        expect(setting(page, "batch_size")).to_have_value("128")
        setting(page, "optimizer").select_option("gd")
        expect(setting(page, "batch_size")).to_be_hidden()
        expect(setting(page, "epochs")).to_have_value("20")
        note(page, "network").to_contain_text("56,789")
        with page.expect_request(lambda one: '"optimizer":"momentum"' in (one.post_data or "")):
            page.evaluate(
                "for (const optimizer of ['sgd', 'momentum']) lab.setRecipe({ optimizer })"
            )
        assert "sgd" not in [recipe["optimizer"] for recipe in asked]  # the last change alone
        page.get_by_test_id("train-best").click()
        address(page, "/?utm_x=1&tab=train&recipe=mlp")
        page.evaluate("lab.openTab('tab_draw')")
        address(page, "/?utm_x=1")


def test_a_link_fills_the_form_in_and_names_what_it_held_in_vain(browser, lab_url):
    nonsense = "epochs=1e9&nesterov=true&bias=perhaps&noise=blur&hide=loss,x"
    good = "lang=zh&recipe=mlp&width=64&depth=3&activation=sigmoid&augment=affine,elastic"
    with train_tab(browser, lab_url, f"{good}&{nonsense}") as (page, _):
        taken = page.evaluate("lab.recipe")
        assert (taken["width"], taken["depth"], taken["activation"]) == (64, 3, "sigmoid")
        assert (taken["augment"], taken["epochs"], taken["bias"]) == (
            ["affine", "elastic"],
            20,
            True,
        )
        names = [
            CHINESE[f"train_set_{field}"].split("：")[0] for field in ("epochs", "bias", "noise")
        ]
        told = CHINESE["train_link_left"].format(what=", ".join([*names, "nesterov"]))
        expect(page.get_by_test_id("train-link-left")).to_have_text(told)
        end = "width=64&depth=3&activation=sigmoid&augment=affine,elastic&hide=loss"
        address(page, f"/?lang=zh&tab=train&recipe=mlp&{end}")
        page.get_by_test_id("train-more").locator("summary").click()
        expect(setting(page, "loss")).to_be_hidden()
        expect(setting(page, "dropout")).to_be_visible()
        page.get_by_test_id("train-lesson").click()
        page.locator("[data-testid=train-hide] label:has([value=loss])").click()
        page.locator("[data-testid=train-hide] label:has([value=dropout])").click()
        expect(setting(page, "loss")).to_be_visible()
        expect(setting(page, "dropout")).to_be_hidden()
        address(page, "augment=affine,elastic&hide=dropout")
        copied = page.get_by_test_id("train-address").evaluate("(place) => place.textContent")
        assert copied == page.url


def test_samples_are_what_the_server_feeds_asked_only_once_they_are_wanted(browser, lab_url):
    with train_tab(browser, lab_url, "recipe=linear&label_noise=1") as (page, _):
        fed = []
        page.on("request", lambda one: fed.append("preview_feed" in (one.post_data or "")))
        page.wait_for_timeout(600)  # ms; longer than a change waits
        assert not any(fed)
        page.get_by_test_id("train-fed").locator("summary").click()
        captions = page.get_by_test_id("train-fed-grid").locator("figcaption")
        expect(captions.last).to_contain_text("≠", timeout=20_000)
        assert all("≠" in text for text in captions.all_inner_texts())
        first = captions.all_inner_texts()
        page.get_by_test_id("train-fed-others").click()
        page.wait_for_function(
            "(first) => document.querySelector('[data-testid=train-fed-grid]').innerText !== first",
            arg="\n".join(first),
        )
        page.evaluate("lab.setRecipe({ label_noise: 0 })")
        expect(captions.last).not_to_contain_text("≠", timeout=20_000)
        ink = "canvas => canvas.getContext('2d').getImageData(0, 0, 28, 28).data.some(Boolean)"
        assert page.get_by_test_id("train-fed-grid").locator("canvas").last.evaluate(ink)


def test_on_a_phone_all_can_be_pressed_and_the_buttons_are_in_sight(browser, lab_url):
    with train_tab(browser, lab_url, "recipe=mlp", **PHONE) as (page, _):
        assert page.get_by_test_id("train-buttons").bounding_box()["y"] < 844 - 110  # two lines
        for name in ("train-more", "train-fed"):
            page.get_by_test_id(name).locator("summary").click()
        page.get_by_test_id("train-lesson").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        form = page.get_by_test_id("train-form")
        controls = form.locator(
            "select, input:not([type=checkbox]), button, summary, label:has(input), [role=switch]"
        )
        # In one look: a control that is hidden between two looks would count as one of no height.
        boxes = controls.evaluate_all("(all) => all.map((one) => one.offsetHeight).filter(Boolean)")
        assert len(boxes) > 30
        assert min(boxes) >= 44
