"""What stands around the values of a request to gradio, checked: gradio answers 500 to some of it.

The values themselves are checked by whom they are for: demo/asked.py and the public events.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from demo.door.addresses import API, plain
from demo.door.bodies import ASKED, NETWORK, in_words
from demo.door.refusal import Refusal

LONGEST_NAME = 64  # characters of a function's name, an event's or a session's
DEEPEST = 64  # lists and objects within each other
CALLS = (f"{API}/run/", f"{API}/api/", f"{API}/call/")
NAMED = f"{API}/call/v2/"  # values by their names, as the app's own description has them
# How the page's own script ends its questions. In whole JSON that is the end of the outermost
# object, whose last keys count: there is no need to parse it, and 27 MB would take 0.2 s.
END = re.compile(
    rb'"component_id":\s?(\d{1,9}),\s?"fn_name":\s?"(\w{1,64})",\s?"session_hash":\s?"([\w-]{1,64})"\}'
)
LONGEST_END = 300  # bytes
# Functions that may be sent more than others, and how many bytes.
LARGE_FUNCTIONS = {
    "upload_network": NETWORK,
    "teach_own_photos": 16_000_000,  # 300 photographs of some 30 kB as text, and bigger ones
    "unpack_symbols": 8_100_000,  # a file of 6 MB as text
    "unpack_own": 2_800_000,  # one of 2 MB
}
SESSION = "page"  # gradio's record for each session costs 100 kB; the page's functions need none
# What describes a picture, and its types.
NONE = type(None)
TEXT = str | NONE
PICTURE = {
    "path": TEXT,
    "url": TEXT,
    "orig_name": TEXT,
    "mime_type": TEXT,
    "size": int | NONE,
    "is_stream": bool,
}
JOIN, PAGE = f"{API}/queue/join", f"{API}/component_server"


@dataclass(frozen=True)
class Event:
    """An event of the page: the kinds of its inputs, of which programs don't send its "state".

    `names` are those of the inputs, and `needed` those that have no value of their own.
    """

    kinds: tuple[str, ...]
    names: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()

    def kinds_of(self, count: int) -> tuple[str, ...] | None:
        """The kinds of so many values; None where it takes another number of them."""
        asked = tuple(kind for kind in self.kinds if kind != "state")
        return next((kinds for kinds in (self.kinds, asked) if len(kinds) == count), None)


@dataclass(frozen=True)
class Offered:
    """The functions that a page offers: of its components by name, its events by number."""

    functions: Mapping[int, frozenset[str]]
    events: Mapping[int, Event]
    public: Mapping[str, int]  # the public events' names


def offered_by(config: Mapping) -> Offered:
    """From gradio's description of the page, which it gives to each browser."""
    components = {one["id"]: one for one in config["components"]}
    functions = {
        key: frozenset(one["props"].get("server_fns") or ()) for key, one in components.items()
    }
    events, public = {}, {}
    for one in config["dependencies"]:
        events[one["id"]] = event_of([components[key] for key in one["inputs"]])
        if one["api_visibility"] == "public" and isinstance(one["api_name"], str):
            public[one["api_name"]] = one["id"]
    return Offered({key: names for key, names in functions.items() if names}, events, public)


def event_of(inputs: list[Mapping]) -> Event:
    """An event by gradio's description of the components that it takes."""
    names = tuple(str(one["props"].get("label")) for one in inputs)
    pairs = zip(names, inputs, strict=True)
    needed = frozenset(name for name, one in pairs if one["props"].get("value") is None)
    return Event(tuple(one["type"] for one in inputs), names, needed)


def check_values(path: str, body: dict, offered: Offered) -> None:
    """Judges a request's body by its address, and takes what misleads gradio out of its pictures.

    Raises Refusal.
    """
    if is_deep(body):
        raise Refusal("values")
    if plain(path) == PAGE:
        check_page(body, offered)
    elif plain(path) == JOIN:
        check_names(body, "session_hash", "event_id")
        if not is_name(body.get("session_hash")):
            raise Refusal("values")
        check_event(body, body.get("fn_index"), offered)
    elif path.startswith(NAMED):
        check_named(path, body, offered)
    elif any(path.startswith(begin) for begin in CALLS):
        check_names(body, "session_hash", "event_id")
        check_call(path, body, offered)


