"""Connections before there is a request, with sockets of their own on a small server."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
import uvicorn

from demo.door.connections import Guarded, Places, guard
from demo.door.log import Tally

LARGE = 20_000_000  # bytes; more than the system keeps for somebody who reads nothing
REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n"
SOON, NEVER = 0.05, 60.0  # s


async def app(scope: dict, receive, send) -> None:
    """Answers with many bytes at /large, with a few elsewhere."""
    size = LARGE if scope["path"] == "/large" else 2
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x" * size})


@asynccontextmanager
async def serving(places: Places | None = None, **limits: float):
    """A guarded server on a free port; gives what opens a connection to it."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    refusals = Tally("refused", say=lambda *_, **__: None)
    config.load()
    guard(server, places or Places(), refusals, **{"headers_within": NEVER} | limits)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    opened: list[asyncio.StreamWriter] = []

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(writer)
        return reader, writer

    try:
        yield connect
    finally:
        for writer in opened:
            writer.transport.abort()
        server.force_exit = True
        await server.shutdown()


def status_of(answer: bytes) -> int:
    return int(answer[9:12])


async def heard(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.read(), 30)


@pytest.mark.parametrize("begin", [b"", b"GET / HT", REQUEST, REQUEST + b"a: b"], ids=str)
def test_who_does_not_end_the_headers_is_cut_off(begin):
    async def scene() -> bytes:
        async with serving(headers_within=SOON) as connect:
            reader, writer = await connect()
            writer.write(begin)
            return await heard(reader)

    assert status_of(asyncio.run(scene())) == 408


def test_the_clock_runs_for_each_request_of_a_connection_anew():
    async def scene() -> tuple[bytes, bytes]:
        async with serving(headers_within=0.3) as connect:
            reader, writer = await connect()
            for _ in range(3):
                await asyncio.sleep(0.15)
                writer.write(REQUEST + b"\r\n")
                first = await reader.readuntil(b"0\r\n\r\n")
            writer.write(REQUEST)
            return first, await heard(reader)

    first, second = asyncio.run(scene())
    assert status_of(first) == 200
    assert status_of(second) == 408


def test_connections_have_a_bound_and_give_their_places_back():
    places = Places(most=2)

    async def scene() -> list[int]:
        async with serving(places) as connect:
            held = [await connect() for _ in range(2)]
            while places.held.total() < 2:
                await asyncio.sleep(0.01)
            reader, _ = await connect()
            statuses = [status_of(await heard(reader))]
            held[0][1].close()
            while places.held.total() > 1:
                await asyncio.sleep(0.01)
            reader, writer = await connect()
            writer.write(REQUEST + b"connection: close\r\n\r\n")
            return [*statuses, status_of(await heard(reader))]

    assert asyncio.run(scene()) == [503, 200]
    assert places.held.total() == 0


def test_an_address_has_a_bound_of_its_own_unless_it_is_this_machine():
    places = Places(most=10, most_an_address=2)
    assert [places.take("192.168.1.7") for _ in range(3)] == [True, True, False]
    assert places.take("192.168.1.8")
    assert all(places.take("127.0.0.1") for _ in range(4))
    places.give_back("192.168.1.7")
    assert places.take("192.168.1.7")


def test_a_class_behind_one_address_has_room_and_files_are_left():
    pupils, connections = 30, 6  # what a browser opens to one host
    assert Places().most_an_address >= pupils * connections
    assert Places().most < 1_024


def test_who_reads_nothing_of_an_answer_is_let_go():
    places = Places()

    async def scene() -> None:
        async with serving(places, reads_within=SOON) as connect:
            reader, writer = await connect()
            reader._transport.pause_reading()
            writer.write(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
            while not places.held.total():
                await asyncio.sleep(0.01)
            while places.held.total():
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(scene(), 30))


@pytest.mark.parametrize(("left", "stays"), [(9, True), (10, False)])
def test_who_reads_slowly_is_waited_for_as_long_as_something_goes_through(left, stays):
    done: list[str] = []
    line = SimpleNamespace(
        waiting=lambda: left,
        reads_within=NEVER,
        transport=SimpleNamespace(abort=lambda: done.append("broken off")),
        loop=SimpleNamespace(call_later=lambda *_: done.append("waited for")),
        check_read=None,
        refusals=Tally("refused", say=lambda *_, **__: None),
    )
    Guarded.check_read(line, 10)
    assert done == (["waited for"] if stays else ["broken off"])


def test_no_request_is_taken_for_a_websocket():
    async def scene() -> bytes:
        async with serving() as connect:
            reader, writer = await connect()
            more = b"upgrade: websocket\r\nconnection: upgrade, close\r\n\r\n"
            writer.write(REQUEST + more)
            return await heard(reader)

    assert status_of(asyncio.run(scene())) == 200
