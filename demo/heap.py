"""The server's heap, kept small: what many threads have freed goes back to the system.

glibc gives threads heaps of their own, eight a core, and each keeps what it once held: the pictures
and maps of forty threads' answers lie about in sixteen heaps. Elsewhere nothing is done.
"""

import ctypes
import ctypes.util
from functools import cache

ARENA_MAX = -8  # M_ARENA_MAX of mallopt
MOST_HEAPS = 2


@cache
def library() -> ctypes.CDLL | None:
    """The C library, where it is glibc."""
    name = ctypes.util.find_library("c")
    found = ctypes.CDLL(name) if name else None
    return found if found is not None and hasattr(found, "malloc_trim") else None


def share_heaps() -> bool:
    """Few heaps for all threads, those that have begun before aside; whether that could be set."""
    return library() is not None and bool(library().mallopt(ARENA_MAX, MOST_HEAPS))


def give_back() -> bool:
    """Whether anything free went back to the system."""
    return library() is not None and bool(library().malloc_trim(0))
