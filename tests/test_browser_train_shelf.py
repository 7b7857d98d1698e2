"""The shelf of runs in a real browser: kept over a reload, compared, used, taken home and back."""

import csv
import json
from pathlib import Path

import torch
from playwright.sync_api import Page, expect

from models.checkpoint import as_bytes
from models.recipe import RECIPES, best_recipe
from tests.test_browser import CHINESE, ENGLISH, PHONE, opened

SLOW = 60_000  # ms; two cores, and other work on them


def part(page: Page, name: str):
    return page.get_by_test_id(f"shelf-{name}")


def row(page: Page, number: int):
    return page.locator(f"[data-run='{number}']")


def tool(page: Page, number: int, name: str):
    return row(page, number).locator(f"[data-does={name}]")


def open_tab(page: Page) -> None:
    expect(page.get_by_test_id("network").locator("option").first).to_be_attached(timeout=SLOW)
    page.evaluate("lab.openTab('tab_train'), lab.need('train')")
    expect(page.get_by_test_id("shelf")).to_be_visible()
    page.evaluate("lab.trainMenuReady")


def numbers(page: Page) -> list[str]:
    return page.locator("[data-run]").evaluate_all("rows => rows.map((row) => row.dataset.run)")


def point(step: int, measured: bool) -> dict:
    loss = 2 / (1 + step)
    point = {"step": step, "epoch": step / 400, "seconds": step / 100, "rate": 0.01, "loss": loss}
    point |= {"accuracy": 1 - loss / 3, "whole": False, "held_out_loss": None, "diverged": False}
    return point | {"test_loss": loss if measured else None, "test_accuracy": None}


def run_of(number: int, accuracy: float, **changes: object) -> dict:
    """A run that is over, as the page's own store holds it."""
    recipe = best_recipe("small_cnn", **changes).as_dict()
    figures = {"test_accuracy": accuracy, "test_loss": 0.1}
    ending = {"reason": "done", "step": 400, "best_step": 400, "seconds": 4.0}
    ending |= {"figures": figures, "best_figures": figures, "weights_sha256": "", "cpu_seconds": 4}
    facts = {"number": number, "recipe": recipe, "total": 400, "anEpoch": 400, "key": None}
    facts |= {"state": "ended", "ending": ending, "rateChanges": [], "shown": True, "preset": None}
    return facts | {"points": [point(step, step % 10 == 0) for step in range(1, 401)]}


def add(page: Page, *runs: dict) -> None:
    page.evaluate(
        """(runs) => {
          const colour = (number) => lab.RUN_COLOURS[(number - 1) % lab.RUN_COLOURS.length];
          const whole = (run) => ({ ...lab.restingRun(), colour: colour(run.number), ...run });
          lab.addRuns(runs.map(whole));
          lab.showRun(lab.runs.at(-1));
        }""",
        list(runs),
    )


def test_runs_are_sorted_overlaid_deleted_and_taken_home_and_survive_a_reload(browser, lab_url):
    with opened(browser, lab_url) as page:
        open_tab(page)
        expect(part(page, "empty")).to_be_visible()
        add(page, run_of(1, 0.97, seed=3), run_of(2, 0.991), run_of(3, 0.98, optimizer="sgd"))
        assert numbers(page) == ["3", "2", "1"]
        expect(row(page, 3)).to_contain_text("SGD")
        expect(row(page, 2)).to_contain_text(ENGLISH["shelf_best_recipe"])
        part(page, "runs").locator("th[data-column=best] button").click()
        assert numbers(page) == ["2", "3", "1"]
        row(page, 1).locator("[data-column=network]").click()
        assert page.evaluate("lab.runInFront.number") == 1
        row(page, 1).get_by_role("checkbox").uncheck()
        tool(page, 3, "remove").click()
        assert numbers(page) == ["2", "1"]
        part(page, "undo").click()
        assert numbers(page) == ["2", "3", "1"]
        tool(page, 3, "remove").click()
        with page.expect_download() as csv_file:
            tool(page, 1, "csv").click()
        with page.expect_download() as json_file:
            tool(page, 1, "json").click()
        text = Path(csv_file.value.path()).read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        assert csv_file.value.suggested_filename == "small_cnn-run-1.csv"
        assert (len(rows), float(rows[9]["test_loss"]), rows[8]["test_loss"]) == (400, 2 / 11, "")
        whole = json.loads(Path(json_file.value.path()).read_text(encoding="utf-8"))
        assert whole["recipe"] == RECIPES["small_cnn"].as_dict() | {"seed": 3}
        assert len(whole["points"]) == 400

        page.reload()
        open_tab(page)
        assert numbers(page) == ["2", "1"]
        expect(row(page, 1)).to_contain_text("97.00 %")
        expect(row(page, 1)).to_contain_text(ENGLISH["shelf_no_weights"])
        expect(row(page, 1).get_by_role("checkbox")).not_to_be_checked()
        kept = page.evaluate("lab.runs[0].points")
        assert len(kept) <= 200
        assert sum(point["test_loss"] is not None for point in kept) == 40
        assert (kept[0]["step"], kept[-1]["step"]) == (1, 400)
        tool(page, 1, "again").click()
        assert page.evaluate("lab.recipe.seed") == 3


NONSENSE = [
    "[",
    "7",
    '[null, 7, {}, {"name": "x", "number": "1"}]',
    json.dumps([run_of(1, 0.9) | {"name": "x", "rateChanges": [1, 2]}]),
    json.dumps([run_of(1, 0.9) | {"name": "x", "points": [{"step": {}}]}]),
]


