"""At which addresses phones reach the server: the network's first, never this machine's own, and what to do where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coercivity.viz.classroom.pages.qr_code import QUIET, make_qr_code
from coercivity.viz.server import phone_addresses
from coercivity.viz.server.phone_addresses import Interface, in_order, reach


@pytest.fixture(autouse=True)
def nowhere() -> Iterator[None]:
    phone_addresses.forget()
    yield
    phone_addresses.forget()


def machine(monkeypatch: pytest.MonkeyPatch, *held: tuple[str, str], route: str = "") -> None:
    """A machine with these interfaces."""
    monkeypatch.setattr(phone_addresses, "interfaces", lambda: [Interface(*one) for one in held])
    monkeypatch.setattr(phone_addresses, "outgoing_address", lambda: route)


def test_private_addresses_come_first_and_what_no_phone_reaches_never() -> None:
    held = [
        Interface("lo", "127.0.0.1"),
        Interface("eth1", "169.254.7.7"),
        Interface("docker0", "172.17.0.1"),
        Interface("eth2", "203.0.113.9"),
        Interface("wlan0", "192.168.1.20"),
        Interface("eth0", "10.1.2.3"),
        Interface("wlan0", "fe80::1"),
        Interface("odd", "0.0.0.0"),
    ]
    assert in_order(held) == [
        "192.168.1.20",
        "10.1.2.3",
        "203.0.113.9",
        "172.17.0.1",
        "169.254.7.7",
    ]
    assert in_order(held, route="10.1.2.3")[0] == "10.1.2.3"  # where this machine goes out itself
    assert in_order(held, route="169.254.7.7")[-1] == "169.254.7.7"
    assert in_order([]) == []


def test_a_server_for_all_names_every_address_with_its_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine(monkeypatch, ("lo", "127.0.0.1"), ("wlan0", "192.168.1.20"), ("eth0", "10.1.2.3"))
    phone_addresses.set_listening("0.0.0.0", 8901)
    told = reach()
    assert told.origins == ("http://192.168.1.20:8901", "http://10.1.2.3:8901")
    assert told.remedy == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
def test_a_server_for_this_machine_alone_names_the_command_that_mends_it(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(monkeypatch, ("wlan0", "192.168.1.20"))
    phone_addresses.set_listening(host, 8901)
    assert reach().origins == ()
    assert reach().remedy == "coercivity app --host 0.0.0.0 --port 8901"


def test_what_the_owner_says_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, ("wlan0", "192.168.1.20"))
    origins = ("https://lab.example.org", "https://other.example.org")
    for host in ("127.0.0.1", "0.0.0.0"):
        phone_addresses.set_listening(host, 8765, origins)
        assert (reach().origins, reach().remedy) == (origins, "")
    phone_addresses.set_listening("127.0.0.1", 8765, ("http://localhost:9",))  # which is no phone's
    assert reach().origins == ()
    assert reach().remedy


def test_the_address_by_which_the_page_was_opened_counts_where_a_phone_can_ask_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine(monkeypatch, ("eth0", "172.17.0.2"))
    phone_addresses.set_listening("0.0.0.0", 8765)
    assert reach("http://school.example:8000").origins == (
        "http://172.17.0.2:8765",
        "http://school.example:8000",
    )
    for no_phones in (
        "http://127.0.0.1:8765",
        "http://localhost:8765",
        "http://app.localhost",
        "http://[::1]:8765",
        "http://0.0.0.0:8765",
        "javascript:alert(1)",
        "http://a/b",
        "http://user@lab.example",
        "",
        None,
        3,
        "http://" + "a" * 300,
        'http://x"><b>',
    ):
        assert reach(no_phones).origins == ("http://172.17.0.2:8765",), no_phones


def test_a_code_is_drawn_dark_on_light_as_the_library_sets_it() -> None:
    import segno

    link = "http://192.168.1.20:8765/class?room=BCDFGH&lang=de"
    code = make_qr_code(link)
    matrix = segno.make(link, error="m", micro=False).matrix
    assert code.size == len(matrix) + 2 * QUIET
    dark = set()
    for step in code.path.removeprefix("M").split("M"):
        at, _, length = step.partition("h")
        x, _, y = at.partition(" ")
        dark |= {(int(x) + k - QUIET, int(y) - QUIET) for k in range(int(length.partition("v")[0]))}
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
