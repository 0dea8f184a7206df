"""The glossary names what exists, and no two words stand for one thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coercivity.model.world import World

TEXT = (Path(__file__).resolve().parents[1] / "docs/glossary.md").read_text(encoding="utf-8")
PLACES = re.findall(r"`([a-z]+\.[a-z_.0]+)`", TEXT)


@pytest.fixture(scope="module")
def world() -> World:
    return World("japan-2026", months=2, record=False, collect=False)


@pytest.mark.parametrize("place", sorted(set(PLACES)))
def test_what_the_glossary_names_exists(place: str, world: World) -> None:
    thing: object = world
    for name in place.split("."):
        thing = getattr(thing, name)


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
        "needs.lagged",
        "needs.recent",
        "needs.paid_before",
    }
    for name in ("firms", "needs", "offers", "links"):
        table = getattr(world, name)
        for column, declared in type(table).declared.items():
            if declared.unit == "USD/kg":
                assert f"{name}.{column}" in told | others, f"{name}.{column} has no word"
