"""The code panels of a family of sections: each section's module makes the script it shows."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from demo.asked import BadRequest, answering, choice_in
from demo.code_view import Part, notebook, script, zipped
from demo.saving import Files, language_in, saved, shown


def code_handlers(sections: dict[str, ModuleType], name: str) -> tuple[Callable, Callable]:
    """What a code panel of these sections asks of the server: `show_idea_code`, `save_idea_file`.

    Each module has parts(settings, language), its script; one whose script reads files also has
    along(settings), these by name, for a ZIP. `name`: of the files to take home.
    """

    def parts_of(asked: dict) -> list[Part]:
        """{"chapter", "settings": what the section is set to, "language"}. Raises LabError."""
        section, settings = choice_in(asked, "chapter", sections), asked.get("settings")
        if not isinstance(settings, dict):
            raise BadRequest
        return sections[section].parts(settings, language_in(asked))

    def along(asked: dict) -> dict[str, bytes]:
        """The files that a section's script reads. Raises LabError."""
        make = getattr(sections[choice_in(asked, "chapter", sections)], "along", None)
        return make(asked["settings"]) if make else {}

    def whole(asked: dict) -> bytes:
        code = script(parts_of(asked)).encode()
        return zipped({f"{asked['chapter']}.py": code} | along(asked))

    files: Files = {
        "zip": (f"{name}.zip", whole),
        "script": (f"{name}.py", lambda asked: script(parts_of(asked)).encode()),
        "notebook": (f"{name}.ipynb", lambda asked: notebook(parts_of(asked)).encode()),
    }

    @answering
    def show_idea_code(asked: dict) -> dict:
        """The script of what a section shows, its lines and the megabytes that go along."""
        code = script(parts_of(asked))
        return shown(code, sum(map(len, along(asked).values())) / 1e6)

    @answering
    def save_idea_file(asked: dict) -> dict:
        """One of the files in base64: what `show_idea_code` takes, and {"file"}."""
        answer = saved(files, asked)
        return answer | {"name": f"{asked['chapter']}{Path(answer['name']).suffix}"}

    return show_idea_code, save_idea_file
