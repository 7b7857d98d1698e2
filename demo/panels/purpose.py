"""What a tab is for, in one line, with a link that does something striking at once."""

from demo.panels import panels


def build(tab: str) -> None:
    """At the head of a tab, of demo/shipped.py's TABS."""
    start = f'lab.startPurpose(element, "{tab}")'
    panels.lay_out("purpose.html", panels.FIRST, start, [], "lab-purpose-place")
