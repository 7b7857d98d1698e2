"""Which Chromium drives the browser tests?

The system's, else Playwright's own, else Debian's package where this runs as root. `make test` runs
this file first, so that what may need the network happens before any test. CHROMIUM=/path/to/it
names another.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# No sandbox: it refuses to start as root. The rest keeps it from calling out on its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DOWNLOAD_SECONDS = 600  # of patience with a slow line for Playwright's 170 MB


def starts(path: str | None) -> bool:
    """Whether the file is there and all its libraries are: a fresh system often lacks some."""
    if not path or not os.access(path, os.X_OK):
        return False
    answer = subprocess.run(
        [path, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return answer.returncode == 0


def of_the_system() -> str | None:
    if named := os.environ.get("CHROMIUM"):
        return named
    return next(filter(starts, [*map(shutil.which, NAMES), MAC]), None)


def of_playwright() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def find() -> str | None:
    """The path of a Chromium that starts, fetching nothing."""
    return of_the_system() or of_playwright()


def runs(*command: str, seconds: int | None = None) -> bool:
    """Whether a command succeeds; its last line is shown where it does not."""
    print("Looking for a Chromium:", *command, flush=True)
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}")
        return False
    if answer.returncode:
        print("  failed:", (answer.stdout + answer.stderr).strip().rpartition("\n")[2])
    return answer.returncode == 0


def fetch() -> str | None:
    """Playwright's own where it can be fetched and starts, else Debian's package, as root."""
    download = (sys.executable, "-m", "playwright", "install", "chromium")
    if runs(*download, seconds=DOWNLOAD_SECONDS) and (path := of_playwright()):
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        runs("apt-get", "update", "-q")
        runs("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium")
    return of_the_system()


def main() -> int:
    try:
        path = find() or fetch()
    except Error as error:
        path, reason = None, f" ({error.message.splitlines()[0]})"
    else:
        reason = ""
    if path:
        print("Chromium for the browser tests:", path)
        return 0
    print(
        f"The browser tests need a Chromium{reason}: install one (Debian: apt-get install "
        "chromium), or name yours, as in make test CHROMIUM=/path/to/chromium.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
