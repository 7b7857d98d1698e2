"""What strangers try in order to reach what is others': guessed keys, ids, sessions, addresses.

Each kind of guess tells whether it hit: whether anything but "there is no such thing" came back.
"""

import random
import secrets
import string
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import quote

from bench.reliability.caller import API, Caller
from bench.server import ROOT

KEY_CHARACTERS = string.ascii_letters + string.digits + "-_"
KEY_LENGTH = 24
ROUTES = ("classify", "denoise", "train", "transfer")
SECRET_FILES = (
    "/etc/passwd",
    "/etc/hostname",
    "/proc/self/environ",
    "/proc/self/cmdline",
    "/root/.ssh/id_rsa",
    *(str(ROOT / name) for name in ("app.py", "README.md", "demo/visitor.py", ".git/config")),
    str(ROOT / "checkpoints/digits.safetensors"),
    str(ROOT / "data/mnist/train-labels-idx1-ubyte.gz"),
)
TOLD = (b"process_", b"event: complete", b"event: generating", b"estimation")
LISTENING, MOST_LINES = 2.0, 20  # s without a word, and lines, after which a listener goes
UPWARDS = ("../", "..%2f", "%2e%2e/", "..%5c", "....//", "/../")


@dataclass
class Known:
    """What a stranger may know, or have seen over somebody's shoulder."""

    keys: list[str] = field(default_factory=list)  # others'; each is tried changed, never as it is
    files: list[str] = field(default_factory=list)  # paths of others' uploads, likewise
    sessions: list[str] = field(default_factory=list)  # others', tried as they are
    events: list[str] = field(default_factory=list)  # ids of others' events, tried changed
    pixels: dict = field(default_factory=dict)  # a drawing of the stranger's own


class Stranger:
    """Guesses one after another, from an address of their own."""

    def __init__(self, caller: Caller, known: Known, seed: int) -> None:
        self.caller, self.known, self.random = caller, known, random.Random(seed)
        self.count = 0

    def guess(self) -> str | None:
        """One more, of the next kind; what it hit, if anything."""
        kind = KINDS[self.count % len(KINDS)]
        self.count += 1
        return f"{kind.__name__} {hit}" if (hit := kind(self)) else None

    # ---- What is guessed ----

    def key(self) -> str:
        """A key of the right form: made up, counted, or another's with one character changed."""
        way = self.random.randrange(4)
        if way == 0 or not self.known.keys:
            return "".join(self.random.choices(KEY_CHARACTERS, k=KEY_LENGTH))
        if way == 1:
            return str(self.random.choice([self.count, f"{self.count:024d}", f"run-{self.count}"]))
        key = self.random.choice(self.known.keys)
        if way == 2:
            return self.changed(key)
        return self.random.choice([key[:-1], key + "A", key.swapcase(), f" {key}", f"{key}\0"])

    def changed(self, text: str) -> str:
        """One character of a text is another of its kind."""
        at = self.random.choice([at for at, one in enumerate(text) if one.isalnum()])
        kind = string.hexdigits[:16] if text[at] in string.hexdigits[:16] else KEY_CHARACTERS[:-2]
        other = self.random.choice([one for one in kind if one != text[at]])
        return text[:at] + other + text[at + 1 :]

    def asked(self, function: str, **asked: object) -> str | None:
        """What a server function gives in place of an error."""
        answer = self.caller.ask(function, **asked)
        return None if "error" in answer else f"{asked} -> {answer}"[:200]

    def got(self, path: str) -> str | None:
        """What lies at an address, if anything."""
        answer = self.caller.send("GET", path)
        return f"{path} -> {answer.content[:80]!r}" if answer.status in (200, 206, 304) else None

    def streamed(self, path: str) -> str | None:
        """What a stream tells of anybody's event, within a moment."""
        with self.caller.stream(path, LISTENING) as reply, suppress(OSError, HTTPException):
            for count, text in enumerate(reply):
                if any(one in text for one in TOLD):
                    return f"{path} -> {text[:120]!r}"
                if count > MOST_LINES:
                    break
        return None


# ---- Keys ---------------------------------------------------------------------------------------


def follow(one: Stranger) -> str | None:
    return one.asked("follow_training", key=one.key(), since=0)


def stop(one: Stranger) -> str | None:
    return one.asked("steer_training", key=one.key(), order="stop")


