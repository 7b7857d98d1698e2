"""What a Hugging Face Space would refuse, found before it does: `make space`.

    python -m bench.space [--here]

It judges README's front matter and every file in git, installs requirements.txt alone into a new
environment, starts a fresh copy of HEAD as a Space starts it, has it read a digit, stops it, and
says how to push. `--here` takes the running Python in place of a new environment.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from io import BytesIO
from pathlib import Path

from bench.server import ROOT, free_port, wait_for
from bench.space_card import LARGEST, TextError, card_faults, front_matter, large_files, pins
from bench.startup import classified, picture_of_seven, resident_megabytes

OWNER, NAME = "someone", "digit-lab"
HOST = f"{OWNER}-{NAME}.hf.space"
COPY = ROOT / "build" / "space"  # what has been checked, to be pushed
DEAD_END = "http://127.0.0.1:9"  # instead of a way out to other hosts
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
INSTALLING, ENDING = 1_200, 30  # s of patience
CORES = {0, 1}  # a Space without a price has two

READY = """
Ready. {size:.1f} MB, {count} files, in {copy}. To push them to a Space of yours:

    hf auth login
    hf upload USER/digit-lab {copy} . --repo-type space

`hf` came with gradio; it makes the Space and stores binary files as Spaces want them. With git they
have to be tracked by git-lfs, or the push is refused:

    cd {copy} && git init -b main && git lfs install --local
    git lfs track "*.gz" "*.png" "*.safetensors" "*.webp"
    git add -A && git commit -m "Digit Lab"
    git remote add space https://huggingface.co/spaces/USER/digit-lab
    git push --force space main

Duplicating the Space needs no setting, secret or hardware."""


def git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


def sizes_in_git() -> dict[str, int]:
    """Bytes of every file that HEAD or a commit before it holds."""
    objects = git("rev-list", "--objects", "HEAD")
    asked = ["git", "cat-file", "--batch-check=%(objecttype) %(objectsize) %(rest)"]
    told = subprocess.run(asked, cwd=ROOT, input=objects, check=True, stdout=subprocess.PIPE)
    parts = [line.split(" ", 2) for line in told.stdout.decode().splitlines()]
    sizes: dict[str, int] = {}
    for kind, size, path in parts:
        if kind == "blob":
            sizes[path] = max(sizes.get(path, 0), int(size))
    return sizes


def copy_of_head(folder: Path) -> list[Path]:
    """HEAD's files in that folder, and nothing else; gives their paths."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=BytesIO(git("archive", "--format=tar", "HEAD"))) as archive:
        archive.extractall(folder, filter="data")
    return [path for path in folder.rglob("*") if path.is_file()]


def clean_python(folder: Path, requirements: Path) -> Path:
    """The Python of a new environment with these requirements alone, by the user's pip settings."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = [python, "-m", "pip", "install", "--quiet", "-r", requirements]
    if subprocess.run(command, timeout=INSTALLING).returncode:
        sys.exit(f"{requirements.name} can't be installed by itself: pip's last lines say why.")
    return python


def environment(home: Path, port: int) -> dict[str, str]:
    """What a Space sets, and no way out to other hosts."""
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "SYSTEM": "spaces",
        "SPACE_ID": f"{OWNER}/{NAME}",
        "SPACE_HOST": HOST,
        "SPACE_AUTHOR_NAME": OWNER,
        "SPACE_REPO_NAME": NAME,
        "GRADIO_SERVER_NAME": "0.0.0.0",
        "GRADIO_SERVER_PORT": str(port),
        "PYTHONDONTWRITEBYTECODE": "1",
        **dict.fromkeys(PROXIES, DEAD_END),
    }


def take_two_cores() -> None:
    if hasattr(os, "sched_setaffinity") and os.sched_getaffinity(0) >= CORES:
        os.sched_setaffinity(0, CORES)


def contents(folder: Path) -> set[tuple[str, int]]:
    """Each file with its time of change, to tell whether anything was written."""
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def tried(python: Path, folder: Path, app_file: str) -> dict[str, object]:
    """Starts a copy as a Space does, has a digit read, stops it; gives what was measured.

    Ends with a sentence where the lab doesn't start, read, keep its hands off the copy or stop.
    """
    before, port, began = contents(folder), free_port(), time.monotonic()
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [python, app_file],
            cwd=folder,
            env=environment(Path(home), port),
            stdout=subprocess.DEVNULL,
            stderr=log,
            preexec_fn=take_two_cores if os.name == "posix" else None,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, process)
            answer = classified(url, picture_of_seven(), Host=HOST)
            seconds = time.monotonic() - began
            memory = resident_megabytes(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(ENDING)
        log.seek(0)
        said = log.read()
    if "Traceback" in said:
        sys.exit(f"The lab stumbled as it started as on a Space:\n{said}")
    if answer["label"] != "7":
        sys.exit(f"A seven was read as {answer['label']} in the copy.")
    if status != 0:
        sys.exit(f"The lab ended with status {status} after SIGTERM, and should with 0.")
    if written := contents(folder) ^ before:
        sys.exit(f"The lab wrote into its own folder: {sorted(written)[0][0]}.")
    return {"first_answer_seconds": round(seconds, 1), "resident_megabytes": round(memory or 0)}


def say(what: str, began: float) -> None:
    print(f"{what} ({time.monotonic() - began:.0f} s)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--here", action="store_true", help="without a new environment")
    options = parser.parse_args()
    began = time.monotonic()
    files = copy_of_head(COPY)
    try:
        card = front_matter((COPY / "README.md").read_text(encoding="utf-8"))
    except TextError as error:
        sys.exit(str(error))
    faults = card_faults(card, COPY, pins(COPY / "requirements.txt"))
    faults += large_files(sizes_in_git())
    if faults:
        sys.exit("\n".join(faults))
    say(f"README's front matter is one that a Space takes; no file over {LARGEST:,} bytes", began)
    if git("status", "--porcelain"):
        print("What is not committed is left out.", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        python = Path(sys.executable)
        if not options.here:
            python = clean_python(Path(folder) / "venv", COPY / "requirements.txt")
            say("requirements.txt is installed, alone, in a new environment", began)
        told = tried(python, COPY, card["app_file"])
    figures = ", ".join(f"{name} {value}" for name, value in told.items())
    say(f"A Space's environment: started, read a seven, stopped; {figures}", began)
    size = sum(path.stat().st_size for path in files) / 1e6
    print(READY.format(size=size, count=len(files), copy=COPY.relative_to(ROOT)))


if __name__ == "__main__":
    main()
