"""Serving: a port that cannot be had is told in one line."""

import socket

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.serve import _names, _open, _places_per_address, serve
from coercivity.viz.server.access import AccessRefusal
from coercivity.viz.server.connection_limits import Places
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


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "127.0.0.1"])
@pytest.mark.parametrize(
    "asked",
    ["evil.example:8765", "192.168.0.7.evil.example", "teachers-laptop.evil.example", "1.2"],
)
def test_a_site_that_points_its_name_here_is_refused_at_every_address(
    host: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "teachers-laptop")
    with pytest.raises(AccessRefusal, match="COERCIVITY_ORIGINS") as refused:
        _names(host).check([(b"host", asked.encode())], strict=False)
    assert refused.value.status == 421


def test_behind_a_proxy_no_visitor_takes_all_places(monkeypatch: pytest.MonkeyPatch) -> None:

    def taken(host: str) -> int:
        places = Places(set, lambda _: None, 12, each=_places_per_address(host, 12))
        return sum(not places.take("203.0.113.7", f"page {at}") for at in range(20))

    monkeypatch.delenv(PROXIES, raising=False)
    assert taken("127.0.0.1") == 12
    assert taken("0.0.0.0") == 4
    monkeypatch.setenv(PROXIES, "127.0.0.1")
    assert taken("127.0.0.1") == 4
