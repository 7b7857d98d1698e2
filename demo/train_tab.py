"""The Train tab: a network learns by a chosen recipe in front of the visitor; runs are kept."""

from types import ModuleType

from demo.panels import panels, train_code

# The sections below the tab, from top to bottom.
PANELS: tuple[ModuleType, ...] = (train_code,)
# What the tab's scripts may ask of the server.
HANDLERS: tuple = ()

# ---- The tab --------------------------------------------------------------------------------


def build() -> None:
    """Lays the tab out."""
    panels.lay_out("train.html", "lab.startTrainTab(element, server)", list(HANDLERS))
    for panel in PANELS:
        panel.build()
