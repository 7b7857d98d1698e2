"""How many pages are open, and whether there is room for one more.

Each open page holds one connection, its heartbeat, for as long as it is open. A page that has just
been handed out counts, too, until its heartbeat begins. A page that is loaded again asks before its
old heartbeat ends: a random cookie, of no other use, tells that it has a place already.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import CookieError, SimpleCookie

COOKIE = "lab_place"
ARRIVING = 20.0  # s that a page may take from its first byte to its heartbeat
STAYS = 10.0  # s that a place is kept once its page has gone
KEY_BYTES = 12
LONGEST_COOKIES = 4_000  # characters


class Visitors:
    """The places of a lab: `most` of them, or as many as come."""

    def __init__(
        self, most: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self.clock = most, clock
        self.arriving: dict[str, float] = {}  # by place, until when it is kept without a heartbeat
        self.open: list[str] = []  # the place of each heartbeat, "" where it has no cookie

    def count(self) -> int:
        now = self.clock()
        self.arriving = {place: until for place, until in self.arriving.items() if until > now}
        return len(self.open) + len(self.arriving.keys() - set(self.open))

    def admit(self, place: str | None) -> str | None:
        """A place for a page that is asked for, its old one if it has one; None where all are
        taken."""
        if self.most is None:
            return ""
        count = self.count()
        is_known = bool(place) and (place in self.open or place in self.arriving)
        if not is_known and count >= self.most:
            return None
        place = place if is_known else secrets.token_urlsafe(KEY_BYTES)
        self.arriving[place] = self.clock() + ARRIVING
        return place

    @contextmanager
    def staying(self, place: str | None) -> Iterator[None]:
        """As long as a page's heartbeat goes on. One without a cookie takes the place of the page
        that has waited longest for its own."""
        if place not in self.arriving:
            place = place or next(iter(self.arriving), "")
        self.arriving.pop(place, None)
        self.open.append(place)
        try:
            yield
        finally:
            self.open.remove(place)
            if place and self.most is not None:
                self.arriving[place] = self.clock() + STAYS


def place_in(cookies: str | None) -> str | None:
    """The place that a Cookie header names."""
    if not cookies or len(cookies) > LONGEST_COOKIES:
        return None
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def cookie_of(place: str, in_a_frame: bool) -> str:
    """The Set-Cookie header of a place. In a Space's frame browsers keep no other kind."""
    kept = "Secure; SameSite=None; Partitioned" if in_a_frame else "SameSite=Lax"
    return f"{COOKIE}={place}; Path=/; HttpOnly; {kept}"
