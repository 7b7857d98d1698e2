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
from weakref import WeakSet

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
    size: int  # bytes


@dataclass(frozen=True)
class Room:
    """How many bytes there are for one visitor's things and for all things together."""

    each: int
    all: int


class Store(Generic[T]):
    """Things in memory, the least recently used first; those that nobody uses are dropped.

    With a `room`, `size` gives a thing's bytes; what is larger than the room is not kept.
    """

    def __init__(
        self,
        most: int = MOST_NETWORKS,
        most_each: int = MOST_EACH,
        life: float = LIFE,
        clock: Callable[[], float] = time.monotonic,
        size: Callable[[T], int] | None = None,
        room: Room | None = None,
    ) -> None:
        self.most, self.most_each, self.life, self.clock = most, most_each, life, clock
        self.size, self.room = size, room
        self.kept: OrderedDict[str, Kept[T]] = OrderedDict()
        self.lock = threading.Lock()
        STORES.add(self)

    def keep(self, thing: T, owner: object = None, known: bool = False) -> tuple[str, str]:
        """Keeps a thing; gives its key and its owner's, a new one for an owner not known here.

        `known`: another store has made this owner.
        """
        with self.lock:
            self.drop_old()
            if not known and owner not in self.owners():
                owner = secrets.token_urlsafe(KEY_BYTES)
            key = secrets.token_urlsafe(KEY_BYTES)
            self.put(key, thing, owner)
            return key, owner

    def keep_as(self, key: str, thing: T, owner: str) -> None:
        """Keeps a thing under a key and an owner that another store has made."""
        with self.lock:
            self.drop_old()
            self.kept.pop(key, None)
            self.put(key, thing, owner)

    def put(self, key: str, thing: T, owner: str) -> None:
        """Makes room, first among the owner's own things, and puts a thing there."""
        size = self.size(thing) if self.size else 0
        if self.room and size > min(self.room.each, self.room.all):
            return
        while self.is_full(self.of(owner), size, self.most_each, self.room and self.room.each):
            del self.kept[self.of(owner)[0]]
        while self.is_full(list(self.kept), size, self.most, self.room and self.room.all):
            self.kept.popitem(last=False)
        self.kept[key] = Kept(thing, owner, self.clock(), size)

    def is_full(self, keys: list[str], size: int, most: int, most_bytes: int | None) -> bool:
        """Whether so much may not come to what lies behind these keys."""
        if len(keys) >= most:
            return True
        return most_bytes is not None and size + sum(self.kept[k].size for k in keys) > most_bytes

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

    def has(self, key: str) -> bool:
        """Whether something lies behind a key; to ask is not to use it."""
        with self.lock:
            self.drop_old()
            return key in self.kept

    def knows(self, owner: object) -> bool:
        """Whether an owner was made here, or taken over, and still has something."""
        with self.lock:
            self.drop_old()
            return owner in self.owners()

    def keys_of(self, owner: str) -> list[str]:
        """The keys of all that an owner still has."""
        with self.lock:
            self.drop_old()
            return self.of(owner)

    def of(self, owner: str) -> list[str]:
        return [key for key, kept in self.kept.items() if kept.owner == owner]

    def owners(self) -> list[str]:
        return [kept.owner for kept in self.kept.values()]

    def drop_old(self) -> None:
        """Least recently used come first, so that the first young one ends the search."""
        oldest = self.clock() - self.life
        while self.kept and next(iter(self.kept.values())).used < oldest:
            self.kept.popitem(last=False)


STORES: WeakSet[Store] = WeakSet()  # all there are


def drop_all_old() -> None:
    """What nobody has used for its whole life goes from every store, asked for or not."""
    for store in [*STORES]:
        with store.lock:
            store.drop_old()
