"""The Train tab: a network learns by a chosen recipe in front of the visitor; runs are kept."""

from types import ModuleType

from demo import train_event
from demo.foundations import chapters
from demo.panels import panels, train_code, train_shelf
from demo.train_live import follow_training, start_training, steer_training
from demo.train_menu import check_recipe, preview_feed, train_menu
from demo.train_preset_asked import judge_preset, train_presets

# The sections below the tab, from top to bottom.
PANELS: tuple[ModuleType, ...] = (train_shelf, train_code)
# What the tab's scripts may ask of the server.
HANDLERS: tuple = (
    start_training,
    follow_training,
    steer_training,
    train_menu,
    check_recipe,
    preview_feed,
    train_presets,
    judge_preset,
)

DIGITS = "lab-part-digits"  # marks what belongs to training on digits

# ---- The tab --------------------------------------------------------------------------------


def build() -> None:
    """Lays the tab out: the foundations, and below them, or in their place, training on digits."""
    panels.lay_out("train_parts.html", "train", "lab.startTrainParts(element)", [])
    chapters.build()
    panels.lay_out(
        "train.html", "train", "lab.startTrainTab(element, server)", list(HANDLERS), DIGITS
    )
    for panel in PANELS:
        panel.build()
    train_event.build()
