"""Serving: a port that cannot be had is told in one line, and the server hands out nothing that it would have to fetch."""

import asyncio
import socket
import webbrowser
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.errors import InputError
from coercivity.viz.serve import HEADERS, _open, guarded, serve


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


def test_what_the_server_tells_of_itself_is_told_to_nobody(tmp_path: Path) -> None:
    start, body = answer("/resourcez", tmp_path)
    assert (start["status"], body["body"]) == (404, b"not here")
    assert set(HEADERS) <= set(start["headers"])


@pytest.mark.parametrize(
    ("host", "message"),
    [("no such host", "host 'no such host' is not an address; use 127.0.0.1"), ("192.0.2.1", "host '192.0.2.1' is not an address of this machine")],
)
def test_a_host_that_is_not_this_machine_is_refused(host: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        serve(0, open_browser=False, host=host)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY", ""])
def test_a_browser_is_opened_only_where_it_has_a_screen(screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text browser would take over the terminal."""
    opened: list[str] = []
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("webbrowser.open", opened.append)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if screen:
        monkeypatch.setenv(screen, ":0")
    _open("http://127.0.0.1:8765")
    assert opened == (["http://127.0.0.1:8765"] if screen else [])


@pytest.mark.parametrize("error", [webbrowser.Error("none"), OSError("none")])
def test_no_browser_is_no_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fail(address: str) -> None:
        asked.append(address)
        raise error

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", fail)
    _open("http://127.0.0.1:8765")
    assert asked == ["http://127.0.0.1:8765"]
