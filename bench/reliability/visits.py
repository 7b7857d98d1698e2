"""Twenty things that a visitor does over all tabs, each of which checks that its answer is theirs.

What a drawing, a noise or a lesson alone decides was answered once before, with nobody else there:
among others the answer must be the same. What is kept for a visitor says whose it is by itself.
"""

import base64
import json
import random
import threading
import time
from collections.abc import Callable, Iterator

from bench.reliability.caller import API, Answer, Caller, Failed
from bench.reliability.marked import Belongings

BUSY = {"train_full", "train_one_each", "symbols_busy", "photos_busy", "tune_busy", "door_too_busy"}
PAUSE = 0.25  # s between two looks, or before a busy lab is asked again
LATEST = 240.0  # s that something may take with all the others before it
NO_POINTS = 10**9  # a number that no point has
TEACHER = "digits04"
FIRST_LOOKS = 3  # of a comparison, after which it is left
CHANGING = {"key", "owner", "name", "kept", "seconds", "cpu_seconds", "path", "url"}


class CrossRead(Exception):
    """An answer with something of somebody else's, or without what is the caller's own."""


class Marks:
    """Whose each text is that one visitor alone may see."""

    def __init__(self) -> None:
        self.owners: dict[str, int | None] = {}
        self.lock = threading.Lock()

    def note(self, text: str, number: int) -> None:
        """A text that two have is nobody's mark."""
        with self.lock:
            known = self.owners.setdefault(text, number)
            if known != number:
                self.owners[text] = None

    def check(self, value: object, number: int) -> None:
        """Raises CrossRead for a text of somebody else's anywhere in an answer."""
        for text in texts_in(value):
            owner = self.owners.get(text.removeprefix("own:").removeprefix("taught:"))
            if owner is not None and owner != number:
                raise CrossRead(f"visitor {number} got something of {owner}'s: {text[:40]}")


def texts_in(value: object) -> Iterator[str]:
    """All texts of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


def lasting(value: object) -> object:
    """An answer without what is another one at each call: keys and times."""
    if isinstance(value, dict):
        return {name: lasting(one) for name, one in value.items() if name not in CHANGING}
    return [lasting(one) for one in value] if isinstance(value, list) else value


class Visitor:
    """One of thirty: what they bring, and what the lab has given them."""

    def __init__(self, number: int, caller: Caller, marks: Marks, seed: int = 0) -> None:
        self.number, self.caller, self.marks = number, caller, marks
        self.brings = Belongings(number, seed)
        self.alone: dict[str, object] = {}  # the answers to the same with nobody else there
        self.holds: dict[str, str] = {}  # what the lab gave: keys, names, a file's path
        self.asked_again = 0
        self.random = random.Random(seed * 1_000 + number)
        self.switch = 0  # the number of the event that switches the page's language
        brought = [*self.brings.names, self.brings.sheet()["pixels"]]
        for text in [*brought, *sum(self.brings.symbols, [])]:
            marks.note(text, number)

    def ask(self, function: str, **asked: object) -> dict:
        """A server function's answer, asked again while the lab is busy. Raises Failed."""
        deadline = time.monotonic() + LATEST
        while (answer := self.caller.ask(function, **asked)).get("error") in BUSY:
            if time.monotonic() > deadline:
                raise Failed(f"{function}: {answer}")
            self.asked_again += 1
            time.sleep(PAUSE)
        self.marks.check(answer, self.number)
        if "error" in answer:
            raise Failed(f"{function}: {answer}")
        return answer

    def hold(self, **given: str) -> None:
        """Keeps what the lab gave, which is a mark from now on."""
        for name, text in given.items():
            self.holds[name] = text
            self.marks.note(text.partition(":")[2] or text, self.number)

    def hear(self, event: str, data: list) -> Iterator[object]:
        """The first output of a public event, each time. Raises Failed."""
        deadline = time.monotonic() + LATEST
        while True:
            for kind, values in self.caller.event(event, data):
                if kind == "error" and time.monotonic() < deadline:
                    break  # nothing says why; the line of the trainings was full
                if kind == "error":
                    raise Failed(f"/{event}: {values}")
                if kind in ("generating", "complete"):
                    self.marks.check(values, self.number)
                    yield values
            else:
                return
            self.asked_again += 1
            time.sleep(PAUSE)

    def same_as_alone(self, name: str, answer: object) -> None:
        """Raises CrossRead where an answer is not the one that this visitor has had alone."""
        answer = lasting(answer)
        if name not in self.alone:
            self.alone[name] = answer
            for text in texts_in(answer):
                if len(text) > 100:  # a picture
                    self.marks.note(text, self.number)
        elif self.alone[name] != answer:
            raise CrossRead(f"{name} of visitor {self.number} is not what it was alone")


def be(own: object, got: object, what: str) -> None:
    """Raises CrossRead where a mark is not the visitor's own."""
    if own != got:
        raise CrossRead(f"{what}: {got!r} in place of {own!r}")


