"""Connections that are begun and not used, against a small real server: they end by themselves."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from coercivity.viz.server import slow_visitors


class Small:
    """An application that answers a request with a word, and floods a websocket until its visitor has gone."""

    def __init__(self) -> None:
        self.gone = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(b"content-length", b"4")],
                }
            )
            await send({"type": "http.response.body", "body": b"well"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        try:
            while True:
                await send({"type": "websocket.send", "bytes": b"x" * 1_000_000})
        finally:
            self.gone.set()


@contextmanager
def serving(app: Any) -> Iterator[int]:
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=slow_visitors.Connection,
            ws=slow_visitors.Socket,
            lifespan="off",
            log_level="critical",
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


def until_closed(line: socket.socket) -> bytes:
    """All that is said until the connection ends; a test that waits for an end that does not come fails here."""
    heard = b""
    line.settimeout(20)
    try:
        while part := line.recv(65536):
            heard += part
    except ConnectionError:
        pass
    return heard


REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        REQUEST.replace(b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\nx"),
    ],
)
def test_a_request_that_does_not_end_is_ended(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_visitors, "REQUEST_SECONDS", 0.3)
    with serving(Small()) as port, socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(said)
        assert (b"well" in until_closed(line)) == (b"Length" in said)


def test_who_asks_in_time_is_answered_again_and_again() -> None:
    with serving(Small()) as port, socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(20)
        for _ in range(3):
            line.sendall(REQUEST)
            heard = b""
            while not heard.endswith(b"well"):
                heard += line.recv(65536)


def test_one_address_has_so_many_connections_and_gets_them_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slow_visitors, "MOST_EACH", 2)
    with serving(Small()) as port:
        lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        with socket.create_connection(("127.0.0.1", port)) as third:
            assert until_closed(third) == b""
        with socket.create_connection(
            ("127.0.0.1", port), source_address=("127.0.0.2", 0)
        ) as other:
            other.sendall(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            assert until_closed(other).endswith(b"well")
        for line in lines:
            line.sendall(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            assert until_closed(line).endswith(b"well")
            line.close()
        with socket.create_connection(("127.0.0.1", port)) as again:
            again.sendall(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            assert until_closed(again).endswith(b"well")
    assert not slow_visitors._held


def test_a_visitor_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_visitors, "READ_SECONDS", 0.3)
    app = Small()
    with serving(app) as port, socket.create_connection(("127.0.0.1", port)) as line:
        key = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        line.sendall(REQUEST[:-2] + key)
        assert app.gone.wait(20)
