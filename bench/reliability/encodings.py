"""One digit in twenty encodings: is the answer the same?

    python -m bench.reliability.encodings [--write] [--digits N] [--over-http N]

The first N test digits as pictures of 280 x 280 px, each as twenty kinds of files, through the
handler of the event /classify; a few also through a running lab, as uploads. Their edges are sharp,
as a pen leaves them; once more, they are blurred, which not every encoding can hold.
"""

import base64
import time
from collections import Counter
from collections.abc import Callable

import httpx
import numpy as np
import torch

from bench.reliability.record import Row, arguments, show
from bench.reliability.twenty_files import ENCODINGS, Picture, blurred, drawn
from bench.server import running_lab
from demo.draw_tab import classify_picture
from models.data import load_mnist

ASKED = 0.98  # of the digits
API = "/gradio_api"
Answer = tuple[str | None, str | None, str | None]
Read = Callable[[bytes], Answer]
Draw = Callable[[np.ndarray], Picture]


def answer_in(told: dict) -> Answer:
    """What counts as the answer: the digit, the number, why it was refused."""
    return told["label"], told["number"], told["reason"]


def read_here(content: bytes) -> Answer:
    """The event's own handler, given a `data:` address."""
    address = "data:image/png;base64," + base64.b64encode(content).decode("ascii")
    return answer_in(classify_picture({"url": address}, "digits", None))


def reader_over(client: httpx.Client) -> Read:
    """The same through a running lab: an upload, then the event."""

    def read(content: bytes) -> Answer:
        sent = client.post(f"{API}/upload", files={"files": ("digit.png", content)})
        picture = {"path": sent.raise_for_status().json()[0]}
        told = client.post(f"{API}/run/classify", json={"data": [picture, "digits"]})
        return answer_in(told.raise_for_status().json()["data"][0])

    return read


def answers(images: np.ndarray, read: Read, draw: Draw = drawn) -> list[dict[str, Answer]]:
    """Of each test image (28, 28), the answers by encoding."""
    return [{name: read(make(draw(image))) for name, make in ENCODINGS.items()} for image in images]


def outliers(found: list[dict[str, Answer]]) -> Counter[str]:
    """How often each encoding was answered in another way than most."""
    odd: Counter[str] = Counter()
    for one in found:
        usual = Counter(one.values()).most_common(1)[0][0]
        odd.update(name for name, answer in one.items() if answer != usual)
    return odd


def same(found: list[dict[str, Answer]]) -> int:
    """How many digits got one answer in all encodings."""
    return sum(len(set(one.values())) == 1 for one in found)


def rows_alike(found: list[dict[str, Answer]], edges: str) -> list[Row]:
    """Whether digits with such edges are answered alike, and what is not."""
    share, told = same(found) / len(found), outliers(found)
    others = ", ".join(f"{name} {count}" for name, count in told.most_common()) or "none"
    what = f"{len(found)} digits with {edges} edges"
    return [
        Row(
            f"{what}, the same answer in all {len(ENCODINGS)} encodings",
            "≥ 98 %",
            f"{100 * share:.1f} %",
            share >= ASKED,
        ),
        Row(f"{what}: answered in another way than most", "", others),
    ]


def rows_of(here: list[dict[str, Answer]], over: list[dict[str, Answer]], right: int) -> list[Row]:
    as_here = sum(one == other for one, other in zip(over, here, strict=False))
    return [
        *rows_alike(here, "sharp"),
        Row("read right as a grey PNG", "", f"{right} of {len(here)}"),
        Row(
            "over HTTP, the same answers as by the handler",
            f"{len(over)} of {len(over)}",
            f"{as_here} of {len(over)}",
            as_here == len(over),
        ),
    ]


def main() -> None:
    parser = arguments("encodings", __doc__)
    parser.add_argument("--digits", type=int, default=200, help="of the test set")
    parser.add_argument("--over-http", type=int, default=5, help="digits of these")
    options = parser.parse_args()
    torch.set_num_threads(1)  # as the lab does: two on busy cores wait for each other
    began, mnist = time.monotonic(), load_mnist()
    images = mnist.test_images[: options.digits].numpy()
    here = answers(images, read_here)
    labels = mnist.test_labels[: options.digits].tolist()
    plain = next(iter(ENCODINGS))
    right = sum(one[plain][0] == str(label) for one, label in zip(here, labels, strict=True))
    with running_lab() as lab, httpx.Client(base_url=lab.url, timeout=60) as client:
        over = answers(images[: options.over_http], reader_over(client))
    rows = rows_of(here, over, right) + rows_alike(answers(images, read_here, blurred), "blurred")
    limits = "A blurred edge in black and white alone is another picture: the 1-bit PNG."
    show("encodings", rows, time.monotonic() - began, options.write, limits)


if __name__ == "__main__":
    main()
