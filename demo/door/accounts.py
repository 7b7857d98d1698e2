"""Who may use a lab that asks for a name: a file of names and hashed passwords.

A line is `name:scrypt:SALT:HASH`, both in hexadecimal; `python app.py --make-password` prints one.
Empty lines and lines that begin with # are left out.
"""

import asyncio
import getpass
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

SALT_BYTES, HASH_BYTES = 16, 32
# scrypt (RFC 7914): 16 MB and about 50 ms a try, whoever tries
COST, BLOCK, PARALLEL = 2**14, 8, 1
LONGEST = 200  # characters of a name or password
AFTER_A_WRONG_ONE = 0.5  # s until it is said
MOST_TRIES = 8  # that wait while one is looked at


class AccountsError(Exception):
    """A file of names and passwords that can't be used; the sentence says why."""


@dataclass(frozen=True)
class Account:
    salt: bytes
    digest: bytes


NOBODY = Account(bytes(SALT_BYTES), bytes(HASH_BYTES))


def hashed(password: str, salt: bytes) -> bytes:
    text = password.encode()
    return hashlib.scrypt(text, salt=salt, n=COST, r=BLOCK, p=PARALLEL, dklen=HASH_BYTES)


class Accounts:
    """Names and hashed passwords, and the answer to whether a pair is one of them."""

    def __init__(self, by_name: Mapping[str, Account]) -> None:
        self.by_name = by_name
        self.waiting = 0
        self.turn = asyncio.Lock()

    def knows(self, name: str, password: str) -> bool:
        """Takes as long for a name that there is not."""
        account = self.by_name.get(name, NOBODY)
        is_same = hmac.compare_digest(hashed(password, account.salt), account.digest)
        return is_same and name in self.by_name

    async def admit(self, name: str, password: str) -> bool:
        """For gradio's `auth`: one try after another, none of which stops the server's loop."""
        if len(name) > LONGEST or len(password) > LONGEST or self.waiting >= MOST_TRIES:
            return False
        self.waiting += 1
        try:
            async with self.turn:
                is_known = await asyncio.to_thread(self.knows, name, password)
                if not is_known:
                    await asyncio.sleep(AFTER_A_WRONG_ONE)
                return is_known
        finally:
            self.waiting -= 1


def read(path: Path) -> Accounts:
    """The accounts of a file. Raises AccountsError, which names a bad line by its number alone."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise AccountsError(f"the file {path.name} can't be read") from None
    found: dict[str, Account] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            name, account = parsed(line.strip(), f"line {number} of {path.name}")
            if name in found:
                raise AccountsError(f"line {number} of {path.name} names somebody a second time")
            found[name] = account
    if not found:
        raise AccountsError(f"the file {path.name} names nobody")
    return Accounts(found)


def parsed(line: str, place: str) -> tuple[str, Account]:
    """A name and its account. Raises AccountsError."""
    parts = line.split(":")
    try:
        name, kind, salt, digest = parts
        account = Account(bytes.fromhex(salt), bytes.fromhex(digest))
    except ValueError:
        raise AccountsError(f"{place} is no line of --make-password") from None
    if not name or kind != "scrypt" or len(account.salt) < 8 or len(account.digest) != HASH_BYTES:
        raise AccountsError(f"{place} is no line of --make-password")
    return name, account


def line_for(name: str, password: str, salt: bytes | None = None) -> str:
    """A line of the file. Raises AccountsError for a name or a password that can't be used."""
    if not name or ":" in name or name != name.strip() or name.startswith("#"):
        raise AccountsError("a name has letters, and neither colons nor spaces around it")
    if not 8 <= len(password) <= LONGEST or len(name) > LONGEST:
        raise AccountsError(f"a password has 8 to {LONGEST} characters")
    salt = salt or secrets.token_bytes(SALT_BYTES)
    return f"{name}:scrypt:{salt.hex()}:{hashed(password, salt).hex()}"


def asked_for(
    ask: Callable[[str], str] = input, ask_hidden: Callable[[str], str] = getpass.getpass
) -> str:
    """A line of the file for a name and a password that are asked for. Raises AccountsError."""
    name = ask("name: ").strip()
    password = ask_hidden("password: ")
    if password != ask_hidden("again: "):
        raise AccountsError("the two passwords differ")
    return line_for(name, password)
