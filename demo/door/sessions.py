"""Whose a session of gradio's is: not by the client's word alone.

Gradio takes a session's name from whoever asks, and whoever names another's session hears its
events, cancels them and ends them. Here the name that gradio gets is made of the one that was sent,
of the address that it came from, and of a secret of this server: the same name from elsewhere is
another session.
"""

import secrets
from collections.abc import Mapping
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode

from demo.door.addresses import API, plain
from demo.door.refusal import Refusal

HEARTBEAT = f"{API}/heartbeat/"
DATA, CANCEL = f"{API}/queue/data", f"{API}/cancel"
FIELD = "session_hash"
SECRET = secrets.token_bytes(32)
LENGTH = 16  # bytes of a name, twice as many characters


def sender_of(scope: Mapping, asked: Mapping[str, str]) -> str:
    """Where a request came from. Proxies tell it in a header, whose first address stays the same
    whichever of several proxies it comes through."""
    told = asked.get("x-forwarded-for", "").split(",")[0].strip()
    return f"told {told}" if told else f"seen {(scope.get('client') or ('',))[0]}"


def own_name(sent: str, sender: str) -> str:
    """A session's name for gradio."""
    return blake2b(f"{sender}\n{sent}".encode(), key=SECRET, digest_size=LENGTH).hexdigest()


def renamed_scope(scope: dict, asked: Mapping[str, str]) -> dict:
    """A request with the session renamed that its address names, if it does."""
    path, sender = scope["path"], sender_of(scope, asked)
    if path.startswith(HEARTBEAT):
        sent = plain(path).removeprefix(HEARTBEAT)
        renamed = HEARTBEAT + own_name(sent, sender)
        return scope | {"path": renamed, "raw_path": renamed.encode()}
    if plain(path) == DATA:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        pairs = [(key, own_name(text, sender) if key == FIELD else text) for key, text in query]
        return scope | {"query_string": urlencode(pairs).encode()}
    return scope


def rename_in(body: dict, sender: str) -> bool:
    """Renames the session that a body names; tells whether it does. Raises Refusal."""
    sent = body.get(FIELD)
    if sent is None:
        return False
    if not isinstance(sent, str):
        raise Refusal("values")
    body[FIELD] = own_name(sent, sender)
    return True
