"""The door itself: the order in which a request is judged, around the whole of gradio's app.

host -> sender -> address -> place -> body -> gradio -> the answer's headers
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field

from demo.door import bodies, sessions, values
from demo.door.addresses import API, methods_of, plain
from demo.door.answer import ELSEWHERE, NOTED, ON_A_SPACE, Answer, Send, careful
from demo.door.bodies import Arriving, Body, Gone, Receive, Together
from demo.door.errors import note_error
from demo.door.hosts import Hosts
from demo.door.log import Tally
from demo.door.origin import is_foreign, is_ours
from demo.door.refusal import Refusal
from demo.door.values import Offered
from demo.door.visitors import Visitors, cookie_of, place_in

# Gradio believes them and builds addresses from them; a proxy's own are kept.
FORWARDED = b"x-forwarded-host"
NEVER = b"x-gradio-server"  # for a front of gradio's own, which nothing here has
JSON_ADDRESSES = (values.PAGE, values.JOIN, sessions.CANCEL)
UPLOAD = f"{API}/upload"
RUN = (f"{API}/run/", f"{API}/api/")


def always() -> bool:
    return True


def nothing_offered() -> Offered:
    return Offered({}, {}, {})


@dataclass
class Rules:
    """What a door is told: who is served, what the page offers, how many pages may be open."""

    hosts: Hosts = Hosts()
    offered: Callable[[], Offered] = nothing_offered
    visitors: Visitors = field(default_factory=Visitors)
    is_space: bool = False
    patience: float = bodies.PATIENCE
    lingers: float = bodies.LINGERS
    has_room: Callable[[], bool] = always  # for one more upload
    together: Together = field(default_factory=Together)
    refusals: Tally = field(default_factory=lambda: Tally("refused"))
    broken: Tally = field(default_factory=lambda: Tally("answer_broken_off"))


class Door:
    """An ASGI app around another one."""

    def __init__(self, app: Callable, rules: Rules) -> None:
        self.app, self.rules = app, rules
        self.always = careful(ON_A_SPACE if rules.is_space else ELSEWHERE)

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})  # gradio has none
        asked = headers_of(scope)
        shared = is_ours(asked.get("origin", ""), asked.get("host"), self.rules.hosts)
        receive = Arriving(receive, self.rules.lingers)
        answer = Answer(send, receive, asked, self.always, shared)
        try:
            self.check(scope, asked)
            with self.place(scope, asked, answer):
                await self.pass_on(scope, asked, receive, answer)
        except Refusal as refusal:
            answer.refusal = refusal
            await answer.refuse(refusal)
        except Gone:
            return
        if answer.refusal:
            self.rules.refusals.add(answer.refusal.name)

    def check(self, scope: dict, asked: Mapping[str, str]) -> None:
        """Host, sender and address. Raises Refusal."""
        arrived_at = (scope.get("server") or (None,))[0]
        if not self.rules.hosts.serves(asked.get("host"), arrived_at):
            raise Refusal("host")
        if is_foreign(scope["method"], asked, self.rules.hosts):
            raise Refusal("origin")
        methods = methods_of(scope["path"])
        if scope["method"] not in methods:
            raise Refusal("method" if methods else "address")

    def place(self, scope: dict, asked: Mapping[str, str], answer: Answer) -> object:
        """The visitor's place for as long as the request goes on. Raises Refusal."""
        visitors = self.rules.visitors
        if scope["path"].startswith(sessions.HEARTBEAT):
            return visitors.staying(place_in(asked.get("cookie")))
        if scope["path"] == "/" and scope["method"] == "GET":
            place = place_in(asked.get("cookie"))
            given = visitors.admit(place)
            if given is None:
                raise Refusal("full", most=visitors.most)
            if given and given != place:
                cookie = cookie_of(given, self.rules.is_space)
                answer.always = [*answer.always, (b"set-cookie", cookie.encode())]
        return nullcontext()

    async def pass_on(
        self, scope: dict, asked: Mapping[str, str], receive: Receive, answer: Answer
    ) -> None:
        """Hands a request to gradio, its body judged. Raises Refusal."""
        path = scope["path"]
        answer.judged, answer.reworded = path.startswith(RUN), plain(path) == UPLOAD
        scope = sessions.renamed_scope(scope | {"headers": self.trusted(scope)}, asked)
        answer.scope = scope
        if answer.reworded:
            if not self.rules.has_room():
                raise Refusal("too_busy")
            scope["query_string"] = b""  # progress by id, which gradio never forgets
        length = asked.get("content-length")
        limit = bodies.limit_of(path, is_stated=length is not None)
        bodies.check_length(length, limit.most)
        if length and not limit.streamed:
            self.rules.together.check(int(length))
        body = Body(receive, limit, self.rules.together, self.rules.patience)
        try:
            if scope["method"] == "POST":
                receive = await self.judged(path, body, receive, sessions.sender_of(scope, asked))
            await self.let_in(scope, receive, body, answer)
        finally:
            body.release()

    async def judged(self, path: str, body: Body, receive: Receive, sender: str) -> Receive:
        """What gives gradio the body: an upload as it comes, all else whole. Raises Refusal."""
        if body.limit.streamed:
            return body.streamed
        content = await body.whole()
        if plain(path) in JSON_ADDRESSES or path.startswith(values.CALLS):
            content = self.judged_json(path, content, sender)
        return bodies.replayed(content, receive)

    def judged_json(self, path: str, content: bytes, sender: str) -> bytes:
        """A JSON body as gradio is to have it. Raises Refusal."""
        offered, is_page = self.rules.offered(), plain(path) == values.PAGE
        if is_page:
            quick = values.with_plain_end(content, offered)
            if quick:
                return quick
            if len(content) > bodies.ASKED:
                raise Refusal("too_large", most=bodies.in_words(bodies.ASKED))
        value = bodies.parsed(content)
        values.check_values(path, value, offered)
        if is_page:
            value["session_hash"] = values.SESSION
            return json.dumps(value).encode()
        is_renamed = sessions.rename_in(value, sender)
        return json.dumps(value).encode() if is_renamed or b'"meta"' in content else content

    async def let_in(self, scope: dict, receive: Receive, body: Body, answer: Answer) -> None:
        """Lets gradio answer. What it fails at has been said by then: demo/door/errors.py."""

        async def send(message: dict) -> None:
            answer.refusal = answer.refusal or body.refusal
            await answer.send(message)

        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if not answer.started:
                refusal = body.refusal or Refusal("unforeseen", id=note_error(error))
                return await answer.refuse(refusal)
            if NOTED not in scope:
                self.rules.broken.add(type(error).__name__)
            await answer.break_off()

    def trusted(self, scope: dict) -> list[tuple[bytes, bytes]]:
        """The headers that gradio may see."""
        return [(name, value) for name, value in scope["headers"] if self.is_true(name, value)]

    def is_true(self, name: bytes, value: bytes) -> bool:
        """Whether a header is none of those from which gradio would build a foreign address."""
        if name.lower() == FORWARDED:
            return self.rules.hosts.serves(value.decode("latin-1").split(",")[0].strip())
        return name.lower() != NEVER


def headers_of(scope: dict) -> dict[str, str]:
    """A request's headers by their names in lower case. Of a name that comes twice, the first:
    Host is what we have judged, whichever of two another reader would take."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def around(rules: Rules) -> Callable[[object], AbstractAsyncContextManager]:
    """A lifespan for `app_kwargs`: the door stands outside all of gradio's own middleware, whose
    answers to foreign pages it must see. Middleware given to gradio would stand inside."""

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        app.middleware_stack = Door(app.middleware_stack, rules)
        yield

    return lifespan
