"""The server's heap, kept small: what many threads have freed goes back to the system.

glibc gives threads heaps of their own, eight a core, and each keeps what it once held: the pictures
and maps of forty threads' answers lie about in sixteen heaps. It also learns from large pieces to
keep pieces of up to 32 MB for itself. Elsewhere nothing is done.
"""

import ctypes
import ctypes.util
from functools import cache

MMAP_THRESHOLD, ARENA_MAX = -3, -8  # M_MMAP_THRESHOLD and M_ARENA_MAX of glibc's malloc.h
LARGE = 1 << 20  # bytes of a piece that is mapped for itself, and let go as soon as it is free
MOST_HEAPS = 2


@cache
def library() -> ctypes.CDLL | None:
    """The C library, where it is glibc."""
    name = ctypes.util.find_library("c")
    found = ctypes.CDLL(name) if name else None
    return found if found is not None and hasattr(found, "malloc_trim") else None


def keep_small() -> bool:
    """Few heaps for all threads, those that have begun before aside, and large pieces in none of
    them; whether both could be set."""
    if library() is None:
        return False
    options = ((ARENA_MAX, MOST_HEAPS), (MMAP_THRESHOLD, LARGE))
    return all(library().mallopt(*option) == 1 for option in options)


def give_back() -> bool:
    """Whether anything free went back to the system."""
    return library() is not None and bool(library().malloc_trim(0))
