"""Malformed calls of every endpoint: functions, events, gradio's own routes, uploads, the wire."""

import importlib.util
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench.reliability.asked import EVENTS
from bench.reliability.calls import Call
from bench.reliability.spoiling import API, JSON, Spoiler

PAGE = f"{API}/component_server/"
ROUTE = re.compile(r"@(?:router|app)\.(get|post|put|delete|head)\(\s*\"(/[^\"]*)\"")
STREAMS = ("heartbeat", "queue/data", "/call/")
# Each of these costs a second or more where a spoiled question is still a good one: asked less.
SLOW = {"tune_own", "climb_long", "start_comparison", "start_training", "measure_fresh"}
SLOW |= {"teach_own_photos", "compare_cleaners", "sizes_beside", "fit_wave", "turn_answer"}
SLOW_SHARE = 0.2
WAYS = ("run", "api", "call", "call/v2", "queue/join")
OWN = ("/health", "/lab/leave", "/lab/run/KEY.safetensors", "/lab/", "/lab/run/x/y", "/login")
METHODS = ("GET", "POST", "HEAD", "DELETE", "OPTIONS", "TRACE", "QUERY", "PATCH")
FOREIGN = ("evil.example", "127.0.0.1.evil.example", "[::1", "", "a b", "localhost:99999")


def function_calls(
    spoil: Spoiler, components: dict[str, int], questions: dict[str, dict], each: int
) -> Iterator[Call]:
    """The page's server functions, each asked something spoiled so many times."""
    for name, component in components.items():
        share = SLOW_SHARE if name in SLOW else 1
        for _ in range(round(each * share)):
            asked = spoil.spoiled(questions.get(name, {}))
            body = {"data": asked, "component_id": component, "fn_name": name}
            body["session_hash"] = "odd"
            body = spoil.spoiled(body) if spoil.happens(0.1) else body
            yield spoil.posted(f"function {name}", PAGE, body)


def event_calls(spoil: Spoiler, numbers: dict[str, int], each: int) -> Iterator[Call]:
    """The public events, each called in all of gradio's ways."""
    for name, number in numbers.items():
        for at in range(each):
            yield event_call(spoil, name, number, WAYS[at % len(WAYS)])


def event_call(spoil: Spoiler, name: str, number: int, way: str) -> Call:
    asked = spoil.spoiled(EVENTS[name])
    body: object = asked
    if way != "call/v2":
        body = {"data": list(asked.values()) if isinstance(asked, dict) else asked}
    if way == "queue/join":
        body |= {"fn_index": number, "session_hash": spoil.one_of(("odd", "odd", "", "x" * 65))}
    elif way in ("run", "api") and spoil.happens(0.5):
        body |= {"fn_index": number if spoil.happens(0.5) else spoil.value()}
    body = spoil.spoiled(body) if spoil.happens(0.2) else body
    path = f"{API}/{way}" + ("" if way == "queue/join" else f"/{name}")
    return in_one_language(spoil.posted(f"event {name}", path, body))


def in_one_language(call: Call) -> Call:
    """Whoever listens to a session hears of all its events, in the words of who called them."""
    is_shared = "queue/" in call.path
    return replace(call, language="en") if is_shared else call


def routes_of_gradio() -> list[tuple[str, str]]:
    """Method and address of each route in gradio's source, which is read and not run."""
    folder = Path(importlib.util.find_spec("gradio").origin).parent
    found = ROUTE.findall((folder / "routes.py").read_text(encoding="utf-8"))
    return sorted({(method.upper(), path) for method, path in found})


def route_calls(spoil: Spoiler, each: int) -> Iterator[Call]:
    """The addresses that gradio knows, with odd parts, an odd query and an odd body."""
    queries = ("", "?", "?session_hash=odd", "?session_hash=", "?a=%ff&a=1", "?%00", "?=&&")
    for method, route in routes_of_gradio():
        for _ in range(each):
            path = re.sub(r"\{[^}]*\}", lambda _: spoil.part(), route)
            path = spoil.one_of((API, API, "")) + path + spoil.one_of(queries)
            asked = method if spoil.happens(0.6) else spoil.one_of(METHODS)
            stream = any(sign in path for sign in STREAMS)
            call = spoil.posted(f"gradio {route}", path, spoil.value(), stream)
            content = call.content if asked == "POST" else b""
            yield in_one_language(replace(call, method=asked, content=content))


def own_calls(spoil: Spoiler, count: int) -> Iterator[Call]:
    """The lab's own addresses beside the page."""
    for at in range(count):
        name, method = OWN[at % len(OWN)], spoil.one_of(METHODS)
        headers = spoil.one_of(((), JSON, (("accept", "text/html"),)))
        content = spoil.piece() if method == "POST" else b""
        path = name.replace("KEY", spoil.part())
        yield Call(f"lab {name}", method, path, headers, content, spoil.language())


