"""The code panels of a family of sections: each section's module makes the script it shows."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from demo.asked import BadRequest, answering, choice_in
from demo.code_view import Part, notebook, script
from demo.saving import Files, language_in, saved, shown


def code_handlers(sections: dict[str, ModuleType], name: str) -> tuple[Callable, Callable]:
    """What a code panel of these sections asks of the server: `show_idea_code`, `save_idea_file`.

    Each module has parts(settings, language), its script. `name`: of the files to take home.
    """

    def parts_of(asked: dict) -> list[Part]:
        """{"chapter", "settings": what the section is set to, "language"}. Raises LabError."""
        section, settings = choice_in(asked, "chapter", sections), asked.get("settings")
        if not isinstance(settings, dict):
            raise BadRequest
        return sections[section].parts(settings, language_in(asked))

    files: Files = {
        "script": (f"{name}.py", lambda asked: script(parts_of(asked)).encode()),
        "notebook": (f"{name}.ipynb", lambda asked: notebook(parts_of(asked)).encode()),
    }

    @answering
    def show_idea_code(asked: dict) -> dict:
        """The script of what a section shows, and how many lines it has."""
        return shown(script(parts_of(asked)), 0)

    @answering
    def save_idea_file(asked: dict) -> dict:
        """One of the files in base64: what `show_idea_code` takes, and {"file"}."""
        answer = saved(files, asked)
        return answer | {"name": f"{asked['chapter']}{Path(answer['name']).suffix}"}

    return show_idea_code, save_idea_file
