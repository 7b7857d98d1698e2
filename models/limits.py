"""What the system refuses a process from some moment on: memory, files, its own time."""

from pathlib import Path

try:
    import resource
except ImportError:  # Windows keeps no such limits
    resource = None


def limit_memory(more: int) -> None:
    """From here on the system refuses memory beyond `more` bytes; where it does such things."""
    status = Path("/proc/self/status")
    if resource is None or not status.exists():
        return
    [kilobytes] = [line.split()[1] for line in status.read_text().splitlines() if "VmData" in line]
    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (int(kilobytes) * 1024 + more, highest))


def limit_seconds(seconds: int) -> None:
    """The process ends when it has computed for so long; where the system does such things."""
    lower("RLIMIT_CPU", seconds)


def limit_files(most: int) -> None:
    """No file that this process writes may pass `most` bytes; where the system does such things."""
    lower("RLIMIT_FSIZE", most)


def lower(name: str, value: int) -> None:
    if resource is not None:
        kind = getattr(resource, name)
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def lock_in() -> None:
    """No file, connection or process that this one does not have yet; where the system does such
    things. Unlike the others, these can't be lifted again."""
    for name, most in (("RLIMIT_NOFILE", 3), ("RLIMIT_NPROC", 0), ("RLIMIT_FSIZE", 0)):
        if hasattr(resource, name):
            resource.setrlimit(getattr(resource, name), (most, most))
