"""The script that settles how the page looks, put into the page as it is sent.

Gradio adds all other scripts of ours once it has started: too late to keep a dark page from
flashing white.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOK = Path(__file__).resolve().parent / "look.js"
BEFORE = b"<head>"  # in gradio's page; the script follows it


def script() -> bytes:
    return b"<script>\n%s</script>" % LOOK.read_bytes()


class FirstScript:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.script = app, script()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = (scope["type"], scope.get("method"), scope.get("path")) == ("http", "GET", "/")
        await self.app(scope, receive, self.adding(send) if is_page else send)

    def adding(self, send: Send) -> Callable[[Message], Awaitable[None]]:
        start: Message = {}  # held back until the body's length is known

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                await send_both(message)

        async def send_both(message: Message) -> None:
            body = message.get("body", b"")
            if start:
                body = body.replace(BEFORE, BEFORE + self.script, 1)
                headers = MutableHeaders(raw=list(start["headers"]))
                if "content-length" in headers:
                    added = len(body) - len(message.get("body", b""))
                    headers["content-length"] = str(int(headers["content-length"]) + added)
                await send(start | {"headers": headers.raw})
                start.clear()
            await send(message | {"body": body})

        return send_on
