"""Under which names the lab answers: a page elsewhere can point a name of its own at this machine.

Loopback names are served by themselves, with any port; so is a Space's own host. A lab that
listens on all addresses serves those, and its machine's name. `--allow-host` names the rest.
"""

import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

HOST = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?")
EVERYWHERE = {"0.0.0.0", "::", ""}  # to listen on all of the machine's addresses
SPACES = ".hf.space"  # how the names of all Spaces end


@dataclass(frozen=True)
class Hosts:
    """The names that are served besides the loopback ones, in lower case."""

    names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    own_addresses: bool = False  # whichever of the machine's addresses a request came in at

    def serves(self, host: str | None, arrived_at: str | None = None) -> bool:
        """Whether a Host header is one of ours. `arrived_at`: the address that was connected to."""
        name, _ = parted(host)
        if name is None:
            return False
        if is_loopback(name) or name in self.names or name.endswith(self.endings):
            return True
        arrived_at = (arrived_at or "").removeprefix("::ffff:")  # an IPv4 address inside IPv6
        return self.own_addresses and name in (arrived_at, *EVERYWHERE)


@lru_cache(256)
def parted(host: str | None) -> tuple[str | None, int | None]:
    """`[::1]:80` -> ("::1", 80), `Lab.Example` -> ("lab.example", None); (None, None) for none."""
    found = HOST.fullmatch(host or "")
    if not found:
        return None, None
    name = found[1].strip("[]").lower().rstrip(".")
    return (name, int(found[2]) if found[2] else None) if name else (None, None)


def is_loopback(name: str) -> bool:
    """Whether a name always means the machine itself."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def hosts_of(
    listens_on: str,
    allowed: Iterable[str] = (),
    environment: Mapping[str, str] | None = None,
    machine: str | None = None,
) -> Hosts:
    """The hosts of a lab that listens on an address, with those that `--allow-host` names.

    `environment`: where a Space says its name. `machine`: this machine's name, unless told its own.
    """
    environment = environment or {}
    own = parted(listens_on.strip())[0] or listens_on.strip().strip("[]").lower()
    everywhere = own in EVERYWHERE
    told = [*allowed, *environment.get("SPACE_HOST", "").split(",")]
    names = {name for name, _ in map(parted, map(str.strip, told)) if name}
    if everywhere:
        machine = (machine or socket.gethostname()).lower()
        names |= {machine, f"{machine}.local"}
    else:
        names.add(own)
    endings = (SPACES,) if environment.get("SPACE_ID") else ()
    return Hosts(frozenset(names), endings, everywhere)