def unknown_calls(spoil: Spoiler, count: int) -> Iterator[Call]:
    """Addresses, functions, events and numbers that there are not, and foreign callers."""
    known = {"data": {}, "component_id": 4, "fn_name": "read_drawing", "session_hash": "x"}
    for at in range(count):
        kind = ("address", "function", "event", "number", "host", "origin")[at % 6]
        path, body = PAGE, known
        if kind == "address":
            path = spoil.one_of(("/", f"{API}/", "/assets/", f"{API}/file=")) + spoil.part()
        elif kind == "function":
            body = known | {"fn_name": spoil.value(), "component_id": spoil.value()}
        elif kind == "event":
            path, body = f"{API}/{spoil.one_of(WAYS)}/{spoil.part()}", {"data": spoil.value()}
        elif kind == "number":
            path = f"{API}/queue/join"
            body = {"data": [], "fn_index": spoil.value(), "session_hash": spoil.value()}
        call = spoil.posted(f"unknown {kind}", path, body)
        if kind == "address" and spoil.happens(0.5):
            call = replace(call, method="GET", content=b"", headers=())
        if kind in ("host", "origin"):
            sender = ("https://" if kind == "origin" else "") + spoil.one_of(FOREIGN)
            call = replace(call, headers=(*call.headers, (kind, sender)))
        yield in_one_language(call)


def upload_calls(spoil: Spoiler, count: int) -> Iterator[Call]:
    """Uploads whose multipart is broken in one place or many."""
    names = (b'; name="files"', b'; name="files"', b"", b'; name="other"', b'; name="')
    files = (b'; filename="a.png"', b"", b'; filename=""', b'; filename="../../a"', b"; filename")
    kinds = ("multipart/form-data; boundary=x", "multipart/form-data; boundary=", "x/y")
    paths = ("", "", "/", "?upload_id=x", "?upload_id=")
    for _ in range(count):
        end = spoil.one_of((b"\r\n", b"\r\n", b"\n", b""))
        head = b"content-disposition: form-data" + spoil.one_of(names) + spoil.one_of(files)
        extra = spoil.one_of((b"", b"content-type: image/png" + end, b"\xff\0: 1" + end))
        part = b"--x" + end + head + end + extra + end + spoil.piece() + end
        content = part * spoil.random.randint(1, 3) + spoil.one_of((b"--x--", b"--x", b"")) + end
        headers = (("content-type", spoil.one_of(kinds)),)
        path = f"{API}/upload" + spoil.one_of(paths)
        yield Call("upload", "POST", path, headers, content, spoil.language())


# ---- What is hardly HTTP --------------------------------------------------------------------

START = f"POST {PAGE} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n".encode()
START += b"content-type: application/json\r\n"
SOCKET = b"host: 127.0.0.1\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
SOCKET += b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
LENGTHS = (b"-1", b"1e9", b"x", b"2, 2", b"9" * 20, b"", b"5")
CHUNKS = (b"2", b"zz", b"-1", b"F" * 17, b"", b"2;x=y", b"5")
LINES = (b"GET", b"GET /", b"GET / HTTP/9.9", b"G\0T / HTTP/1.1", b"GET  /  HTTP/1.1", b"\r\n")
SOCKETS = ("/", "/queue/join", f"{API}/queue/data", "/ws", f"{API}/queue/join")
WIRE: dict[str, Callable[[Spoiler], bytes]] = {
    "websocket": lambda spoil: f"GET {spoil.one_of(SOCKETS)} HTTP/1.1\r\n".encode() + SOCKET,
    "chunks": lambda spoil: (
        START
        + b"transfer-encoding: chunked\r\n\r\n"
        + spoil.one_of(CHUNKS)
        + b"\r\n{}\r\n0\r\n\r\n"
    ),
    "length": lambda spoil: (
        START + b"content-length: " + spoil.one_of(LENGTHS) + b"\r\n\r\n" + spoil.piece()
    ),
    "bytes": lambda spoil: spoil.piece() + b"\r\n\r\n",
    "line": lambda spoil: spoil.one_of(LINES) + b"\r\nhost: 127.0.0.1\r\n\r\n",
    "header": lambda spoil: START + spoil.piece().replace(b"\n", b"") + b": 1\r\n\r\n",
}


def wire_calls(spoil: Spoiler, count: int) -> Iterator[Call]:
    """Broken lines, headers, lengths and chunks, and websockets, which the lab has none of."""
    for at in range(count):
        name, make = list(WIRE.items())[at % len(WIRE)]
        yield Call(f"wire {name}", raw=make(spoil))
