"""How the lab ends: trainings are told to save, pages hear of it, and no process stays behind.

Saved means: a training hands over its best weights, and the page that follows it, on hearing of the
end, fetches them into the browser's memory. The host's disk may not outlast the lab, so nothing is
written there: a page that nobody looks at when the lab closes loses its weights.
"""

import os
import signal
import sys
import threading
import time
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)
SAVED_WITHIN = 3.0  # s; a training that is told to stop has ended in 1.8 s, whatever it is doing
HEARD_WITHIN = 1.3  # s in which pages, that ask once a second, hear of it and fetch their weights
CLOSED_WITHIN = 2.0  # s for answers that are under way; in all, 7 s


def end_at_once(*_: object) -> None:
    """While the lab is loading there is nothing to save."""
    os._exit(0)


def listen(react: Any) -> None:
    for number in SIGNALS:
        signal.signal(number, react)


def wait() -> None:
    """Until the process is told to end; whoever says so twice does not want to wait."""
    told = threading.Event()

    def react(*_: object) -> None:
        if told.is_set():
            os._exit(1)
        told.set()

    listen(react)
    while not told.wait(0.5):  # a signal is seen between two waits on every system
        pass


def wind_down(page: Any) -> None:
    """Ends everything, in the order of what would be missed most, and then the process.

    `page`: the gr.Blocks that is open.
    """
    from demo import job, uploads
    from demo.door.log import note
    from demo.train_live import JOBS

    note("stopping", running=JOBS.counts()[0], waiting=JOBS.counts()[1])
    JOBS.close()
    saved = JOBS.wait_until_idle(SAVED_WITHIN)
    if not saved:
        JOBS.kill()
    time.sleep(HEARD_WITHIN)
    page.app.stop_event.set()  # ends the heartbeats, which last as long as their pages
    page.server.should_exit = True
    page.server.thread.join(CLOSED_WITHIN)
    job.let_go()
    uploads.remove_own()
    note("stopped", trainings_saved=saved)
    sys.stdout.flush()
    os._exit(0)  # threads that still compute are not waited for; children end with their parent
