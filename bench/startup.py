"""From `python app.py` to the first answer, in seconds, and the memory that the lab then holds.

    python -m bench.startup

The answer comes through the public event /classify, for a picture sent as a `data:` address.
"""

import base64
import json
import time
import urllib.request
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from bench.server import running_lab


def picture_of_seven() -> str:
    """Two strokes on white paper, as a `data:` address."""
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).line([(60, 40), (140, 40), (100, 160)], fill=0, width=14)
    file = BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def classified(url: str, address: str, **others: str) -> dict:
    """The lab's answer to a picture. `others`: further headers."""
    body = json.dumps({"data": [{"url": address}, None]}).encode()
    headers = {"Content-Type": "application/json", **others}
    request = urllib.request.Request(f"{url}/gradio_api/run/classify", body, headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["data"][0]


def resident_megabytes(pid: int) -> float | None:
    """Memory that a process holds in RAM; None where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    address = picture_of_seven()
    began = time.monotonic()
    with running_lab() as lab:
        page = time.monotonic() - began
        answer = classified(lab.url, address)
        seconds = time.monotonic() - began
        memory = resident_megabytes(lab.pid)
    print(
        json.dumps(
            {
                "label": answer["label"],
                "page_seconds": round(page, 2),
                "first_answer_seconds": round(seconds, 2),
                "resident_megabytes": memory and round(memory),
            }
        )
    )


if __name__ == "__main__":
    main()
