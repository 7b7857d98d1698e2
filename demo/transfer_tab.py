"""The Transfer tab: what a network learned, put to another use. Three sections in one place."""

from demo import transfer_event
from demo.transfer import sections


def build() -> None:
    """Lays the tab out."""
    sections.build()
    transfer_event.build()
