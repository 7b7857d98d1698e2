"""The Transfer tab's sections, each laid out with its code panel, and the switch between them."""

import json
from pathlib import Path
from types import ModuleType

from demo.panels import panels
from demo.section_code import code_handlers
from demo.transfer import compare, photos, symbols

FOLDER = Path(__file__).resolve().parent
# In the order of the switch. Each module has HANDLERS, what its script may ask of the server, and
# parts(settings, language), the code of what it shows.
SECTIONS: dict[str, ModuleType] = {"compare": compare, "symbols": symbols, "photos": photos}
PART = "lab-transfer-part"

show_idea_code, save_idea_file = code_handlers(SECTIONS, "transfer")


def build() -> None:
    """Lays the switch out, and the sections below it in one place."""
    start = f"lab.startTransferParts(element, {json.dumps(list(SECTIONS))})"
    panels.lay_out(FOLDER / "sections.html", "transfer", start, [])
    for key, section in SECTIONS.items():
        functions = [*section.HANDLERS, show_idea_code, save_idea_file]
        start = f'lab.mountTransferPart("{key}", element, server)'
        panels.lay_out(FOLDER / f"{key}.html", "transfer", start, functions, PART)
