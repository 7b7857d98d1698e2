"""Calls that schemathesis makes of the app's own description, as it promises and against it."""

import copy
from collections.abc import Iterator

import requests
import schemathesis
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.errors import InvalidSchema

from bench.reliability.calls import Call
from bench.reliability.typed import gathered

HOST = "http://127.0.0.1"
DROPPED = {"connection", "content-length", "host", "accept-encoding"}


def mended(description: dict) -> dict:
    """The description, where gradio's `"type": {}` for any JSON would be no schema."""
    if isinstance(description, dict):
        return {
            key: mended(value)
            for key, value in description.items()
            if not (key == "type" and value == {})
        }
    return [mended(one) for one in description] if isinstance(description, list) else description


def described_calls(description: dict, each: int, seed: int) -> Iterator[Call]:
    """So many calls of each operation and kind; fewer where schemathesis finds no more."""
    schema = schemathesis.openapi.from_dict(mended(copy.deepcopy(description)))
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                cases = gathered(operation.as_strategy(generation_mode=mode), each, seed)
            except (Unsatisfiable, InvalidSchema):
                continue  # a text in an address can't be of another type
            yield from (call_of(case, operation.label) for case in cases)


def call_of(case: schemathesis.Case, label: str) -> Call:
    request = requests.Request(**case.as_transport_kwargs(base_url=HOST)).prepare()
    content = request.body or b""
    headers = [
        (name, value.decode("latin-1") if isinstance(value, bytes) else value)
        for name, value in request.headers.items()
        if name.lower() not in DROPPED
    ]
    return Call(
        f"described {label}",
        request.method,
        request.url.removeprefix(HOST),
        tuple(headers),
        content.encode() if isinstance(content, str) else content,
        stream=request.method == "GET",
    )