def test_storage_that_holds_nonsense_or_stores_nothing_is_survived(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.evaluate("lab.need('train')")
        for text in NONSENSE:
            page.evaluate("(text) => localStorage.setItem('lab.runs', text)", text)
            assert page.evaluate("lab.createShelfStore('lab.runs').restored()") == []
        odd = run_of(2, 0.9) | {"name": "odd"}
        odd["recipe"] |= {"augment": 7, "optimizer": [], "batch_size": "many"}
        page.evaluate("(run) => localStorage.setItem('lab.runs', JSON.stringify([run]))", odd)
        page.reload()
        open_tab(page)
        expect(row(page, 2)).to_contain_text("90.00 %")
        page.evaluate("() => (Storage.prototype.setItem = () => { throw new Error('full') }, 0)")
        add(page, run_of(3, 0.95))
        expect(part(page, "notice")).to_have_text(ENGLISH["shelf_unsaved"])
        assert numbers(page) == ["3", "2"]


def network_file(folder: Path, name: str) -> Path:
    torch.manual_seed(0)
    recipe = RECIPES[name]
    path = folder / f"{name}.safetensors"
    path.write_bytes(as_bytes(recipe.build_network().state_dict(), recipe, {"accuracy": 0.5}, ""))
    return path


def test_a_file_that_is_brought_stands_in_the_menus_and_others_are_refused(
    browser, lab_url, tmp_path
):
    with opened(browser, lab_url) as page:
        open_tab(page)
        part(page, "file").set_input_files(network_file(tmp_path, "linear"))
        reader = ENGLISH["train_yours_file"].format(name="linear")
        expect(part(page, "notice")).to_contain_text(reader)
        chosen = page.get_by_test_id("network").locator("option:checked")
        expect(chosen).to_have_text(f"{reader} · 50.0 %")
        (tmp_path / "bad.safetensors").write_bytes(b"PK" + bytes(99))
        part(page, "file").set_input_files(tmp_path / "bad.safetensors")
        expect(part(page, "notice")).to_have_text(ENGLISH["upload_no_file"])

        part(page, "file").set_input_files(network_file(tmp_path, "linear_autoencoder"))
        own = ENGLISH["cleaner_linear_autoencoder"]
        expect(part(page, "notice")).to_contain_text("linear_autoencoder")
        page.evaluate("lab.openTab('tab_denoise'), lab.need('denoise')")
        name = ENGLISH["train_yours_file"].format(name=own)
        card = page.locator("[data-cleaner^='own:']").first
        expect(card).to_contain_text("PSNR", timeout=SLOW)
        expect(card).to_contain_text(name)
        expect(page.get_by_test_id("clean-by")).to_contain_text(name)
        page.get_by_test_id("clean_curve").locator("summary").first.click()
        expect(page.get_by_test_id("curve_ranks")).to_contain_text(name)
        page.get_by_test_id("clean-code").locator("summary").click()
        notice = page.get_by_test_id("clean-code").locator(".lab-notice")
        expect(notice).to_have_text(ENGLISH["clean_code_own"])

        # the server forgets it: the usual one cleans on, and its card is gone
        page.evaluate(
            """() => {
              const [line] = lab.ownCleaners.lines();
              const gone = { ...line, name: "own:gone" };
              lab.ownCleaners.keep({ ...gone, owner: null, kept: [] });
              lab.setCleaning({ cleaner: "own:gone" });
            }"""
        )
        expect(page.locator("[data-cleaner^='own:']")).to_have_count(0)
        assert page.evaluate("lab.cleaning.cleaner") == "denoiser"


def test_weights_of_a_run_that_ended_with_the_lab_stay_with_the_page(browser, lab_url):
    with opened(browser, lab_url) as page:
        page.route("**/lab/run/lost.safetensors", lambda route: route.fulfill(body=b"weights"))
        open_tab(page)
        run = run_of(1, 0.97) | {"key": "lost", "state": "stopped"}  # none that the server has
        run["ending"] |= {"reason": "closing"}
        with page.expect_response("**/lab/run/lost.safetensors"):
            add(page, run)
        expect(row(page, 1)).to_contain_text(ENGLISH["shelf_closing"].format(step=400))
        with page.expect_download() as file:
            tool(page, 1, "weights").click()
        assert Path(file.value.path()).read_bytes() == b"weights"
        assert file.value.suggested_filename == "small_cnn-run-1.safetensors"


def test_what_was_trained_is_used_and_taken_home_on_a_phone_too(browser, lab_url):
    with opened(browser, f"{lab_url}?lang=zh", **PHONE) as page:
        open_tab(page)
        page.evaluate(
            """() => {
              const recipe = { ...lab.trainNetwork("linear").recipe, epochs: 0.1, seed: 5 };
              return lab.startRun(recipe);
            }"""
        )
        page.get_by_test_id("shelf").scroll_into_view_if_needed()
        use = tool(page, 1, "use")
        expect(use).to_be_visible(timeout=SLOW)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        with page.expect_download() as file:
            tool(page, 1, "weights").click()
        assert file.value.suggested_filename == "linear-run.safetensors"
        use.click()
        yours = CHINESE["train_yours"].format(name="linear", number=1)
        expect(part(page, "notice")).to_contain_text(yours)
        expect(use).to_have_text(CHINESE["shelf_go"].format(tab=CHINESE["tab_draw"]))
        use.click()
        expect(page.get_by_test_id("network").locator("option:checked")).to_contain_text(yours)
        expect(page.get_by_test_id("care-note")).to_have_text(CHINESE["care_never"])
