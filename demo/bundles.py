"""The page's own scripts and style sheets: a part for the first look, the rest in bundles.

The page fetches a bundle when something in it is needed:

    GET /lab/bundle/train.0123456789ab.js    and .css, each with the first digits of its SHA-256
"""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo import first_script
from demo.canvas import canvas
from demo.later import load_soon
from demo.words import WORDS

FOLDER = Path(__file__).resolve().parent
# A bundle is the files whose path begins with one of these; a file belongs to the first bundle that
# names it. Later style sheets win, so the order is the page's.
FILES: dict[str, tuple[str, ...]] = {
    "first": (
        "page",
        "present",
        "bundles",
        "links",
        "style",
        "panels/panel.",
        "panels/amiss.",
        "panels/purpose.",
        "canvas/",
    ),
    "kit": (
        "foundations/chapters.",
        "foundations/chapter_",
        "panels/kit.",
        "panels/pen_keys.",
        "panels/pace.",
        "panels/code_view.",
        "panels/code.css",
        "panels/clean_curve_axis.",
        "panels/inside_pictures.",
        "panels/train_settings.",
        "panels/train_chart",
        "panels/train_form.css",
        "panels/train_form_folds.css",
        "panels/train_parts.css",
        "path/line.",
    ),
    "foundations": ("foundations/",),
    "draw": (
        "panels/steps",
        "panels/inside",
        "panels/why",
        "panels/code.",
        "panels/own_",
        "panels/test_set",
    ),
    "denoise": ("panels/denoise", "panels/clean_", "panels/latent"),
    "train": ("panels/train",),
    "transfer": ("transfer/",),
    "opening": ("opening/",),
    "tour": ("tour/",),
    "path": ("path/",),
}  # fmt: skip
FIRST, KIT = "first", "kit"
ALONE = {KIT, "opening"}  # need no other
AT_HEAD = ("purpose_draw", "try_draw")  # of the first tab; panels/purpose.js builds them
DIGEST = 12  # hexadecimal digits
TYPES = {".js": "text/javascript", ".css": "text/css"}
FOREVER = "public, max-age=31536000, immutable"  # another content has another address
FIRST_MARKUP = (*FOLDER.glob("*.html"), *FOLDER.glob("canvas/*.html"))
# The folded sections of the first look, of which the line is seen that opens them.
PANELS = ("steps", "inside", "why", "code", "own_digits", "test_set")
FOLDED = (*(f"panels/{name}.html" for name in PANELS), "path/path.html")
# Words that Python names and the first look may need: what can be wrong with a drawing.
SAID_BY_SERVER = ("bad_", "no_", "something_wrong", "server_")


@dataclass(frozen=True)
class File:
    """A bundle's script or style sheet as it is sent."""

    content: bytes
    packed: bytes
    digest: str


def bundle_of(path: Path) -> str | None:
    """The bundle that a script or a style sheet belongs to."""
    name = path.relative_to(FOLDER).as_posix()
    return next((key for key, starts in FILES.items() if name.startswith(starts)), None)


def files_of(bundle: str, ending: str) -> list[Path]:
    """Its files in the order in which they build on each other."""
    found = [path for path in FOLDER.rglob(f"*{ending}") if bundle_of(path) == bundle]
    return sorted(found, key=place_of)


def place_of(path: Path) -> tuple:
    """What is named first comes first, the canvas's files as canvas.py has them."""
    name = path.relative_to(FOLDER).as_posix()
    starts = FILES[bundle_of(path)]
    rank = next(at for at, start in enumerate(starts) if name.startswith(start))
    listed = (*canvas.SCRIPTS, *canvas.STYLES)
    own = listed.index(path.name) if path.parent.name == "canvas" else 0
    return rank, own, name


def joined(bundle: str, ending: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in files_of(bundle, ending))


def all_scripts() -> str:
    parts = [joined(bundle, ".js") for bundle in FILES]
    return "\n".join([first_script.LOOK.read_text(encoding="utf-8"), *parts])


# ---- The first look -------------------------------------------------------------------------


