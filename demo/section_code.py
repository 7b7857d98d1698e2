"""The code panels of a family of sections: each section's module makes the script it shows."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from demo.asked import BadRequest, answering, choice_in
from demo.code_view import Part, notebook, script, zipped
from demo.saving import Files, language_in, saved, shown

Sections = dict[str, ModuleType]


def parts_of(sections: Sections, asked: dict) -> list[Part]:
    """{"chapter", "settings": what the section is set to, "language"}. Raises LabError."""
    section, settings = choice_in(asked, "chapter", sections), asked.get("settings")
    if not isinstance(settings, dict):
        raise BadRequest
    return sections[section].parts(settings, language_in(asked))


def along(sections: Sections, asked: dict) -> dict[str, bytes]:
    """The files that a section's script reads, by name. Raises LabError."""
    make = getattr(sections[choice_in(asked, "chapter", sections)], "along", None)
    return make(asked["settings"]) if make else {}


def code_handlers(sections: Sections, name: str) -> tuple[Callable, Callable]:
    """What a code panel of these sections asks of the server: `show_idea_code`, `save_idea_file`.

    Each module has parts(settings, language), its script; one whose script reads files also has
    along(settings), these by name, for a ZIP. `name`: of the files to take home.
    """

    def code_of(asked: dict) -> bytes:
        return script(parts_of(sections, asked), language_in(asked)).encode()

    def whole(asked: dict) -> bytes:
        return zipped({f"{asked['chapter']}.py": code_of(asked)} | along(sections, asked))

    def notebook_of(asked: dict) -> bytes:
        return notebook(parts_of(sections, asked), language_in(asked)).encode()

    files: Files = {
        "zip": (f"{name}.zip", whole),
        "script": (f"{name}.py", code_of),
        "notebook": (f"{name}.ipynb", notebook_of),
    }

    @answering
    def show_idea_code(asked: dict) -> dict:
        """The script of what a section shows, its lines and the megabytes that go along."""
        code = script(parts_of(sections, asked), language_in(asked))
        return shown(code, sum(map(len, along(sections, asked).values())) / 1e6)

    @answering
    def save_idea_file(asked: dict) -> dict:
        """One of the files in base64: what `show_idea_code` takes, and {"file"}."""
        answer = saved(files, asked)
        return answer | {"name": f"{asked['chapter']}{Path(answer['name']).suffix}"}

    return show_idea_code, save_idea_file
