"""Serving from the first line to the last, without a server: what is prepared in which order, what is printed, who may come in, and that all is let go."""

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

from coercivity.model.basis.errors import InputError
from coercivity.viz import serve as serving
from coercivity.viz.server import addresses, front_end
from coercivity.viz.server.addresses import Interface
from coercivity.viz.server.connection_limits import MOST, SHARE


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
    monkeypatch.setattr(addresses, "interfaces", lambda: found)
    monkeypatch.setattr(addresses, "outgoing_address", lambda: "")


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
    known: list[addresses.Reach] = []
    monkeypatch.setattr(
        "coercivity.viz.classroom.rooms.registry.rooms", lambda: known.append(addresses.reach())
    )
    serving.serve(0, open_browser=False)
    assert known[0].known
    assert re.fullmatch(r"coercivity app --host 0\.0\.0\.0 --port \d+", known[0].remedy)
    assert not addresses.reach().known


def test_how_much_may_be_said_at_once_and_by_how_many(stage: Stage) -> None:
    from coercivity.viz.server.slow_visitors import MOST_CONNECTIONS, Connection, Socket

    serving.serve(0, open_browser=False)
    config = stage.config
    assert (config["http"], config["ws"]) == (Connection, Socket)
    assert config["ws_max_size"] == 1_000_000
    assert config["limit_concurrency"] == MOST_CONNECTIONS
    assert (config["log_level"], config["timeout_graceful_shutdown"]) == ("warning", 1)
    assert stage.doors.places.most == MOST
    assert stage.doors.places.each == MOST  # no limit but that of all
    assert stage.doors.pages == {
        "/",
        "/play",
        "/chain",
        "/compare",
        "/class",
        "/claims",
        "/evidence",
    }


def test_in_a_network_one_address_holds_its_share_of_the_places_that_are_set(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from solara.server import settings

    monkeypatch.setattr(settings.kernel, "max_count", 30)
    serving.serve(0, open_browser=False, host="0.0.0.0")
    assert (stage.doors.places.most, stage.doors.places.each) == (30, 30 // SHARE)


def test_missing_front_end_files_are_told_before_anybody_is_let_in(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "echarts@6.1.0" / front_end.CHARTS_FILE).unlink()
    monkeypatch.setattr(front_end, "HOLDER", "a-package-that-nobody-has")
    with pytest.raises(InputError, match=r"echarts, which is neither in .* pip install"):
        serving.serve(0, open_browser=False)
    assert stage.did == ["scenarios", "stopped"]
