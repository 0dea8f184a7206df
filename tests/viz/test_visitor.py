"""Who asks: one key for the addresses of one visitor, and no belief in what a visitor says of its own address."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from solara.server import kernel_context

from coercivity.viz.classroom.rooms.registry import MOST_A_MINUTE
from coercivity.viz.server import visitor
from tests.viz.browser import REAL, STAND_IN, serving
from tools.fuzz.page_client import Page


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


async def rooms_of(address: str, count: int) -> tuple[int, list[str]]:
    """How many rooms somebody gets who says of each page that it comes from elsewhere, and what the others are told."""
    made, told = 0, []
    for number in range(count):
        page = await Page(
            address, "/class", headers={"X-Forwarded-For": f"192.0.2.{number + 1}"}
        ).open()
        await page.tell(
            "event_make",
            {
                "lesson": "30",
                "seed": "1",
                "seats": ["exporter", "target", "firm"],
                "others": "scripted",
                "length": 2,
            },
        )
        await page.until(lambda one: one.moved_to or one.problems(), "a room or a reason")
        made += bool(page.moved_to)
        told += page.problems()
        await page.close()
    return made, told


def apart(coroutine: Coroutine[Any, Any, tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """Run it in a thread of its own: where tests in a browser ran before, this one has a loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_a_visitor_who_makes_up_addresses_gets_no_more_rooms(tmp_path: Path) -> None:
    with serving(STAND_IN, "0", home=tmp_path) as server:
        made, told = apart(rooms_of(server.address, MOST_A_MINUTE + 2))
    assert made == MOST_A_MINUTE
    assert len(told) == 2
    assert all(
        line.startswith("Rooms made from your address: 4 in a minute are enough. Wait ")
        for line in told
    )


@pytest.mark.slow
def test_behind_a_proxy_that_the_server_was_told_of_visitors_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
    with serving("-c", REAL, home=tmp_path) as server:
        assert apart(rooms_of(server.address, MOST_A_MINUTE + 2)) == (MOST_A_MINUTE + 2, [])
