"""The cleaners of the page: those that the lab ships, and a visitor's own behind their keys."""

from torch import Tensor

from demo.readers import MOST_OWN, OWN, OWN_ROOM, UnknownReader, bytes_of, is_own
from demo.visitor import Store
from models.checkpoint import Checkpoint
from models.denoise import clean_digit
from models.measure import outputs

own_cleaners: Store[Checkpoint] = Store(most_each=MOST_OWN, size=bytes_of, room=OWN_ROOM)


def own_cleaner(name: str) -> Checkpoint:
    """The network behind a visitor's "own:KEY". Raises UnknownReader."""
    network = own_cleaners.find(name.removeprefix(OWN))
    if network is None:
        sentence = "your own cleaner is no longer kept: it was unused for an hour, or replaced"
        raise UnknownReader("own_cleaner_gone", sentence)
    return network


def cleaned_by(cleaner: str, spoiled: Tensor, noise: str, level: float) -> Tensor:
    """(28, 28) in [0, 1] cleaned by a shipped cleaner or by a visitor's own.

    Raises UnknownReader, RecipeError, CheckpointError, DataError.
    """
    if not is_own(cleaner):
        return clean_digit(spoiled, noise, level, cleaner)
    return outputs(own_cleaner(cleaner).network, spoiled[None, None])[0, 0].clamp(0, 1)
