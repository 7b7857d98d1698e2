"""Whose page sent a request: another site's page must not start trainings here.

A browser says where a request came from, in Origin or Referer; programs say nothing and pass.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from demo.door.hosts import Hosts, is_loopback, parted

READING = {"GET", "HEAD", "OPTIONS"}  # methods that change nothing
PORTS = {"http": 80, "https": 443}


def is_foreign(method: str, headers: Mapping[str, str], hosts: Hosts) -> bool:
    """Whether a request that changes something was sent by another site's page."""
    if method in READING:
        return False
    sender = headers.get("origin") or headers.get("referer")
    if not sender:
        return headers.get("sec-fetch-site", "none") == "cross-site"
    return not is_ours(sender, headers.get("host"), hosts)


def is_ours(sender: str, host: str | None, hosts: Hosts) -> bool:
    """Whether a page at an address is of the host asked for, or of one that we serve by name.

    Pages of another port on this machine are somebody else's; elsewhere a proxy may change the
    port. `null`, the origin of a sandboxed frame or a file, is nobody's.
    """
    name, port = authority(sender)
    own, own_port = parted(host)
    if name is None or own is None:
        return False
    if is_loopback(name):
        default = PORTS["https" if sender.startswith("https:") else "http"]
        return is_loopback(own) and (port or default) == (own_port or default)
    return name == own or name in hosts.names


def authority(address: str) -> tuple[str | None, int | None]:
    """Name and port of a web address: `https://lab.example:81/page` -> ("lab.example", 81)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None, None
    return parted(parts.netloc) if parts.scheme in PORTS else (None, None)
