"""The line in a chapter or a section that tells its place in the book's path."""

from html import escape

from demo.path.table import ENTRIES, Entry

MARK = "<!-- path -->"  # where an HTML file wants the line


def line_of(host: str) -> str:
    """The line of what stands in an HTML file, as links that the page's script follows."""
    here = stations(host)
    numbers = " ".join(link(at, f"<b>{at + 1}</b>{unseen(at)}") for at in here)
    before, after = step(here[0] - 1, "path_previous"), step(here[-1] + 1, "path_next")
    label = '<span data-word="path_here"></span>'
    count = f"<span>/ {len(ENTRIES)}</span>"
    return f'<p class="lab-path-line">{label} {before}{numbers} {count}{after}</p>'


def stations(host: str) -> list[int]:
    """The entries that are opened there; where there are none, those that are also there."""
    main = [at for at, entry in enumerate(ENTRIES) if entry.place.host == host]
    return main or [at for at, entry in enumerate(ENTRIES) if is_also(entry, host)]


def is_also(entry: Entry, host: str) -> bool:
    return any(place.host == host for place in entry.also)


def link(at: int, inner: str) -> str:
    """An entry's address; pressed, it is opened in the page that is there."""
    entry = ENTRIES[at]
    return f'<a href="{escape(entry.address)}" data-path="{entry.key}">{inner}</a>'


def unseen(at: int) -> str:
    return f' <span class="lab-unseen" data-word="path_{ENTRIES[at].key}"></span>'


def step(at: int, word: str) -> str:
    """The way to the entry before or after, empty at the path's ends."""
    if not 0 <= at < len(ENTRIES):
        return ""
    return link(at, f'<span data-word="{word}"></span>{unseen(at)}')
