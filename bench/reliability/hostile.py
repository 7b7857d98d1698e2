"""A few calls that no page makes, one of each kind; bench.reliability.malformed makes thousands."""

import json
from collections.abc import Callable

from bench.reliability.caller import API, Answer, Caller

LONG = 1_000_000  # characters
NOTHING_TAKEN = b"[]"  # the answer to an upload without a file


def page_call(caller: Caller, function: str, data: object) -> Answer:
    body = {"data": data, "component_id": caller.components[function], "fn_name": function}
    return caller.post(f"{API}/component_server/", body | {"session_hash": "page"})


def wrong_types(caller: Caller) -> Answer:
    data = {"kind": [], "width": "280", "height": None, "pixels": 5, "model": {"a": 1}}
    return page_call(caller, "read_drawing", data)


def no_number(caller: Caller) -> Answer:
    body = b'{"data": [{"path": null}, "gaussian", NaN, "denoiser", 1]}'
    return caller.send("POST", f"{API}/call/denoise", body, **{"Content-Type": "application/json"})


def many_numbers(caller: Caller) -> Answer:
    return caller.post(f"{API}/call/train", {"data": [[1] * 30_000]})


def unknown_function(caller: Caller) -> Answer:
    body = {"data": {}, "component_id": 5, "fn_name": "__class__", "session_hash": "x"}
    return caller.post(f"{API}/component_server/", body)


def long_text(caller: Caller) -> Answer:
    return page_call(caller, "teach_symbols", {"names": "x" * LONG, "examples": [], "head": "a"})


def bad_picture(caller: Caller) -> Answer:
    photo = {"key": "x", "photo": "iVBORw0KGgo=", "index": 10**30}
    return page_call(caller, "read_own_photo", photo)


def foreign_page(caller: Caller) -> Answer:
    return caller.send("POST", "/lab/leave", b"x", Origin="https://evil.example")


def foreign_host(caller: Caller) -> Answer:
    return caller.send("GET", "/config", Host="evil.example")


def extreme_recipe(caller: Caller) -> Answer:
    recipe = {"network": "mlp", "width": 10**9, "epochs": -1, "seed": 2**80}
    return page_call(caller, "start_training", {"recipe": recipe, "owner": 5})


def broken_upload(caller: Caller) -> Answer:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    return caller.send("POST", f"{API}/upload", b"--x\r\nContent-Disp", **kind)


def address_as_picture(caller: Caller) -> Answer:
    picture = {"path": None, "url": "http://127.0.0.1:9/x.png"}
    return caller.post(f"{API}/run/classify", {"data": [picture, "digits"]})


CALLS: dict[str, Callable[[Caller], Answer]] = {
    one.__name__: one
    for one in (
        wrong_types,
        no_number,
        many_numbers,
        unknown_function,
        long_text,
        bad_picture,
        foreign_page,
        foreign_host,
        extreme_recipe,
        broken_upload,
        address_as_picture,
    )
}


def is_taken_well(answer: Answer) -> bool:
    """Whether a hostile call got a refusal in words, or nothing at all was done."""
    if answer.status >= 400:
        return answer.status < 500
    if answer.content == NOTHING_TAKEN:
        return True
    try:
        return bool(json.loads(answer.content)["error"])
    except (ValueError, KeyError, TypeError):
        return False
