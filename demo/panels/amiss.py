"""What a tab says where files of the lab are missing or damaged: what is off, and the command."""

from demo.asked import answering
from demo.panels import panels
from demo.shipped import amiss


@answering
def files_amiss(_asked: dict) -> dict:
    """The files that are missing or damaged: {"files"}, none on a whole lab."""
    return {"files": amiss()}


def build(tab: str) -> None:
    """At the head of a tab, of demo/shipped.py's TABS; nothing is seen there on a whole lab."""
    start = f'lab.startAmiss(element, server, "{tab}")'
    panels.lay_out("amiss.html", panels.FIRST, start, [files_amiss], "lab-amiss-place")
