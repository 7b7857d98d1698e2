"""What is wrong with an answer: a failure, an empty error, a leak, no sentence for people."""

import json
import os
import re

from bench.reliability.calls import NO_ANSWER, Call, Reply
from bench.reliability.record import ROOT
from demo.words import WORDS

# What says how the lab is made. A page's own files and descriptions may hold some of it.
LEAKS = re.compile(
    re.escape(os.fsencode(ROOT))
    + rb"|Traceback|File \\?\"|site-packages|gradio\.|starlette|pydantic|fastapi|uvicorn|"
    rb"/home/|/usr/|/root/|/var/|\.py\b|[a-z_]+\.py:\d+|<class |object at 0x|"
    rb"\b[A-Z][A-Za-z]+(?:Error|Exception)\b|\b(?:demo|models|torch|numpy|PIL)\.[a-z_]+"
)
FOLDER = re.compile(rb"/tmp/[\w./-]+")
TYPE = b'"_type":"gradio.FileData"'  # the mark of an answer's picture, which clients look for
CHINESE = re.compile("[\u4e00-\u9fff]")
SENTENCE = 10  # characters at least; a Chinese one has fewer
SHORTEST = {"en": SENTENCE, "zh": 4}
# Those that hand out what the page is made of, its scripts, words and descriptions.
PAGES = ("/", "/config", "/assets/", "/static/", "/svelte/", "/theme.css", "/gradio_api/info")
PAGES += ("/gradio_api/openapi.json", "/gradio_api/theme.css")
# Functions that answer with a script, which imports torch, or with a file.
SCRIPTS = ("_code", "_file", "spell_as_the_book", "ladder_rungs", "transform_digit")


def faults(call: Call, reply: Reply) -> list[str]:
    """What is wrong with an answer, in short words; nothing where all is well."""
    if call.raw and reply.status == NO_ANSWER:
        return []  # what is no HTTP may be hung up on
    if reply.status == NO_ANSWER:
        return ["no answer"]
    found = [f"HTTP {reply.status}"] if reply.status >= 500 and not is_full(reply) else []
    found += leaks(call, reply)
    error = None if call.method == "HEAD" else error_of(reply)
    if error is not None:
        found += [] if is_said(error, call) else [f"no sentence: {str(error)[:80]!r}"]
    elif reply.status >= 400 and not is_plain(call, reply):
        found.append(f"no error in a {reply.status}")
    return found


def is_full(reply: Reply) -> bool:
    """Whether a 503 says that there is no room, which is no failure."""
    return reply.status == 503 and "retry-after" in reply.headers


def is_plain(call: Call, reply: Reply) -> bool:
    """Whether an answer may be short: to what has no body, or is not for people."""
    return call.method == "HEAD" or bool(call.raw)


def error_of(reply: Reply) -> object:
    """The error that an answer tells, "" for an empty one; None where it tells none."""
    if reply.kind.startswith("text/event-stream"):
        return error_in_stream(reply.body)
    if reply.kind.startswith("text/html"):
        found = re.search(r"<p\b[^>]*>(.*?)</p>", reply.body.decode(errors="replace"), re.S)
        return found[1] if found and reply.status >= 400 else None
    if reply.kind.startswith("text/plain"):
        return reply.body.decode(errors="replace") if reply.status >= 400 else None
    try:
        value = json.loads(reply.body)
    except ValueError:
        return None
    return (value["error"] or "") if isinstance(value, dict) and "error" in value else None


def error_in_stream(body: bytes) -> object:
    """The error of an event stream: `event: error`, or a message that failed."""
    for block in body.decode(errors="replace").split("\n\n"):
        _, _, text = block.partition("data: ")
        try:
            value = json.loads(text)
        except ValueError:
            continue
        if block.startswith("event: error"):
            return (value.get("error") if isinstance(value, dict) else value) or ""
        if isinstance(value, dict) and value.get("msg") == "unexpected_error":
            return value.get("message") or ""
        if isinstance(value, dict) and value.get("success") is False:
            output = value.get("output")
            return (output.get("error") if isinstance(output, dict) else None) or ""
    return None


def is_said(error: object, call: Call) -> bool:
    """Whether an error is a sentence in the asked language, or the key of one that the page has."""
    if not isinstance(error, str):
        return False
    if error in WORDS[call.language]:
        return True
    text = error.strip()
    return len(text) >= SHORTEST[call.language] and is_in(text, call.language)


def is_in(text: str, language: str) -> bool:
    return bool(CHINESE.search(text)) == (language == "zh")


def leaks(call: Call, reply: Reply) -> list[str]:
    """What an answer tells of how the lab is made, unless it was asked for just that."""
    path = call.path.partition("?")[0].rstrip("/") or "/"
    if reply.status < 400 and (path in PAGES or path.startswith(PAGES[2:5])):
        return []
    body = reply.body
    if reply.status == 200 and call.endpoint.endswith(SCRIPTS):
        return []
    found = LEAKS.findall(body.replace(TYPE, b""))
    # the handle of an accepted file, which callers hand back, is its address among the uploads
    is_handle = reply.status == 200 and b"digit-lab-" in body
    found += [] if is_handle else FOLDER.findall(body)
    return [f"leak: {found[0].decode(errors='replace')[:60]!r}"] if found else []