# ---- Draw -----------------------------------------------------------------------------------


def read(visitor: Visitor) -> None:
    answer = visitor.ask("read_drawing", **visitor.brings.sheet())
    visitor.same_as_alone("read", answer)


def why(visitor: Visitor) -> None:
    asked = visitor.brings.sheet() | {"strength": 0.1, "towards": None}
    visitor.same_as_alone("why", visitor.ask("fool", **asked))


def inside(visitor: Visitor) -> None:
    asked = visitor.brings.sheet() | {"step": None, "of": None, "most": 16}
    visitor.same_as_alone("inside", visitor.ask("read_beside", **asked))


def own_digits(visitor: Visitor) -> None:
    """Read; packed by the lab and unpacked again, they are the same digits."""
    answer = visitor.ask("read_own", digits=visitor.brings.own, model="digits")
    visitor.same_as_alone("own_digits", answer)
    packed = visitor.ask("pack_own", digits=visitor.brings.own)
    unpacked = visitor.ask("unpack_own", file=packed["file"])
    be(visitor.brings.own, unpacked["digits"], "own digits")


def classify(visitor: Visitor) -> None:
    heard = list(visitor.hear("classify", [visitor.brings.picture_value(), "digits"]))
    visitor.same_as_alone("classify", heard)


def upload(visitor: Visitor) -> None:
    """A picture file, and the same again from the address that the lab gives."""
    content, edge = visitor.brings.picture(), "----of-a-page"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n'
    body = head.encode() + b"Content-Type: image/png\r\n\r\n" + content
    kind = f"multipart/form-data; boundary={edge}"
    sent = visitor.caller.send(
        "POST", f"{API}/upload", body + f"\r\n--{edge}--\r\n".encode(), **{"Content-Type": kind}
    )
    [path] = sent.json()
    visitor.hold(upload=path)
    be(content, got(visitor, f"{API}/file={path}"), "an upload")


def got(visitor: Visitor, path: str) -> bytes:
    answer: Answer = visitor.caller.send("GET", path)
    if answer.status != 200:
        raise Failed(f"GET {path}: {answer.status}")
    return answer.content


# ---- Denoise --------------------------------------------------------------------------------


def clean(visitor: Visitor) -> None:
    asked = noisy(visitor) | {"cleaner": "denoiser"}
    visitor.same_as_alone("clean", visitor.ask("clean_up", **asked))


def compare(visitor: Visitor) -> None:
    asked = noisy(visitor) | {"cleaners": ["denoiser", "median"]}
    visitor.same_as_alone("compare", visitor.ask("compare_cleaners", **asked))


def noisy(visitor: Visitor) -> dict:
    """A digit with noise by a seed of this visitor's."""
    digit, seed = visitor.brings.own[0]["pixels"], visitor.number
    return {"digit": digit, "noise": "gaussian", "level": 0.5, "seed": seed}


def denoise(visitor: Visitor) -> None:
    asked = [visitor.brings.picture_value(), "gaussian", 0.5, "denoiser", visitor.number]
    for picture, figures in visitor.hear("denoise", asked):
        be(visitor.number, figures["seed"], "the seed of /denoise")
        visitor.same_as_alone("denoise", figures)
        cleaned = got(visitor, f"{API}/file={picture['path']}")
        visitor.same_as_alone("cleaned", base64.b64encode(cleaned).decode())


# ---- Train ----------------------------------------------------------------------------------


def train(visitor: Visitor) -> None:
    """From Train to its end; its steps and its seed are this visitor's."""
    recipe = visitor.brings.recipe()
    begun = visitor.ask("start_training", recipe=recipe, owner=visitor.holds.get("owner"))
    visitor.hold(run=begun["key"], owner=begun["owner"])
    be(recipe["seed"], begun["recipe"]["seed"], "the seed of a training")
    ending = followed(visitor, begun["key"])
    be(visitor.brings.steps, ending["step"], "the steps of a training")
    be(begun["key"], *visitor.ask("kept_runs", keys=[begun["key"]])["kept"], "a kept run")


def followed(visitor: Visitor, key: str) -> dict:
    """The end of a training, or of a comparison."""
    deadline = time.monotonic() + LATEST
    while not (told := visitor.ask("follow_training", key=key, since=NO_POINTS))["ending"]:
        if time.monotonic() > deadline:
            raise Failed("a training does not end")
        time.sleep(PAUSE)
    return told["ending"]


def download(visitor: Visitor) -> None:
    content = got(visitor, f"/lab/run/{visitor.holds['run']}.safetensors")
    be(visitor.brings.recipe()["seed"], recipe_of(content)["seed"], "a download's seed")


def recipe_of(file: bytes) -> dict:
    """The recipe in the header of a network's file."""
    size = int.from_bytes(file[:8], "little")
    return json.loads(json.loads(file[8 : 8 + size])["__metadata__"]["recipe"])


