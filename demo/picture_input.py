"""The picture of an API call, handed on as it was sent: gradio decodes none of it."""

import base64
import binascii
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from models.picture import PictureError

DATA_URL_LIMIT = 8_000_000  # characters, 6 MB of picture; larger ones come as a file upload


def raw_picture() -> gr.Image:
    """A gr.Image for an event with `preprocess=False`, whose handler gets the upload as it came.

    Gradio's own way decodes before anybody has judged the size, clips 16 bits, and treats
    `data:` addresses and `.gif` names differently from everything else. It also fetches what
    lies behind an address; here nothing is moved and nothing fetched, `picture_bytes` judges.
    """
    picture = gr.Image(label="picture", sources=["upload"])
    picture.async_move_resource_to_block_cache = left_where_it_is
    return picture


async def left_where_it_is(path: str | None) -> str | None:
    return path


def picture_bytes(payload: object) -> bytes:
    """The file as it was sent: an upload, or the content of a `data:` address.

    Raises PictureError where there is none, for any other address, and for a path that is no
    upload's.
    """
    payload = payload if isinstance(payload, dict) else {}
    path, address = payload.get("path"), payload.get("url")
    if isinstance(path, str) and "://" not in path:
        return uploaded_bytes(path)
    if isinstance(address, str) and address.startswith("data:"):
        return bytes_of_data_address(address)
    if path or address:
        raise PictureError("picture_address", "send the picture itself, not its address")
    raise PictureError("picture_missing", "there is no picture; send one")


def uploaded_bytes(path: str) -> bytes:
    """Reads uploads only: any other path on this machine is nobody's picture."""
    try:
        file = Path(path).resolve()
        if file.is_relative_to(Path(get_upload_folder()).resolve()):
            return file.read_bytes()
    except (OSError, ValueError):
        pass
    raise unreadable()


def bytes_of_data_address(address: str) -> bytes:
    """The content of `data:image/png;base64,...`."""
    if len(address) > DATA_URL_LIMIT:
        raise PictureError("picture_too_large", "the picture is too large; bring a smaller one")
    head, _, content = address.partition(",")
    if not head.endswith(";base64"):
        raise unreadable()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise unreadable() from None


def unreadable() -> PictureError:
    return PictureError("picture_unreadable", "that is no picture; bring a PNG or a JPEG")
