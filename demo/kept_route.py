"""A finished run's network as a download: GET /lab/run/KEY.safetensors."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from demo.train_kept import RunGoneError, run_of
from demo.words import language_of, say


def download(request: Request) -> Response:
    """The whole file, named after its network; 404 with one sentence where it is not kept."""
    try:
        run = run_of(request.path_params["key"])
        content = run.content()
    except RunGoneError as error:
        language = language_of(request.headers.get("accept-language"))
        return PlainTextResponse(say(error.key, language), status_code=404)
    name = f"{run.recipe.network}-run.safetensors"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def routes() -> list[Route]:
    return [Route("/lab/run/{key}.safetensors", download, methods=["GET"])]