def use(visitor: Visitor) -> None:
    """The trained network in Draw."""
    given = visitor.ask("use_run", key=visitor.holds["run"], owner=visitor.holds["owner"])
    visitor.hold(network=given["name"])
    visitor.ask("read_drawing", **visitor.brings.sheet() | {"model": given["name"]})


def bring(visitor: Visitor) -> None:
    """A network's file, which the lab gives back as it was."""
    file = base64.b64encode(visitor.brings.network).decode()
    given = visitor.ask("upload_network", file=file, owner=visitor.holds.get("owner"))
    visitor.hold(brought=given["name"], owner=given["owner"])
    taken = base64.b64decode(visitor.ask("take_own", model=given["name"])["file"])
    be(recipe_of(visitor.brings.network), recipe_of(taken), "a brought network's recipe")
    be(weights_in(visitor.brings.network), weights_in(taken), "a brought network's weights")


def weights_in(file: bytes) -> bytes:
    return file[8 + int.from_bytes(file[:8], "little") :]


def train_event(visitor: Visitor) -> None:
    """The event /train: as many steps as this visitor's recipe has."""
    facts = [fact for [fact] in visitor.hear("train", [visitor.brings.recipe(more=1)])]
    be(visitor.brings.steps, facts[-1]["step"], "the steps of /train")


# ---- Transfer -------------------------------------------------------------------------------


def teach_symbols(visitor: Visitor) -> None:
    brings = visitor.brings
    asked = {"names": brings.names, "examples": brings.symbols, "head": "prototypes"}
    taught = visitor.ask("teach_symbols", **asked, owner=visitor.holds.get("symbols_owner"))
    visitor.hold(symbols=taught["name"], symbols_owner=taught["owner"])
    be(brings.names, taught["names"], "the names of symbols")


def read_symbol(visitor: Visitor) -> None:
    asked = visitor.brings.sheet() | {"model": visitor.holds["symbols"]}
    answer = visitor.ask("read_symbol", **asked)
    be(visitor.brings.names, answer["names"], "the names of symbols")
    visitor.same_as_alone("read_symbol", answer)


def teach_photos(visitor: Visitor) -> None:
    """Asked again where others' teaching made this one give up."""
    asked = {"backbone": "efficientnet_lite0", "head": "linear", "seed": visitor.number}
    asked |= {"classes": visitor.brings.photos}
    deadline = time.monotonic() + LATEST
    while time.monotonic() < deadline:
        begun = visitor.ask("teach_own_photos", **asked, owner=visitor.holds.get("photos_owner"))
        visitor.hold(photos=begun["key"], photos_owner=begun["owner"])
        while not (told := visitor.caller.ask("photos_progress", key=begun["key"])).get("facts"):
            if "error" in told:
                break
            time.sleep(PAUSE)
        else:
            return be(visitor.brings.names, told["facts"]["names"], "the names of photographs")
        visitor.asked_again += 1
        time.sleep(2 * PAUSE)
    raise Failed("photographs are not taught")


def read_photo(visitor: Visitor) -> None:
    photo = visitor.brings.photos[0]["photos"][0]
    answer = visitor.ask("read_own_photo", key=visitor.holds["photos"], photo=photo, index=None)
    visitor.same_as_alone("read_photo", answer)


def comparison(visitor: Visitor) -> None:
    """Begun on the page, and stopped."""
    settings = {"teacher": TEACHER, "examples": 1 + visitor.number, "seed": visitor.number}
    settings |= {"augmentation": False, "locked": []}
    owner = visitor.holds.get("owner")
    begun = visitor.ask("start_comparison", settings=settings, owner=owner)
    visitor.hold(comparison=begun["key"], owner=begun["owner"])
    visitor.ask("steer_training", key=begun["key"], order="stop")
    followed(visitor, begun["key"])


def transfer_event(visitor: Visitor) -> None:
    """The event /transfer, left after its first words."""
    told = visitor.hear("transfer", [TEACHER, 1 + visitor.number, visitor.number])
    for count, _ in enumerate(told, 1):
        if count == FIRST_LOOKS:
            return told.close()


# In the order of the tabs. Some need what an earlier one gave.
ACTIONS: dict[str, Callable[[Visitor], None]] = {
    one.__name__: one
    for one in (
        read,
        why,
        inside,
        own_digits,
        classify,
        upload,
        clean,
        compare,
        denoise,
        train,
        download,
        use,
        bring,
        train_event,
        teach_symbols,
        read_symbol,
        teach_photos,
        read_photo,
        comparison,
        transfer_event,
    )
}
NEEDS = {"download": "train", "use": "train", "read_symbol": "teach_symbols"}
NEEDS |= {"read_photo": "teach_photos"}
# What is answered alone first.
ALONE = ("read", "why", "inside", "own_digits", "classify", "clean", "compare", "denoise")
