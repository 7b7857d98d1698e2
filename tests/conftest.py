"""What several test files share: the images, decoded once, and the browser."""

from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, sync_playwright

from bench.server import running_lab
from models.data import Mnist, load_mnist
from tests import chromium

torch.set_num_threads(1)  # runs are equal bit for bit with one thread only


@pytest.fixture(scope="session")
def mnist() -> Mnist:
    """All 70,000 images. Tests read them and never write into them."""
    return load_mnist()


@pytest.fixture(scope="session")
def browser(request) -> Iterator[Browser]:
    """A real Chromium without a window.

    It keeps an event loop of its own running, in which tests of other files could start none.
    """
    asking = [item.path.name for item in request.session.items if "browser" in item.fixturenames]
    assert all(name.startswith("test_browser") for name in asking), "needs a file test_browser_…"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.FLAGS, headless=True
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def lab_url() -> Iterator[str]:
    """The address of a lab, started as people start it, with no way out to other hosts."""
    dead_end = "http://127.0.0.1:9"
    with running_lab(HTTP_PROXY=dead_end, HTTPS_PROXY=dead_end) as lab:
        yield lab.url
