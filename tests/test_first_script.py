"""The page is sent with the script that settles its look, and nothing else is touched."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from demo import first_script

PAGE = "<!doctype html><html><head><title>字</title></head><body><head></body></html>"


def page(request):
    return HTMLResponse(PAGE)


def pieces(request):
    return StreamingResponse(iter([PAGE[:40], PAGE[40:]]), media_type="text/html")


def answered(method: str, path: str, home=page):
    routes = [Route("/", home), Route("/other", page)]
    app = Starlette(routes=routes, middleware=[Middleware(first_script.FirstScript)])
    with TestClient(app) as client:
        return client.request(method, path)


@pytest.mark.parametrize("home", [page, pieces])
def test_the_script_comes_first_in_the_pages_head(home):
    answer = answered("GET", "/", home)
    before, script, after = answer.text.partition(first_script.script().decode())
    assert script
    assert before.endswith("<head>")
    assert before + after == PAGE
    assert int(answer.headers.get("content-length", len(answer.content))) == len(answer.content)


@pytest.mark.parametrize(("method", "path", "text"), [("GET", "/other", PAGE), ("HEAD", "/", "")])
def test_all_else_passes_as_it_is(method, path, text):
    assert answered(method, path).text == text
