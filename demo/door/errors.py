"""What gradio and its framework refuse or fail at, as a sentence: no traceback, path or class name.

Anything unforeseen is said with an id, under which the log has where it happened.
"""

import secrets
import traceback
from collections.abc import Callable
from pathlib import Path

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from demo.door.addresses import API, plain
from demo.door.answer import NOTED
from demo.door.log import note
from demo.door.refusal import Refusal, answer_to

# By status: what gradio means by it. Others below 500 are bad values.
NAMES = {
    401: "sign_in",
    404: "address",
    405: "method",
    413: "too_large",
    421: "host",
    503: "too_busy",
}
# Where gradio fails at what was sent, rather than at its own work.
FAULTS = {f"{API}/upload": "no_upload"}
LARGEST = {"most": "20 MB"}


def refused(error: HTTPException, path: str = "") -> Refusal:
    """What an error of the framework means here; its own words stay inside."""
    if error.status_code == 400 and plain(path) == "/login":
        return Refusal("sign_in_wrong")
    if error.status_code >= 500 and error.status_code not in NAMES:
        return Refusal("unforeseen")
    name = NAMES.get(error.status_code, FAULTS.get(plain(path), "values"))
    return Refusal(name, **LARGEST) if name == "too_large" else Refusal(name)


def foreseen(error: Exception, path: str) -> Refusal:
    """An exception that nothing caught: bad input where only that leads to it, else our fault."""
    if plain(path) in FAULTS and not isinstance(error, OSError):
        return Refusal(FAULTS[plain(path)])
    return Refusal("unforeseen", id=note_error(error))


def note_error(error: BaseException) -> str:
    """Says in the log where something went wrong, not with what; gives the error's id."""
    key = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    at = ">".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    note("error", id=key, kind=type(error).__name__, at=at or "unknown")
    return key


def as_response(refusal: Refusal, request: Request) -> Response:
    headers, content = answer_to(refusal, dict(request.headers))
    answer = Response(content, refusal.status)
    answer.raw_headers = headers
    return answer


def say_refused(request: Request, error: HTTPException) -> Response:
    return as_response(refused(error, request.url.path), request)


def say_invalid(request: Request, _: RequestValidationError) -> Response:
    return as_response(Refusal("values"), request)


def say_unforeseen(request: Request, error: Exception) -> Response:
    if isinstance(error.__cause__, HTTPException):  # in the middle of an answer, which tells of it
        error = error.__cause__
        return as_response(refused(error, request.url.path), request)
    request.scope[NOTED] = True
    return as_response(foreseen(error, request.url.path), request)


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    HTTPException: say_refused,
    RequestValidationError: say_invalid,
    Exception: say_unforeseen,
}
