"""The picture of an API call, handed on as it was sent: gradio decodes none of it."""

import base64
import binascii
from pathlib import Path

import gradio as gr
from gradio.data_classes import ImageData

DATA_URL_LIMIT = 8_000_000  # characters, 6 MB of picture; larger ones come as a file upload
REMOTE = ("http:", "https:", "ftp:", "//")


class PictureRefused(Exception):
    """Not a picture that may be opened; `key` names the sentence in the word tables."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class RawPicture(gr.Image):
    """gr.Image whose value is the picture's bytes, a PictureRefused, or None without a picture.

    Gradio's own way decodes before anybody has judged the size, clips 16 bits, and treats
    `data:` addresses and `.gif` names differently from everything else.
    """

    is_template = True  # the browser uses gr.Image's own script for it

    async def async_move_resource_to_block_cache(self, url_or_file_path) -> str | None:
        """Keeps uploads where they are; an address is never fetched, `preprocess` refuses it."""
        if url_or_file_path is None or str(url_or_file_path).lower().startswith(REMOTE):
            return str(url_or_file_path)
        return await super().async_move_resource_to_block_cache(url_or_file_path)

    def preprocess(self, payload: ImageData | None) -> bytes | PictureRefused | None:
        try:
            return self.picture_bytes(payload)
        except PictureRefused as refusal:
            return refusal

    def picture_bytes(self, payload: ImageData | None) -> bytes | None:
        """The file as it was sent. Raises PictureRefused for an address or an unreadable path."""
        if payload is None:
            return None
        if payload.path:
            return self.uploaded_bytes(payload.path)
        if (payload.url or "").startswith("data:"):
            return bytes_of_data_url(payload.url)
        raise PictureRefused("picture_address")

    def uploaded_bytes(self, path: str) -> bytes:
        """Reads uploads only: any other path on this machine is nobody's picture."""
        if path.lower().startswith(REMOTE):
            raise PictureRefused("picture_address")
        file = Path(path).resolve()
        if not file.is_relative_to(Path(self.GRADIO_CACHE).resolve()):
            raise PictureRefused("picture_unreadable")
        try:
            return file.read_bytes()
        except OSError:
            raise PictureRefused("picture_unreadable") from None


def bytes_of_data_url(address: str) -> bytes:
    """The content of `data:image/png;base64,...`. Raises PictureRefused when it is none."""
    if len(address) > DATA_URL_LIMIT:
        raise PictureRefused("picture_too_large")
    head, _, content = address.partition(",")
    if not head.endswith(";base64"):
        raise PictureRefused("picture_unreadable")
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise PictureRefused("picture_unreadable") from None
