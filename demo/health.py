"""GET /health: whether the lab is well, for whoever watches over it. Says nothing of anybody."""

import time
import tomllib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from demo.train_live import JOBS

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
VERSION = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
BEGAN = time.monotonic()


async def health(_: Request) -> Response:
    """200 as long as the lab takes trainings, 503 once it is about to end."""
    running, waiting = JOBS.counts()
    status = "stopping" if JOBS.is_closed else "ok"
    facts = {"status": status, "version": VERSION, "uptime_seconds": int(time.monotonic() - BEGAN)}
    facts |= {"jobs_running": running, "jobs_waiting": waiting}
    headers = {"cache-control": "no-store"}
    return JSONResponse(facts, 503 if JOBS.is_closed else 200, headers)
