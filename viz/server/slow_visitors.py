"""Connections that are begun and not used: who sends his request too slowly, or does not take what
he asked for, is cut off, and nobody holds all of them.

uvicorn waits without end for the first line of a request, and for a websocket's visitor to read;
its protocols are used as they are, with a clock beside them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from coercivity.viz.server.visitor import key, proxy_headers

REQUEST_SECONDS: Final = 10.0  # for a whole request, from its connection or its first byte on
READ_SECONDS: Final = 20.0  # for a visitor to take what waits for him
MOST_CONNECTIONS: Final = 2000  # connections at once; the rest is told to come back
MOST_EACH: Final = (
    600  # of one address: 40 laptops with three pages each, and what they load at once
)

_held: Counter[str] = Counter()  # plain connections by address; websockets are counted as places


class _ReadInTime:
    """Cuts off a visitor who does not read."""

    transport: Any
    loop: asyncio.AbstractEventLoop
    _unread: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """There is more to send than the connection takes."""
        super().pause_writing()  # type: ignore[misc]
        if self._unread is None:
            self._unread = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It was taken."""
        self._read()
        super().resume_writing()  # type: ignore[misc]

    def connection_lost(self, error: Exception | None) -> None:
        """The visitor has gone."""
        self._read()
        super().connection_lost(error)  # type: ignore[misc]

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


class Socket(_ReadInTime, WebSocketsSansIOProtocol):
    """A websocket."""


class Connection(_ReadInTime, H11Protocol):
    """A connection for requests."""

    _late: asyncio.TimerHandle | None = None
    _address: str | None = None

    def connection_made(self, transport: Any) -> None:
        """Somebody knocks."""
        super().connection_made(transport)
        address = key(self.client[0] if self.client else "")
        if (
            _held[address] >= MOST_EACH and not proxy_headers()
        ):  # a proxy is the only address that there is
            transport.abort()
            return
        self._address = address
        _held[address] += 1
        self._wait()

    def connection_lost(self, error: Exception | None) -> None:
        """He has gone."""
        self._release()
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """He says something."""
        before = self.cycle
        super().data_received(data)
        if self.transport.is_closing() or self._address is None:
            return
        if self.cycle is not before:
            self._calm()
        elif self.cycle is None or self.cycle.response_complete:
            self._wait()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """From here on it is a websocket."""
        self._release()
        super().handle_websocket_upgrade(event)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _calm(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _release(self) -> None:
        self._calm()
        if self._address is not None:
            _held[self._address] -= 1
            if not _held[self._address]:
                del _held[self._address]
            self._address = None