def check_page(body: dict, offered: Offered) -> None:
    """A question of the page's own scripts. Raises Refusal."""
    component, name = body.get("component_id"), body.get("fn_name")
    if type(component) is not int or "data" not in body:
        raise Refusal("values")
    if not is_name(name) or not is_name(body.get("session_hash")):
        raise Refusal("values")
    if name not in offered.functions.get(component, ()):
        raise Refusal("function")


def with_plain_end(content: bytes, offered: Offered) -> bytes | None:
    """A question of the page, judged by its end, under a session of all; None where it ends in
    another way. Raises Refusal."""
    found = END.search(content, max(0, len(content) - LONGEST_END))
    if not found or found.end() != len(content):
        return None
    component, name = int(found[1]), found[2].decode()
    if name not in offered.functions.get(component, ()):
        raise Refusal("function")
    most = LARGE_FUNCTIONS.get(name, ASKED)
    if len(content) > most:
        raise Refusal("too_large", most=in_words(most))
    asked = memoryview(content)[: found.start(3)]  # copied once, into the whole
    return b"".join((asked, SESSION.encode(), b'"}'))


def check_call(path: str, body: dict, offered: Offered) -> None:
    """A call of an event by its name in the address, or by its number. Raises Refusal."""
    begin = next(begin for begin in CALLS if path.startswith(begin))
    name, number = plain(path.removeprefix(begin)), body.get("fn_index")
    if number is None or begin.endswith("/call/"):
        if name not in offered.public:
            raise Refusal("function")
        number = offered.public[name]
    check_event(body, number, offered)


def check_named(path: str, body: dict, offered: Offered) -> None:
    """A call of an event whose values come by their names. Raises Refusal."""
    name = plain(path.removeprefix(NAMED))
    if name not in offered.public:
        raise Refusal("function")
    event = offered.events[offered.public[name]]
    if not event.needed <= body.keys() <= set(event.names):
        raise Refusal("values")
    kinds = dict(zip(event.names, event.kinds, strict=True))
    for key, value in body.items():
        check_value(kinds[key], value)


def check_event(body: dict, number: object, offered: Offered) -> None:
    """The number of an event and its list of values. Raises Refusal."""
    if type(number) is not int:
        raise Refusal("values")
    if number not in offered.events:
        raise Refusal("function")
    data = body.get("data")
    kinds = offered.events[number].kinds_of(len(data)) if isinstance(data, list) else None
    if kinds is None or body.get("batched") not in (None, False):
        raise Refusal("values")
    for kind, value in zip(kinds, data, strict=True):
        check_value(kind, value)


def check_value(kind: str, value: object) -> None:
    """One value, for a component of that kind. Raises Refusal."""
    if not (is_picture(value) if kind == "image" else not has_file(value)):
        raise Refusal("values")


def is_picture(value: object) -> bool:
    """Whether a value describes a picture, or none. Its "meta" is taken out: with it gradio looks
    after the file itself, and fails where demo/picture_input.py refuses in words."""
    if not isinstance(value, dict):
        return value is None
    value.pop("meta", None)
    return all(isinstance(value[key], PICTURE.get(key, NONE)) for key in value)


def has_file(value: object) -> bool:
    """Whether something in a value looks like a file of gradio's, which it would look after."""
    layer = [value] if isinstance(value, dict | list) else []
    while layer:
        if any(isinstance(one, dict) and "path" in one and "meta" in one for one in layer):
            return True
        layer = inside(layer)
    return False


def check_names(body: dict, *keys: str) -> None:
    """Names that may be left out. Raises Refusal."""
    if not all(body.get(key) is None or is_name(body[key]) for key in keys):
        raise Refusal("values")


def is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def is_deep(value: object) -> bool:
    """Whether lists and objects lie in each other beyond what anything here sends."""
    layer = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        layer = inside(layer)
    return bool(layer)


def inside(layer: list) -> list:
    """The lists and objects that lie directly in some values."""
    parts = (one.values() if isinstance(one, dict) else one for one in layer)
    return [one for one in chain.from_iterable(parts) if isinstance(one, dict | list)]
