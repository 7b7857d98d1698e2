"""Writes down every connection that a Python process asks for beyond this machine.

Python imports it at the start of each process whose PYTHONPATH names this folder: the server's own
and its trainings'. OUTGOING names the file to write to.
"""

import ipaddress
import os
import sys

WATCHED = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}  # where the address is
OWN_NAMES = {"", "localhost", "0.0.0.0", "::"}


def is_own(name: str) -> bool:
    try:
        return name in OWN_NAMES or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def watch(event: str, facts: tuple) -> None:
    if event not in WATCHED:
        return
    address = facts[WATCHED[event]]
    host = address[0] if isinstance(address, tuple) and address else address
    if isinstance(address, str) and event != "socket.getaddrinfo":
        return  # the path of a local socket
    name = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")
    if not is_own(name):
        with open(os.environ["OUTGOING"], "a", encoding="utf-8") as file:
            file.write(f"{event} {name}\n")


if os.environ.get("OUTGOING"):
    sys.addaudithook(watch)
