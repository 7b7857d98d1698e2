"""A picture reads the same whatever kind of file it came in, and what is no picture says so."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFile

from models.ink import find_ink
from models.picture import (
    MAX_BYTES,
    MAX_PIXELS,
    PictureError,
    as_png,
    check_size,
    read_picture,
    values_of,
)


def seven(size=(120, 160)) -> Image.Image:
    """A black 7 on white, mode "L", in the upper left: turning it shows."""
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).line([(20, 20), (80, 20), (45, 110)], fill=0, width=12)
    return picture


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def wanted() -> torch.Tensor:
    """What every file of the 7 should read as, (160, 120) in [0, 1]."""
    return torch.from_numpy(np.asarray(seven(), dtype=np.float32) / 255)


def animated(kind: str) -> bytes:
    later = Image.new("L", (120, 160), 255)
    ImageDraw.Draw(later).ellipse((20, 20, 100, 140), outline=0, width=12)
    return saved(seven(), kind, save_all=True, append_images=[later], duration=100)


def palette() -> bytes:
    """The 7 in colours 200 (paper) and 7 (ink) of a palette that is black elsewhere."""
    indices = np.where(np.asarray(seven()) > 127, 200, 7).astype(np.uint8)
    picture = Image.fromarray(indices)
    picture.putpalette([255 * (place == 200) for place in range(256) for _ in "rgb"])
    return saved(picture, "PNG")


def sixteen_bits() -> bytes:
    return saved(Image.fromarray(np.asarray(seven(), dtype=np.uint16) * 257), "PNG")


def transparent(ink: int, mode: str = "RGBA") -> bytes:
    """Ink of one grey where the 7 is, and nothing anywhere else, not even a colour."""
    alpha = seven().point(lambda value: 255 - value)
    solid = Image.new("L", alpha.size, ink)
    hidden = Image.composite(solid, Image.new("L", alpha.size, 0), alpha)
    layers = [hidden] * (3 if mode == "RGBA" else 1)
    return saved(Image.merge(mode, [*layers, alpha]), "PNG")


def transparent_palette() -> bytes:
    indices = np.where(np.asarray(seven()) > 127, 0, 1).astype(np.uint8)
    picture = Image.fromarray(indices)
    picture.putpalette([0, 0, 0, 0, 0, 0])
    return saved(picture, "PNG", transparency=0)


def turned(orientation: int) -> bytes:
    """The 7 stored as a camera held in that way stores it, with the EXIF tag that says so."""
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = seven() if back is None else seven().transpose(back)
    return saved(stored, "JPEG", quality=95, exif=exif)


FILES = {
    "PNG": saved(seven(), "PNG"),
    "PNG in colour": saved(seven().convert("RGB"), "PNG"),
    "PNG of one bit": saved(seven().convert("1"), "PNG"),
    "PNG with a palette": palette(),
    "PNG of 16 bits": sixteen_bits(),
    "PNG, black ink on transparent": transparent(0),
    "PNG, black ink on transparent, grey": transparent(0, "LA"),
    "PNG, transparent palette": transparent_palette(),
    "PNG, animated": animated("PNG"),
    "BMP": saved(seven(), "BMP"),
    "BMP in colour": saved(seven().convert("RGB"), "BMP"),
    "GIF": saved(seven(), "GIF"),
    "GIF, animated": animated("GIF"),
    "WebP": saved(seven().convert("RGB"), "WEBP", lossless=True),
    "WebP, lossy": saved(seven().convert("RGB"), "WEBP", quality=95),
    "WebP, animated": animated("WEBP"),
    "JPEG": saved(seven(), "JPEG", quality=95),
    "JPEG, CMYK": saved(seven().convert("RGB").convert("CMYK"), "JPEG", quality=95),
    **{f"JPEG, turned {way}": turned(way) for way in range(1, 9)},
}


@pytest.mark.parametrize("kind", FILES)
def test_a_picture_reads_the_same_whatever_its_file(kind, wanted):
    got = read_picture(FILES[kind])
    assert (got.shape, got.dtype) == (wanted.shape, torch.float32)
    assert (got - wanted).abs().mean() < 0.02
    assert ((got > 0.5) == (wanted > 0.5)).float().mean() > 0.995


def test_white_ink_on_transparent_is_found_as_well(wanted):
    ink = find_ink(read_picture(transparent(255)))
    assert ((ink > 0.5) == (wanted < 0.5)).float().mean() > 0.995


def test_a_path_a_file_and_its_bytes_read_the_same(tmp_path, wanted):
    path = tmp_path / "seven.png"
    path.write_bytes(FILES["PNG"])
    for source in (path, str(path), FILES["PNG"], io.BytesIO(FILES["PNG"])):
        assert torch.equal(read_picture(source), wanted)


def test_the_content_decides_and_not_the_name(tmp_path, wanted):
    path = tmp_path / "seven.gif"
    path.write_bytes(FILES["PNG"])
    assert torch.equal(read_picture(path), wanted)


@pytest.mark.parametrize(("kind", "bits"), [("PNG", 8), ("JPEG", 8), ("PNG", 16)])
def test_a_large_picture_is_scaled_down_with_its_aspect_kept(kind, bits):
    large = np.asarray(seven((1500, 2000)), dtype=np.uint16)
    picture = Image.fromarray(large * 257 if bits == 16 else large.astype(np.uint8))
    height, width = read_picture(saved(picture, kind)).shape
    assert max(height, width) <= 1024
    assert height / width == pytest.approx(4 / 3, rel=0.01)


def test_sixteen_bits_keep_their_shades():
    ramp = np.linspace(0, 65_535, 64, dtype=np.uint16).reshape(8, 8)
    got = read_picture(saved(Image.fromarray(ramp), "PNG"))
    assert got.flatten().tolist() == pytest.approx((ramp.flatten() / 65_535).tolist(), abs=1e-4)


# ---- what is no picture --------------------------------------------------------------------------


def sentence_about(source) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(source)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [b"just some words", bytes(1000), b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"\xff\xd8\xff"],
)
def test_what_is_no_picture_is_refused_with_what_to_bring(content):
    assert "PNG, JPEG" in sentence_about(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WebP", "PNG of 16 bits"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_refused_wherever_it_ends(kind, share):
    content = FILES[kind]
    assert "PNG, JPEG" in sentence_about(content[: int(len(content) * share)])


def test_a_picture_with_a_flipped_byte_is_read_or_refused_and_never_an_error():
    content = FILES["PNG"]
    for place in range(0, len(content), 7):
        spoiled = bytearray(content)
        spoiled[place] ^= 0xFF
        with suppress(PictureError):
            assert read_picture(bytes(spoiled)).isfinite().all()


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.png").touch()
    assert "empty" in sentence_about(tmp_path / "empty.png")
    assert "empty" in sentence_about(b"")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "not there" in sentence_about(tmp_path / "nothing.png")
    assert sentence_about(tmp_path)


@pytest.mark.parametrize("name", ["odd\0name.png", "x" * 5000])
def test_a_name_that_no_file_can_have_is_refused(name):
    assert sentence_about(name)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF"])
@pytest.mark.parametrize("size", [(20_000, 10), (10, 20_000)])
def test_a_picture_of_twenty_thousand_pixels_a_side_is_refused(kind, size):
    assert "too large" in sentence_about(saved(Image.new("L", size, 255), kind))


def test_a_huge_picture_is_refused_before_anything_is_decoded(monkeypatch):
    """20,000 x 20,000 in 50 kB: decoding it would take 400 MB."""

    def decode(self):
        raise AssertionError("it was decoded")

    content = saved(Image.new("1", (20_000, 20_000)), "PNG")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    assert "too large" in sentence_about(content)


def test_a_picture_of_many_pixels_with_short_sides_is_refused_too():
    side = int(MAX_PIXELS**0.5) + 1
    assert "too large" in sentence_about(saved(Image.new("1", (side, side)), "PNG"))


def header(width: int, height: int, kind: str, **options) -> Image.Image:
    """What is known of a picture before it is decoded."""
    content = saved(Image.new("RGB", (64, 64)), kind, **options)
    picture = Image.open(io.BytesIO(content), formats=[kind])
    picture._size = (width, height)
    return picture


@pytest.mark.parametrize(
    ("kind", "options", "most"),
    [
        ("PNG", {}, 32_000_000),  # 4 bytes a pixel
        ("WEBP", {}, 10_600_000),  # and the two canvases of its decoder
        ("JPEG", {}, 40_000_000),  # decoded at an eighth
        ("JPEG", {"progressive": True}, 40_000_000),  # 1.5 samples of 2 bytes
        ("JPEG", {"progressive": True, "subsampling": 0}, 21_300_000),  # 3 samples
    ],
    ids=str,
)
def test_a_picture_is_judged_by_the_memory_that_it_would_take(kind, options, most):
    check_size(header(4_000, int(0.99 * most / 4_000), kind, **options), MAX_PIXELS)
    with pytest.raises(PictureError, match="too large"):
        check_size(header(4_000, int(1.01 * most / 4_000), kind, **options), MAX_PIXELS)


def test_large_pictures_are_decoded_one_after_another(monkeypatch):
    under_way, seen = [], []
    load = ImageFile.ImageFile.load

    def watched(picture):
        under_way.append(1)
        seen.append(len(under_way))
        done = load(picture)
        under_way.pop()
        return done

    monkeypatch.setattr(ImageFile.ImageFile, "load", watched)
    large = saved(Image.new("RGB", (2_000, 2_000)), "BMP")
    with ThreadPoolExecutor(4) as callers:
        list(callers.map(read_picture, [large] * 4))
    assert set(seen) == {1}


def test_the_means_of_a_deep_picture_are_those_of_its_squares():
    levels = np.arange(7 * 10, dtype=np.uint16).reshape(7, 10) * 900
    got = values_of(Image.fromarray(levels), 3)
    assert got.shape == (3, 4)
    wanted = levels[3:6, 6:9].mean() / 65_535, levels[6:, 9:].mean() / 65_535
    assert (got[1, 2], got[2, 3]) == pytest.approx(wanted)


def test_a_file_of_too_many_bytes_is_refused_without_reading_it_all():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            assert 0 < size <= MAX_BYTES + 1
            self.taken += size
            return bytes(size)

    endless = Endless()
    assert "too large" in sentence_about(endless)
    assert endless.taken == MAX_BYTES + 1


def test_ink_comes_back_from_its_png_to_the_last_level():
    levels = torch.arange(256, dtype=torch.uint8).view(8, 32)
    with Image.open(io.BytesIO(as_png(levels / 255))) as picture:
        assert (picture.mode, picture.size) == ("L", (32, 8))
        grey = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8).view(8, 32)
    assert torch.equal(255 - grey, levels)
