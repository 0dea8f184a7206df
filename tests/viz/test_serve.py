"""Serving: a port that cannot be had is told in one line, and the server hands out nothing that it would have to fetch."""

import asyncio
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.errors import InputError
from coercivity.viz.histories import _Shelf
from coercivity.viz.serve import HEADERS, guarded, serve


def test_a_taken_port_is_told_before_anything_slow_is_imported() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=rf"^port {port} cannot be used \(.+\); choose another with --port, for example --port \d+$"):
            serve(port, open_browser=False)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(InputError, match=f"port {port} is not a port"):
        serve(port, open_browser=False)


def answer(path: str, files: Path) -> list[dict[str, Any]]:
    """What the guarded server sends for a path, when the server behind it answers everything."""
    sent: list[Any] = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]})

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guarded(behind, files)({"type": "http", "path": path}, receive, send))
    return sent


def test_every_answer_carries_the_security_headers(tmp_path: Path) -> None:
    (start,) = answer("/", tmp_path)
    assert start["headers"] == [(b"x-own", b"1"), *HEADERS]


def test_a_front_end_file_that_is_not_installed_is_not_fetched_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "vue@1").mkdir()
    (tmp_path / "vue@1" / "vue.js").write_text("here")
    assert answer("/_solara/cdn/vue@1/vue.js", tmp_path)[0]["status"] == 200
    assert answer("/_solara/cdn/katex@1/katex.js", tmp_path)[0]["status"] == 404
    assert answer("/prefix/_solara/cdn/katex@1/katex.js", tmp_path)[0]["status"] == 404


# ---------------------------------------------------------------- finished histories on the shelf


def test_the_shelf_keeps_the_last_few() -> None:
    shelf, made = _Shelf(2), []

    def make(name: str) -> str:
        return str(shelf.get((name,), lambda: made.append(name) or name.upper()))

    assert [make(name) for name in "ababcab"] == list("ABABCAB")
    assert made == ["a", "b", "c", "a", "b"]


def test_two_who_ask_for_the_same_thing_have_it_made_once() -> None:
    shelf, made, got = _Shelf(2), [], []

    def make() -> str:
        made.append(1)
        time.sleep(0.1)
        return "thing"

    threads = [threading.Thread(target=lambda: got.append(shelf.get(("same",), make))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, got) == ([1], ["thing"] * 4)


def test_a_failure_is_not_kept() -> None:
    shelf = _Shelf(2)
    with pytest.raises(ZeroDivisionError):
        shelf.get(("x",), lambda: 1 / 0)
    assert shelf.get(("x",), lambda: "mended") == "mended"
