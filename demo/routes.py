"""What the server answers besides the page itself."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo import bundles, kept_route
from demo.health import health
from demo.train_live import leave_training

LONGEST_KEY = 64  # bytes


async def leave(request: Request) -> Response:
    """A page that closes sends the key of its training: no answer reaches it any more."""
    key = b""
    async for piece in request.stream():
        key += piece
        if len(key) > LONGEST_KEY:
            return Response(status_code=413)
    leave_training(key.decode("ascii", "replace"))
    return Response(status_code=204)


# They come before gradio's own, one of which takes any path.
ROUTES = [
    Route("/health", health, methods=["GET"]),
    Route("/lab/leave", leave, methods=["POST"]),
    *kept_route.routes(),
    *bundles.ROUTES,
]