def document_head() -> str:
    """Style sheets, words and scripts of the first look.

    The sheets go here and not through `css_paths`, which rewrites them: it adds selectors, and
    loses borders that are set in one line with a variable and changed in the next.
    """
    told = {"tables": first_words(), "bundles": table()}
    lines = [f"lab.{name} = {in_script(value)};" for name, value in told.items()]
    page, *others = files_of(FIRST, ".js")
    parts = [page.read_text(encoding="utf-8"), *lines]
    parts += [path.read_text(encoding="utf-8") for path in others]
    script = lean("\n".join(parts))
    style = f'<style data-bundle="{FIRST}">\n{lean(joined(FIRST, ".css"))}\n</style>'
    return f"{style}\n<script>\n{script}\n</script>"


def lean(text: str) -> str:
    """Without indentation, and without lines and, of style sheets, blocks that only comment."""
    text = re.sub(r"^\s*/\*(?:(?!\*/).)*\*/$", "", text, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def in_script(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def table() -> dict[str, dict]:
    """What the page is told of each bundle: where it lies, and which others it needs."""
    return {key: entry(key) for key in FILES if key != FIRST}


def entry(key: str) -> dict:
    places = {name: address(key, ending) for name, ending in (("script", ".js"), ("style", ".css"))}
    return {"needs": [] if key in ALONE else [KIT], **places}


def address(bundle: str, ending: str) -> str | None:
    file = sent(bundle, ending)
    return f"lab/bundle/{bundle}.{file.digest}{ending}" if file else None


def first_words() -> dict[str, dict[str, str]]:
    """The words of the first look, in all languages."""
    keys = first_keys()
    return {name: {key: table[key] for key in keys} for name, table in WORDS.items()}


@cache
def first_keys() -> tuple[str, ...]:
    """Keys that the first look's files name, in whole or by their beginning."""
    text = joined(FIRST, ".js") + (FOLDER / "head.js").read_text(encoding="utf-8")
    text += "".join(path.read_text(encoding="utf-8") for path in FIRST_MARKUP)
    text += (FOLDER / "panels" / "purpose.html").read_text(encoding="utf-8")
    for name in FOLDED:
        markup = (FOLDER / name).read_text(encoding="utf-8")
        text += markup.partition("</summary>")[0]
    named = set(re.findall(r"\w+", text))
    named |= set(AT_HEAD)
    starts = tuple(re.findall(r"`(\w+_)\$\{", text)) + SAID_BY_SERVER + ("tab_",)
    known = next(iter(WORDS.values()))
    return tuple(key for key in known if key in named or key.startswith(starts))


# ---- The others -----------------------------------------------------------------------------


@cache
def sent(bundle: str, ending: str) -> File | None:
    """What is sent of a bundle, None where it has no such files."""
    text = joined(bundle, ending)
    if bundle == KIT and ending == ".js":
        text += f"\nlab.addWords({in_script(later_words())});\n"
    if not text:
        return None
    content = text.encode("utf-8")
    digest = hashlib.sha256(content).hexdigest()[:DIGEST]
    return File(content, gzip.compress(content, mtime=0), digest)


def later_words() -> dict[str, dict[str, str]]:
    first = set(first_keys())
    return {
        name: {key: said for key, said in table.items() if key not in first}
        for name, table in WORDS.items()
    }


def fetch(request: Request) -> Response:
    """A bundle's script or style sheet; 404 for one that there is not, or not any more."""
    name, digest, ending = (request.path_params[key] for key in ("name", "digest", "ending"))
    ending = f".{ending}"
    is_known = name in FILES and name != FIRST and ending in TYPES
    file = sent(name, ending) if is_known else None
    if file is None or file.digest != digest:
        return Response(status_code=404)
    load_soon(name)
    headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
    content = file.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["content-encoding"] = file.packed, "gzip"
    return Response(content, media_type=TYPES[ending], headers=headers)


ROUTES = [Route("/lab/bundle/{name}.{digest}.{ending}", fetch, methods=["GET"])]
