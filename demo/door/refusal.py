"""What the door says to a request that it does not let in: one sentence in the caller's words."""

import json
from pathlib import Path

from demo.words import language_of, say

PAGE = (Path(__file__).parent / "refusal.html").read_text(encoding="utf-8")
# A refusal's name -> the HTTP status, and the key of its sentence.
REFUSALS: dict[str, tuple[int, str]] = {
    "host": (421, "door_host"),
    "origin": (403, "door_origin"),
    "address": (404, "door_address"),
    "method": (405, "door_method"),
    "function": (404, "door_function"),
    "length": (400, "door_length"),
    "too_large": (413, "door_too_large"),
    "too_many": (413, "door_too_many"),
    "too_slow": (408, "door_too_slow"),
    "too_busy": (429, "door_too_busy"),
    "no_json": (400, "door_no_json"),
    "no_upload": (400, "door_no_upload"),
    "values": (400, "bad_request"),
    "sign_in": (401, "door_sign_in"),
    "sign_in_wrong": (400, "door_sign_in_wrong"),
    "connections": (503, "door_connections"),
    "full": (503, "door_full"),
    "stopping": (503, "door_stopping"),
    "unforeseen": (500, "something_wrong"),
}
AGAIN_AFTER = {"too_busy": "5", "connections": "15", "full": "60", "stopping": "60"}  # s


class Refusal(Exception):
    """A request that goes no further. `name` is one of REFUSALS; `details` fill its sentence."""

    def __init__(self, name: str, **details: object) -> None:
        super().__init__(name)
        self.name, self.details = name, details
        self.status, self.key = REFUSALS[name]

    def sentence(self, accept_language: str | None) -> str:
        return say(self.key, language_of(accept_language), **self.details)


def answer_to(refusal: Refusal, headers: dict[str, str]) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of a refusal, by the request's own headers: JSON, or a page for people."""
    sentence = refusal.sentence(headers.get("accept-language"))
    known = {"id": refusal.details["id"]} if "id" in refusal.details else {}  # of a line in the log
    kind, body = "application/json", json.dumps({"error": sentence} | known, ensure_ascii=False)
    if headers.get("accept", "").startswith("text/html"):
        language = language_of(headers.get("accept-language"))
        kind, body = "text/html; charset=utf-8", page_of(sentence, language)
    content = body.encode()
    said = {"content-type": kind, "content-length": str(len(content)), "cache-control": "no-store"}
    if refusal.name in AGAIN_AFTER:
        said["retry-after"] = AGAIN_AFTER[refusal.name]
    return [(name.encode(), value.encode()) for name, value in said.items()], content


def page_of(sentence: str, language: str) -> str:
    """One sentence as a page; the sentences are ours, but what fills their gaps may not be."""
    safe = sentence.replace("&", "&amp;").replace("<", "&lt;")
    words = say("language_code", language), say("lab_name", language), safe
    page = PAGE
    for place, text in enumerate(words):
        page = page.replace(f"{{{place}}}", text)
    return page
