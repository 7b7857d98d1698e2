"""What the page's first load costs: bytes of the lab's own and of gradio's, and the requests.

    python -m bench.first_load

The page is opened in a real browser that has nothing of it yet. The lab's own scripts, styles and
words stand in the document, which gradio writes; what it writes around them counts as gradio's, and
of the document's packed bytes each has its share of the unpacked ones. Bytes as they come over the
wire, with headers, and unpacked.
"""

import json
from collections import Counter

from playwright.sync_api import CDPSession, Page

from bench.browser import WINDOW, running_browser
from bench.server import running_lab
from demo.bundles import document_head

OWN = ("/lab/", "/component_server/")  # routes of the lab's, and its functions
QUIET = 2000  # ms after which the page has all that it loads by itself


def kind_of(address: str, url: str) -> str:
    """Whose a request is: "document", which holds both, "own", "gradio", or "other_hosts"."""
    if not address.startswith(url):
        return "other_hosts"
    path = address.removeprefix(url).partition("?")[0]
    if path == "/":
        return "document"
    return "own" if any(part in path for part in OWN) else "gradio"


class Traffic:
    """What a page receives, as the browser's own protocol tells it."""

    def __init__(self, session: CDPSession, url: str) -> None:
        self.url = url
        self.kinds: dict[str, str] = {}
        self.requests, self.transferred, self.unpacked = Counter(), Counter(), Counter()
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self.sent)
        session.on("Network.dataReceived", self.received)
        session.on("Network.loadingFinished", self.finished)

    def sent(self, event: dict) -> None:
        address = event["request"]["url"]
        if not address.startswith(("data:", "blob:")):
            kind = self.kinds[event["requestId"]] = kind_of(address, self.url)
            self.requests[kind] += 1

    def received(self, event: dict) -> None:
        kind = self.kinds.get(event["requestId"])
        if kind:
            self.unpacked[kind] += event["dataLength"]

    def finished(self, event: dict) -> None:
        kind = self.kinds.get(event["requestId"])
        if kind:
            self.transferred[kind] += event["encodedDataLength"]


def load(page: Page, url: str) -> Traffic:
    """Opens the page and waits for all that it loads by itself."""
    traffic = Traffic(page.context.new_cdp_session(page), url)
    page.goto(url)
    page.get_by_test_id("canvas").wait_for()
    page.wait_for_timeout(QUIET)
    return traffic


def facts(traffic: Traffic) -> dict:
    """Ours and gradio's; the document is parted by how much of it we wrote."""
    written = len(document_head().encode("utf-8"))
    share = written / traffic.unpacked["document"]
    ours_packed = round(traffic.transferred["document"] * share)
    found = {"own": {}, "gradio": {}}
    for name, counts in (("transferred", traffic.transferred), ("unpacked", traffic.unpacked)):
        within = ours_packed if name == "transferred" else written
        found["own"][name] = counts["own"] + within
        found["gradio"][name] = counts["gradio"] + counts["document"] - within
    requests = {name: traffic.requests[name] for name in traffic.requests}
    return {**found, "own_scripts_and_styles": written, "requests": requests}


def main() -> None:
    with running_lab() as lab, running_browser() as browser:
        page = browser.new_page(viewport=WINDOW)
        print(json.dumps(facts(load(page, lab.url))))


if __name__ == "__main__":
    main()
