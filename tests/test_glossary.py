"""The glossary names what exists, and no two words stand for one thing."""

from __future__ import annotations

import re

import pytest

from coercivity.model.world import World
from tests.source_tree import ROOT, text, where_said

PAGE = ROOT / "docs/glossary.md"
TEXT = text(PAGE)
PLACES = re.findall(r"`([a-z]+\.[a-z_.0]+)`", TEXT)


@pytest.fixture(scope="module")
def world() -> World:
    return World("japan-2026-from-2024", months=2, record=False, collect=False)


def exists(place: str, world: World) -> bool:
    """Whether a world has what a dotted name says."""
    thing: object = world
    for name in place.split("."):
        if not hasattr(thing, name):
            return False
        thing = getattr(thing, name)
    return True


def test_what_the_glossary_names_exists(world: World) -> None:
    wrong = [
        where_said(PAGE, f"`{place}`", f"there is no {place}")
        for place in PLACES
        if not exists(place, world)
    ]
    assert not wrong, "\n".join(wrong)


def test_one_word_one_thing() -> None:
    words = re.findall(r"^\| ([^|]+?) \| [^|]+ \| `", TEXT, flags=re.MULTILINE)
    assert len(words) > 30
    assert len(words) == len(set(words))
    assert len(PLACES) == len(set(PLACES))


def test_prices_and_orders_are_all_there(world: World) -> None:
    """A column in USD/kg, and every column of orders, has a word of its own or stands beside
    one.
    """
    told = set(PLACES)
    others = {  # bounds, memories and money of the same prices
        "offers.floor",
        "offers.listed",
        "links.freight",
        "links.spot",
        "firms.conversion",
        "firms.base_cost",
        "firms.carried",
    }
    wrong = [
        f"{name}.{column}"
        for name in ("firms", "needs", "offers", "links")
        for column, declared in type(getattr(world, name)).declared.items()
        if declared.unit == "USD/kg" and f"{name}.{column}" not in told | others
    ]
    assert not wrong, "docs/glossary.md has no word for:\n" + "\n".join(wrong)
