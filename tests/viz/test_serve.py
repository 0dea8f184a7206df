"""Serving: what is prepared in which order, what is printed, who may come in, who asks, and that all is let go."""

from __future__ import annotations

import os
import re
import socket
import warnings
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from solara.server import kernel_context

from coercivity.model.basis.errors import InputError
from coercivity.viz import serve as serving
from coercivity.viz.serve import _names, _open, _places_per_address, serve
from coercivity.viz.server import front_end, phone_addresses, visitor
from coercivity.viz.server.connection_limits import MOST, Places
from coercivity.viz.server.phone_addresses import Interface
from coercivity.viz.server.visitor import PROXIES


def test_a_taken_port_is_told_before_anything_slow_is_imported() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            InputError,
            match=rf"^port {port} cannot be used \(.+\); choose another with --port, for example --port \d+$",
        ):
            serve(port, open_browser=False)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(InputError, match=f"port {port} is not a port"):
        serve(port, open_browser=False)


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("no such host", "host 'no such host' is not an address; use 127.0.0.1"),
        ("192.0.2.1", "host '192.0.2.1' is not an address of this machine"),
    ],
)
def test_a_host_that_is_not_this_machine_is_refused(host: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        serve(0, open_browser=False, host=host)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY", ""])
def test_a_browser_is_opened_only_where_it_has_a_screen(
    screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("webbrowser.open", opened.append)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if screen:
        monkeypatch.setenv(screen, ":0")
    _open("http://127.0.0.1:8765")
    assert opened == (["http://127.0.0.1:8765"] if screen else [])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2"])
def test_the_address_that_is_printed_may_be_asked(host: str) -> None:
    names = _names(host)
    for asked in (host, "localhost", "127.0.0.1"):
        names.check([(b"host", f"{asked}:8765".encode())], strict=True)


@pytest.mark.parametrize("own", ["Teachers-Laptop", "teachers-laptop.local", "teachers-laptop.lan"])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7"])
def test_a_class_asks_by_address_or_by_the_name_of_the_machine(
    host: str, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: own)
    names = _names(host, ("https://lab.example.org",))
    for asked in (
        *("192.168.0.7", "10.0.0.7:8765", "[fe80::1]:8765", "localhost:8765", own, own.lower()),
        *("teachers-laptop:8765", "teachers-laptop.local:8765", "lab.example.org"),
    ):
        names.check([(b"host", asked.encode())], strict=True)


def test_behind_a_proxy_no_visitor_takes_all_places(monkeypatch: pytest.MonkeyPatch) -> None:

    def taken(host: str) -> int:
        places = Places(set, lambda _: None, 12, each=_places_per_address(host, 12))
        return sum(not places.take("203.0.113.7", f"page {at}") for at in range(20))

    monkeypatch.delenv(PROXIES, raising=False)
    assert taken("127.0.0.1") == 12
    assert taken("0.0.0.0") == 4
    monkeypatch.setenv(PROXIES, "127.0.0.1")
    assert taken("127.0.0.1") == 4


class Stage:
    """What `serve` did, in place of uvicorn, the engine, the rooms and the side doors."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.config: Any = None
        self.doors: Any = None
        self.listening = False
        self.opened: list[str] = []


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    import uvicorn
    from solara.server import settings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # solara leaves a file open while it is loaded
        import_module("solara.server.starlette")
    one = Stage()
    for name in serving.ENVIRONMENT:
        monkeypatch.setenv(name, os.environ.get(name, serving.ENVIRONMENT[name]))
    for name in ("SOLARA_ASSETS_PROXY", "SOLARA_ASSETS_CDN", serving.ORIGINS):
        monkeypatch.setenv(name, "")
    (tmp_path / "echarts@6.1.0" / "dist").mkdir(parents=True)
    (tmp_path / "echarts@6.1.0" / front_end.CHARTS_FILE).write_text("charts")
    monkeypatch.setattr(settings.assets, "proxy_cache_dir", tmp_path)
    monkeypatch.setattr(settings.kernel, "max_count", None)
    monkeypatch.setattr(
        "coercivity.viz.classroom.rooms.registry.rooms", lambda: one.did.append("rooms")
    )
    monkeypatch.setattr(
        "coercivity.viz.server.worker_pool.warm_up", lambda: one.did.append("engine")
    )
    engine = SimpleNamespace(stop=lambda: one.did.append("stopped"))
    monkeypatch.setattr("coercivity.viz.server.worker_pool.worker_pool", lambda: engine)
    monkeypatch.setattr(
        "coercivity.viz.server.messages.close_side_doors", lambda: one.did.append("side doors")
    )
    monkeypatch.setattr(
        "coercivity.viz.screens.lab.scenarios_json", lambda: one.did.append("scenarios")
    )
    monkeypatch.setattr(serving, "_open", one.opened.append)

    class Config:
        def __init__(self, doors: Any, **fields: Any) -> None:
            one.doors, one.config = doors, fields

    class Server:
        def __init__(self, config: Any) -> None:
            one.did.append("server")

        def run(self, sockets: list[socket.socket]) -> None:
            (listener,) = sockets
            with socket.create_connection(listener.getsockname(), timeout=5):
                one.listening = True
            raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn, "Config", Config)
    monkeypatch.setattr(uvicorn, "Server", Server)
    return one


def test_all_is_ready_before_the_address_is_printed_and_all_is_let_go(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    serving.serve(0, open_browser=False)
    assert stage.did == ["scenarios", "rooms", "engine", "side doors", "server", "stopped"]
    assert stage.listening
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Coercivity is at http://127.0.0.1:")
    assert line.endswith(" (Ctrl-C ends it)")
    port = int(line.split(":")[2].split()[0])
    with pytest.raises(OSError, match=r"refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    assert stage.opened == []


def machine_at(monkeypatch: pytest.MonkeyPatch, *held: str) -> None:
    """A machine with these addresses, beside its own."""
    found = [Interface("lo", "127.0.0.1"), *(Interface("wlan0", one) for one in held)]
    monkeypatch.setattr(phone_addresses, "interfaces", lambda: found)
    monkeypatch.setattr(phone_addresses, "outgoing_address", lambda: "")


def test_a_class_is_told_how_to_come_in_and_what_that_means(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine_at(monkeypatch, "192.168.1.20")
    serving.serve(0, open_browser=False, host="0.0.0.0")
    first, others, warning = capsys.readouterr().out.splitlines()
    port = first.split(":")[2].split()[0]
    assert first.startswith("Coercivity is at http://127.0.0.1:")
    assert others == f"Others, and the phones of a class, open http://192.168.1.20:{port}"
    assert "not encrypted" in warning


def test_the_pages_know_where_the_server_listens_while_it_does(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[phone_addresses.Reach] = []
    monkeypatch.setattr(
        "coercivity.viz.classroom.rooms.registry.rooms",
        lambda: known.append(phone_addresses.reach()),
    )
    serving.serve(0, open_browser=False)
    assert known[0].known
    assert re.fullmatch(r"coercivity app --host 0\.0\.0\.0 --port \d+", known[0].remedy)
    assert not phone_addresses.reach().known


def test_how_much_may_be_said_at_once_and_by_how_many(stage: Stage) -> None:
    from coercivity.viz.server.slow_visitors import MOST_CONNECTIONS, Connection, Socket

    serving.serve(0, open_browser=False)
    config = stage.config
    assert (config["http"], config["ws"]) == (Connection, Socket)
    assert config["ws_max_size"] == 1_000_000
    assert config["proxy_headers"] is False  # nobody makes up an address
    assert config["limit_concurrency"] == MOST_CONNECTIONS
    assert (config["log_level"], config["timeout_graceful_shutdown"]) == ("warning", 1)
    assert stage.doors.places.most == MOST
    assert stage.doors.places.each == MOST  # no limit but that of all
    pages = "/ /play /chain /compare /class /claims /evidence"
    assert stage.doors.pages == set(pages.split())


def test_missing_front_end_files_are_told_before_anybody_is_let_in(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "echarts@6.1.0" / front_end.CHARTS_FILE).unlink()
    monkeypatch.setattr(front_end, "HOLDER", "a-package-that-nobody-has")
    with pytest.raises(InputError, match=r"echarts, which is neither in .* pip install"):
        serving.serve(0, open_browser=False)
    assert stage.did == ["scenarios", "stopped"]


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
        ("::1", "::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", "unknown"),
        ("x" * 1000, "x" * 100),
    ],
)
def test_one_key_for_all_addresses_of_one_visitor(host: str, key: str) -> None:
    assert visitor.key(host) == key


@pytest.mark.parametrize(
    ("hosts", "key"),
    [
        ([], "unknown"),
        (["192.0.2.7"], "192.0.2.7"),
        (["192.0.2.9", "192.0.2.7"], "192.0.2.7"),
        ([None], "unknown"),
    ],
)
def test_a_page_is_open_from_the_address_of_its_connection(
    hosts: list[str | None], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sockets = {
        SimpleNamespaceWithHash(
            ws=SimpleNamespace(client=SimpleNamespace(host=host) if host else None)
        )
        for host in hosts
    }
    context = SimpleNamespace(kernel=SimpleNamespace(session=SimpleNamespace(websockets=sockets)))
    monkeypatch.setattr(kernel_context, "has_current_context", lambda: True)
    monkeypatch.setattr(kernel_context, "get_current_context", lambda: context)
    assert visitor.visitor() == key


class SimpleNamespaceWithHash(SimpleNamespace):
    __hash__ = object.__hash__  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("told", "believes"),
    [("", False), ("  ", False), ("127.0.0.1", True), ("10.0.0.0/8,::1", True)],
)
def test_a_proxy_is_believed_only_where_the_server_was_told_of_it(
    told: str, believes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", told)
    assert visitor.proxy_headers() is believes
    monkeypatch.delenv("FORWARDED_ALLOW_IPS")
    assert not visitor.proxy_headers()


def test_a_rehearsal_is_led_at_an_address_of_its_own_and_a_browser_opens_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from coercivity.viz.classroom.pages import rehearsal_page

    room = SimpleNamespace(code="ABCDE")
    monkeypatch.setattr(rehearsal_page, "begin_rehearsal", lambda given: (room, "token"))
    serving.serve(0, open_browser=True, rehearse=True)
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("Lead the")]
    opened = line.removeprefix("Lead the rehearsal at ")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/class\?room=ABCDE&seat=token", opened)
    assert stage.opened == [opened]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (
            (),
            r"This machine is in no network yet\. Join one; others then open .*, or http://.*:\d+\.",
        ),
        (
            ("192.168.1.20", "10.0.0.4"),
            r"Others, .* open http://\S+:\d+ \(if that does not answer: http://\S+:\d+\)",
        ),
    ],
)
def test_others_are_told_every_way_in_or_that_there_is_none_yet(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    held: tuple[str, ...],
    said: str,
) -> None:
    machine_at(monkeypatch, *held)
    serving.serve(0, open_browser=False, host="0.0.0.0")
    assert re.fullmatch(said, capsys.readouterr().out.splitlines()[1])
