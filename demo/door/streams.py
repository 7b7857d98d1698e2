"""What gradio says in a stream of events where it fails, as a sentence in the caller's language."""

import json

from demo.door.refusal import Refusal

# How its messages begin: for programs that ask for one event, and for the page.
ONE, ALL = b'event: error\ndata: "', b'data: {"msg":"unexpected_error"'
# The first word of its own texts, in lower case -> the name of what we say instead.
MEANT = {"404:": "address", "server": "stopping"}


def reworded(message: bytes, language: str | None) -> bytes:
    """A message of a stream, which gradio sends in one piece. `language`: an Accept-Language."""
    if not message.startswith((ONE, ALL)):
        return message
    head, _, text = message.partition(b"data: ")
    try:
        told = json.loads(text)
    except ValueError:
        told = ""
    said = told.get("message") if isinstance(told, dict) else told
    meant = MEANT.get(str(said).lower().partition(" ")[0], "unforeseen")
    sentence = Refusal(meant).sentence(language)
    told = told | {"message": sentence} if isinstance(told, dict) else sentence
    return head + b"data: " + json.dumps(told).encode() + b"\n\n"
