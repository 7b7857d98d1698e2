"""The answer on its way out: careful headers, and no 500 for a caller's fault."""

import json
from collections.abc import Awaitable, Callable, Mapping

from demo.door.bodies import Arriving
from demo.door.refusal import Refusal, answer_to
from demo.door.streams import reworded

Send = Callable[[dict], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
SHARING = b"access-control-"  # how the headers begin that let other pages read an answer
ON_A_SPACE = "'self' https://huggingface.co https://*.hf.space"  # who may show the page in a frame
NOTED = "lab.noted"  # in the scope of a request whose failure the log knows of
ELSEWHERE = "'self'"


def careful(framed_by: str) -> Headers:
    """Headers of every answer. `same-origin` rather than `no-referrer`, which would make the page's
    own beacons say `Origin: null`."""
    return [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", f"frame-ancestors {framed_by}".encode()),
    ]


class Answer:
    """Passes a response on, or a refusal in its place as long as none of it has left."""

    def __init__(
        self,
        send: Send,
        arriving: Arriving,
        asked: Mapping[str, str],
        always: Headers,
        shared: bool,
    ) -> None:
        self.send_on, self.arriving, self.asked, self.always = send, arriving, asked, always
        self.shared = shared  # whether the page that asks may read the answer
        self.started = False
        self.refusal: Refusal | None = None  # instead of whatever gradio answers
        self.judged = False  # whether a 500 may be a caller's fault
        self.reworded = False  # whether gradio refuses in words of its own
        self.ended = False
        self.is_stream = False  # of events
        self.scope: dict = {}  # of the request, in which a fault of ours leaves a mark
        self.held: dict | None = None  # the start of a 500, until its body tells what it is

    async def refuse(self, refusal: Refusal) -> None:
        """Answers with a refusal at once; closes the connection once the sender, unless it is slow,
        has had the time to hear it."""
        if self.started:
            return
        self.started = True
        headers, content = answer_to(refusal, dict(self.asked))
        headers += [*self.always, (b"connection", b"close")]
        start = {"type": "http.response.start", "status": refusal.status, "headers": headers}
        await self.send_on(start)
        await self.send_on({"type": "http.response.body", "body": content, "more_body": True})
        if refusal.name != "too_slow":
            await self.arriving.drain()
        await self.send_on({"type": "http.response.body", "body": b""})

    async def send(self, message: dict) -> None:
        if self.refusal is not None:
            await self.refuse(self.refusal)
        elif message["type"] == "http.response.start":
            await self.begin(message)
        elif self.held is not None:
            await self.judge(message)
        else:
            self.ended = not message.get("more_body")
            await self.send_on(self.in_words(message))

    def in_words(self, message: dict) -> dict:
        """A piece of the body; of a stream, in words of ours where gradio failed."""
        if not self.is_stream:
            return message
        language = self.asked.get("accept-language")
        return message | {"body": reworded(message.get("body", b""), language)}

    async def break_off(self) -> None:
        """Ends an answer in whose middle gradio failed; it may have said so itself."""
        if not self.ended and self.held is None and self.refusal is None:
            self.ended = True
            await self.send_on({"type": "http.response.body", "body": b""})

    async def begin(self, message: dict) -> None:
        self.is_stream = is_of_kind(message, b"text/event-stream")
        if self.reworded and message["status"] >= 400 and not is_json(message):
            self.refusal = Refusal("no_upload")
            return await self.refuse(self.refusal)
        self.started = True
        headers = [*message.get("headers", ()), *self.always]
        if not self.shared:
            headers = [pair for pair in headers if not pair[0].lower().startswith(SHARING)]
        message = message | {"headers": headers}
        if message["status"] == 500 and self.judged:
            self.held = message
        else:
            await self.send_on(message)

    async def judge(self, message: dict) -> None:
        """Gradio answers 500 to whatever an event refuses: with a sentence in it, it is a 400."""
        start, self.held = self.held, None
        if not says_why(message.get("body", b"")):
            self.started = False
            return await self.refuse(Refusal("unforeseen"))
        await self.send_on(start if NOTED in self.scope else start | {"status": 400})
        await self.send_on(message)


def is_json(start: dict) -> bool:
    return is_of_kind(start, b"application/json")


def is_of_kind(start: dict, kind: bytes) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(kind)
        for name, value in start.get("headers", ())
    )


def says_why(body: bytes) -> bool:
    """Whether an answer of gradio holds the sentence of a refusal."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and isinstance(answer.get("error"), str)
