"""A process for what others bring can do little, and is lost without harm."""

import pytest

from models.apart import ApartError, answer_of
from models.limits import resource

SHUT_IN = "import models.judge, os, socket; models.judge.shut_in(); "
only_with_limits = pytest.mark.skipif(resource is None, reason="the system keeps no limits")


def says(code: str, content: bytes = b"", **limits: float) -> bytes:
    return answer_of(["-c", code], content, **limits)


def test_it_reads_all_and_its_whole_answer_comes_back():
    code = "import sys; print(len(sys.stdin.buffer.read()), end='')"
    assert says(code, bytes(3_000_000)) == b"3000000"


@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(1)",
        "raise ValueError",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "print('x' * 2000)",  # which is too long
        "import os\nwhile True: os.write(1, bytes(10**6))",
    ],
)
def test_one_that_dies_or_says_too_much_is_an_error(code):
    with pytest.raises(ApartError):
        says(code, bytes(200_000), most=1_000, seconds=2)


@pytest.mark.parametrize("begin", ["", "import os; os.close(1); "])
def test_one_that_reads_nothing_and_stays_is_ended_by_the_clock(begin):
    with pytest.raises(ApartError):
        says(f"{begin}import time; time.sleep(60)", bytes(10**6), seconds=0.5)


@only_with_limits
@pytest.mark.parametrize(
    ("does", "error"),
    [
        ("bytearray(400_000_000)", "MemoryError"),
        ("open('/etc/hostname')", "OSError"),
        ("open('made', 'w')", "OSError"),
        ("socket.socket()", "OSError"),
        ("os.pipe()", "OSError"),
    ],
)
def test_one_that_is_shut_in_gets_no_memory_file_or_connection(does, error):
    code = f"{SHUT_IN}\ntry:\n    {does}\nexcept {error}:\n    print('refused', end='')"
    assert says(code) == b"refused"
