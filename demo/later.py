"""Libraries that the first look does without, loaded while a tab comes that will ask for them."""

import threading
from functools import cache
from importlib import import_module

# By the bundle that such a tab fetches. PyTorch loads its compiler with torchvision, and else with
# the first optimiser: that takes a second or two. scikit-image's own parts come at their first use.
NEEDED = dict.fromkeys(("denoise", "train", "transfer"), "torchvision")


@cache
def load_soon(bundle: str) -> None:
    """Begins to load what the tab of a bundle needs, unless that was begun before."""
    if bundle in NEEDED:
        threading.Thread(target=import_module, args=[NEEDED[bundle]], daemon=True).start()
