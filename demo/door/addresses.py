"""Which addresses the lab answers: those that its page and the clients of its events need.

Gradio brings many more, for editing a lab, for its statistics, for streams of sound; they are
closed, whatever a later release adds.
"""

from collections.abc import Mapping

API = "/gradio_api"
READ, SEND = frozenset({"GET", "HEAD", "OPTIONS"}), frozenset({"POST", "OPTIONS"})
Table = Mapping[str, frozenset[str]]
# Whole addresses; with or without a slash at the end.
OPEN: Table = {
    "/": READ,
    "/config": READ,
    "/health": READ,
    "/theme.css": READ,
    "/favicon.ico": READ,
    "/robots.txt": READ,
    "/manifest.json": READ,
    "/logout": READ,
    "/login": SEND,
    f"{API}/info": READ,
    f"{API}/openapi.json": READ,
    f"{API}/app_id": READ,
    f"{API}/user": READ,
    f"{API}/login_check": READ,
    f"{API}/startup-events": READ,
    f"{API}/theme.css": READ,
    f"{API}/queue/data": READ,
    f"{API}/queue/status": READ,
    f"{API}/queue/join": SEND,
    f"{API}/component_server": SEND,
    f"{API}/upload": SEND,
    f"{API}/cancel": SEND,
    f"{API}/reset": SEND,
}
# Beginnings; what follows is not empty.
OPEN_BELOW: Table = {
    "/lab/": READ | SEND,
    "/assets/": READ,
    "/static/": READ,
    "/svelte/": READ,
    f"{API}/file=": READ,
    f"{API}/heartbeat/": READ,
    f"{API}/call/": READ | SEND,
    f"{API}/run/": SEND,
    f"{API}/api/": SEND,
}
LONGEST = 1_000  # characters of an address; uploads lie under some 200
LONGEST_PART = 255  # bytes between two slashes; no file's name is longer (limits.h, NAME_MAX)


def plain(path: str) -> str:
    """An address without the slash at its end."""
    return path.rstrip("/") or "/"


def methods_of(path: str) -> frozenset[str]:
    """What may be asked of an address; nothing of a closed one."""
    if len(path) > LONGEST or not path.isprintable() or has_long_part(path):
        return frozenset()
    if plain(path) in OPEN:
        return OPEN[plain(path)]
    below = (begin for begin in OPEN_BELOW if path.startswith(begin) and path != begin)
    begin = next(below, None)
    if begin is None or is_web_address(path.removeprefix(begin)):
        return frozenset()
    return OPEN_BELOW[begin]


def has_long_part(path: str) -> bool:
    return any(len(part.encode("utf-8", "replace")) > LONGEST_PART for part in path.split("/"))


def is_web_address(rest: str) -> bool:
    """Whether a file's path means another host: gradio would send the visitor there."""
    return "://" in rest or rest.startswith(("http:", "https:"))