def leave(one: Stranger) -> None:
    """Says nothing either way: that trainings go on shows that it hit none."""
    one.caller.send("POST", "/lab/leave", one.key().encode())


def list_runs(one: Stranger) -> str | None:
    kept = one.caller.ask("kept_runs", keys=[one.key() for _ in range(20)])["kept"]
    return str(kept) if kept else None


def use_run(one: Stranger) -> str | None:
    return one.asked("use_run", key=one.key(), owner=one.key())


def download_run(one: Stranger) -> str | None:
    return one.got(f"/lab/run/{quote(one.key(), safe='')}.safetensors")


def read_with(one: Stranger) -> str | None:
    return one.asked("read_drawing", **one.known.pixels | {"model": f"own:{one.key()}"})


def take_network(one: Stranger) -> str | None:
    return one.asked("take_own", model=f"own:{one.key()}")


def read_symbols_of(one: Stranger) -> str | None:
    return one.asked("read_symbol", **one.known.pixels | {"model": f"taught:{one.key()}"})


def follow_photos(one: Stranger) -> str | None:
    return one.asked("photos_progress", key=one.key())


def follow_measurement(one: Stranger) -> str | None:
    return one.asked("follow_fresh", key=one.key(), known=0)


# ---- Files --------------------------------------------------------------------------------------


def server_file(one: Stranger) -> str | None:
    """A file of the server's, by its whole path or upwards from somewhere."""
    path = one.random.choice(SECRET_FILES)
    if one.random.random() < 0.5:
        up = one.random.choice(UPWARDS) * one.random.randint(1, 9)
        path = up + path.lstrip("/")
    begin = one.random.choice(
        (f"{API}/file=", f"{API}/file=/", "/assets/", "/static/", "/lab/run/")
    )
    return one.got(begin + quote(path, safe="/%."))


def upload_of(one: Stranger) -> str | None:
    """Another's upload, its path changed; the folder itself; what lies beside it."""
    if not one.known.files:
        return one.got(f"{API}/file=/tmp/gradio/{secrets.token_hex(32)}/a.png")
    path = one.random.choice(one.known.files)
    folder, _, name = path.rpartition("/")
    above, _, digest = folder.rpartition("/")
    ways = (
        f"{above}/{one.changed(digest)}/{name}",
        f"{above}/{one.random.randbytes(32).hex()}/{name}",
        f"{folder}/{one.changed(name)}",
        one.random.choice((folder, above, f"{above}/", f"{folder}/..", f"{folder}/../../passwd")),
        f"{above}/{one.count}.png",
    )
    return one.got(f"{API}/file={quote(one.random.choice(ways))}")


# ---- Sessions and events ------------------------------------------------------------------------


def listen(one: Stranger) -> str | None:
    """To the messages of a session, known or guessed."""
    names = [*one.known.sessions, "page", "bench", str(one.count), secrets.token_hex(5)]
    return one.streamed(f"{API}/queue/data?session_hash={one.random.choice(names)}")


def hear_event(one: Stranger) -> str | None:
    route = one.random.choice(ROUTES)
    return one.streamed(f"{API}/call/{route}/{event_id(one)}")


def event_id(one: Stranger) -> str:
    if one.known.events and one.random.random() < 0.5:
        return one.changed(one.random.choice(one.known.events))
    return one.random.choice([one.random.randbytes(16).hex(), str(one.count)])


def cancel(one: Stranger) -> None:
    """As `leave`: what goes on shows that it hit nothing."""
    session = one.random.choice([*one.known.sessions, "page"])
    body = {"session_hash": session, "fn_index": one.random.randrange(12)}
    one.caller.post(f"{API}/cancel", body | {"event_id": event_id(one)})
    one.caller.post(f"{API}/reset", {"event_id": event_id(one)})


def end_heartbeat(one: Stranger) -> None:
    """Opens another's heartbeat and lets it end, as if their page had closed."""
    session = one.random.choice([*one.known.sessions, str(one.count)])
    with one.caller.stream(f"{API}/heartbeat/{session}") as reply:
        reply.read(4)


KINDS: tuple[Callable[[Stranger], str | None], ...] = (
    follow,
    stop,
    leave,
    list_runs,
    use_run,
    download_run,
    read_with,
    take_network,
    read_symbols_of,
    follow_photos,
    follow_measurement,
    server_file,
    upload_of,
    listen,
    hear_event,
    cancel,
    end_heartbeat,
)
