"""Large memory goes back to the system as soon as it is let go."""

import ctypes

MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of glibc's malloc.h
LARGE = 1 << 20  # bytes


def give_back_large() -> bool:
    """Has each large piece mapped for itself, where the system has glibc: left alone, it raises the
    bound to 32 MB, and every thread that has decoded a picture keeps that picture's room."""
    try:
        return ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE) == 1
    except (AttributeError, OSError, TypeError):
        return False
