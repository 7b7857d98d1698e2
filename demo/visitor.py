"""What one visitor owns on the server: networks, each behind a key that nobody can guess.

The page's server functions know no session, so whoever holds a key owns what lies behind it. Keys
are made here and never taken over from a request.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
MOST_NETWORKS = 64  # of all visitors; at 3 MB for `digits`, 200 MB
MOST_EACH = 2  # of one visitor
LIFE = 3600.0  # s without use
KEY_BYTES = 18  # 24 characters


@dataclass
class Kept(Generic[T]):
    """A thing, whose it is, and when it was last used, in seconds of the store's clock."""

    thing: T
    owner: str
    used: float


class Store(Generic[T]):
    """Things in memory, the least recently used first; those that nobody uses are dropped."""

    def __init__(
        self,
        most: int = MOST_NETWORKS,
        most_each: int = MOST_EACH,
        life: float = LIFE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most, self.most_each, self.life, self.clock = most, most_each, life, clock
        self.kept: OrderedDict[str, Kept[T]] = OrderedDict()
        self.lock = threading.Lock()

    def keep(self, thing: T, owner: object = None) -> tuple[str, str]:
        """Keeps a thing; gives its key and its owner's, a new one for an owner not known here."""
        with self.lock:
            self.drop_old()
            owner = owner if owner in self.owners() else secrets.token_urlsafe(KEY_BYTES)
            while self.owners().count(owner) >= self.most_each:
                del self.kept[next(key for key, kept in self.kept.items() if kept.owner == owner)]
            while len(self.kept) >= self.most:
                self.kept.popitem(last=False)
            key = secrets.token_urlsafe(KEY_BYTES)
            self.kept[key] = Kept(thing, owner, self.clock())
            return key, owner

    def find(self, key: str) -> T | None:
        """What lies behind a key, None where nothing does any more."""
        with self.lock:
            self.drop_old()
            kept = self.kept.get(key)
            if kept is None:
                return None
            kept.used = self.clock()
            self.kept.move_to_end(key)
            return kept.thing

    def keys_of(self, owner: str) -> list[str]:
        """The keys of all that an owner still has."""
        with self.lock:
            self.drop_old()
            return [key for key, kept in self.kept.items() if kept.owner == owner]

    def owners(self) -> list[str]:
        return [kept.owner for kept in self.kept.values()]

    def drop_old(self) -> None:
        """Least recently used come first, so that the first young one ends the search."""
        oldest = self.clock() - self.life
        while self.kept and next(iter(self.kept.values())).used < oldest:
            self.kept.popitem(last=False)
