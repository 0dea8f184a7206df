"""The read-only face of a world: nothing that is reached through it stores, by whatever way."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.part import Part
from coercivity.agents.base.table import Table
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import STATES
from coercivity.model.parts.lanes import Lanes
from coercivity.model.parts.programme import Programme
from coercivity.model.parts.seen import PARTS, Seen
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.golden.cases import OWN

REFUSED = (AttributeError, TypeError, ValueError)
ONE = np.array([1])

# What every public method of a table or part is called with here. Those that change their part must
# be refused and leave it as it was; the others give what the part itself gives.
CHANGES: dict[str, Callable[[Any, World], Any]] = {
    "Firms.add_columns": lambda face, w: face.add_columns(run=np.zeros(len(face))),
    "Needs.put": lambda face, w: face.put(np.ones(len(face))),
    "Needs.take": lambda face, w: face.take(w.needs.stock[ONE], ONE),
    "Needs.send": lambda face, w: face.send(np.ones(len(face))),
    "Needs.receive_more": lambda face, w: face.receive_more(np.ones(len(face))),
    "Needs.receive": lambda face, w: face.receive(np.ones(len(face))),
    "Offers.put": lambda face, w: face.put(np.ones(1), ONE),
    "Offers.take": lambda face, w: face.take(w.offers.stock[ONE], ONE),
    "Offers.keep": lambda face, w: face.keep(np.zeros(1), ONE),
    "Market.publish": lambda face, w: face.publish(w.offers),
    "Border.clear_measures": lambda face, w: face.clear_measures(),
    "Border.lay_mean": lambda face, w: face.lay_mean(w.border.spells(w.firms)),
    "Border.lay_again": lambda face, w: face.lay_again(w.border.as_laid(1.0, w.firms), w.firms),
    "Border.hold_quotas": lambda face, w: face.hold_quotas([], 3, w.start_name),
    "Quota.hand_out": lambda face, w: face.hand_out(w.clock.month + 6, w.start_name),
    "Quota.follow": lambda face, w: face.follow(list(w.border.quotas.values())),
    "Border.no_applications": lambda face, w: face.no_applications(),
    "Border.apply": lambda face, w: face.apply(ban(), 0),
    "Border.set_clock": lambda face, w: face.set_clock(ONE, 120.0),
    "Border.tax": lambda face, w: face.tax(ban(), 1),
    "Border.hold_alike": lambda face, w: face.hold_alike(ban(), 0, ban().goods),
    "Border.open_office": lambda face, w: face.open_office(1, 9, 3),
    "LicensingOffice.take_in": lambda face, w: face.take_in(
        ONE, np.ones(1), np.ones(1), np.ones(1), ONE, 3
    ),
    "LicensingOffice.ask_for_civil_use": lambda face, w: face.ask_for_civil_use(
        ONE, np.ones(1, dtype=bool), 3
    ),
    "LicensingOffice.close": lambda face, w: face.close(face.link >= 0),
    "LicensingOffice.new_month": lambda face, w: face.new_month(),
    "LicensingOffice.end": lambda face, w: face.end(face.link >= 0, np.ones_like(face.link)),
    "LicensingOffice.prepare": lambda face, w: face.prepare(face.link, 6),
    "LicensingOffice.learn": lambda face, w: face.learn(3, 9, 18.0, 12.0),
    "Border.part_with": lambda face, w: face.part_with(ended_sales()),
    "Border.ease": lambda face, w: face.ease(ban(), 0),
    "Border.follow": lambda face, w: face.follow(ban(), 0),
    "Leaks.still": lambda face, w: face.still(),
    "Leaks.note": lambda face, w: face.note("smuggled", ONE, np.ones(1), links=w.links),
    "Leaks.note_table": lambda face, w: face.note_table("third_country", np.ones(1)),
    "Pipeline.add": lambda face, w: face.add(ONE, 30, np.ones(1), 1.0),
    "Pipeline.enlarge": lambda face, w: face.enlarge(ONE, np.ones(1)),
    "Pipeline.announce": lambda face, w: face.announce(ONE, np.ones(1)),
    "Pipeline.begin": lambda face, w: face.begin(ONE, np.ones((3, 1))),
    "Pipeline.pay": lambda face, w: face.pay(ONE, 30, ONE, np.ones(1)),
    "Pipeline.drop": lambda face, w: face.drop(ONE, 3),
    "Beliefs.news": lambda face, w: face.news(0, np.ones(len(STATES))),
    "Politics.enact": lambda face, w: face.enact(w.politics.script[0]),
    "Support.unpromise": lambda face, w: face.unpromise(),
    "Support.unpromise_capital": lambda face, w: face.unpromise_capital(),
    "Support.limit_capital": lambda face, w: face.limit_capital(0.1),
    "Support.still": lambda face, w: face.still(),
    "Money.open": lambda face, w: face.open(),
    "Money.pay": lambda face, w: face.pay("gift", 1, 2, 5.0),
    "PaymentBook.open": lambda face, w: face.open(),
    "PaymentBook.note": lambda face, w: face.note("gift", ONE, np.ones(1)),
    "Ledger.event": lambda face, w: face.event(1, "", "", ""),
    "Ledger.write": lambda face, w: face.write(w.ledger.page, 36, np.zeros(0), [], ()),
    "Geopolitics.known": lambda face, w: face.known(
        ban(), w.politics.script, w.politics.governments, w.start_name
    ),
}
# These look something up and keep what they found, or change nothing where nothing is to change.
READS = {
    "Firms.lock",
    "Border.touched",
    "Border.covers",
    "Border.comes",
    "Border.review_months",
    "Border.wait",
    "Border.no_quota",
    "Border.bound_by",
    "Quota.rights",
    "Border.spells",
    "Border.as_laid",
    "Leaks.fence",
    "Leaks.side",
    "Leaks.source",
    "Leaks.motors",
    "Pipeline.open",
    "Pipeline.of_larger",
    "Pipeline.to_be_spent",
    "Clock.normals",
    "Clock.uniforms",
    "Elements.unaccounted",
    "Agenda.turns_until",
    "Politics.dates",
    "Politics.in_order",
    "Politics.share",
    "PaymentBook.gather",
    "Ledger.arrays",
    "Lanes.sums",
    "Programme.months_left",
    "Programme.left_beside",
    "Stacked.of",
}


@pytest.fixture(scope="module")
def world() -> World:
    made = World(load_scenario(str(OWN["every-instrument"])), 1)
    for _ in range(14):
        made.step()
    return made


@cache
def ban() -> Event:
    return next(one for one in load_scenario("japan-2026").events if one.kind == "dual_use_ban")


@cache
def ended_sales() -> Event:
    return next(one for one in load_scenario("japan-2026").events if one.kind == "sales_end")


def parts_of(value: Any, at: str, found: dict[str, tuple[Any, str]]) -> None:
    """Every table and part of a world, by class, and where it stands."""
    if isinstance(value, (Part, Table, Lanes)):
        if type(value).__name__ not in found:
            found[type(value).__name__] = value, at
            for name, inner in vars(value).items():
                parts_of(inner, f"{at}.{name}", found)
    elif isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
        key = next(iter(value))
        parts_of(value[key], f"{at}.{key}", found)


def reached(seen: Seen, at: str) -> Any:
    """What stands at a place, such as support.programmes.loan."""
    value: Any = seen
    for name in at.split("."):
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


def everything(world: World) -> str:
    """A digest of all that a world holds."""
    said = sha256()

    def tell(value: Any, depth: int = 0) -> None:
        if isinstance(value, np.ndarray):
            said.update(value.tobytes())
        elif isinstance(value, dict):
            for key, item in value.items():
                said.update(str(key).encode())
                tell(item, depth + 1)
        elif isinstance(value, (list, tuple)):
            for item in value:
                tell(item, depth + 1)
        elif hasattr(value, "__dict__") and not isinstance(value, (World, Facts)) and depth < 8:
            tell({key: item for key, item in vars(value).items() if key != "model"}, depth + 1)
        else:
            said.update(repr(value).encode() if isinstance(value, (int, float, str)) else b"")

    tell({name: vars(world)[name] for name in PARTS if name != "p"})
    return said.hexdigest()


def found_in(world: World) -> dict[str, tuple[Any, str]]:
    found: dict[str, tuple[Any, str]] = {}
    for name in PARTS:
        parts_of(vars(world)[name], name, found)
    return found


def methods(world: World) -> set[str]:
    """Public methods of all parts of a world, as class.name."""
    return {
        f"{kind}.{name}"
        for kind, (part, _) in found_in(world).items()
        for name, _ in inspect.getmembers(type(part), inspect.isfunction)
        if not name.startswith("_") and name != "copy" and name not in dir(Table)
    }


@pytest.mark.parametrize("which", sorted(CHANGES))
def test_a_method_that_changes_its_part_is_refused(world: World, which: str) -> None:
    kind = which.partition(".")[0]
    face = reached(world.seen, found_in(world)[kind][1])
    before = everything(world)
    with pytest.raises(REFUSED):
        CHANGES[which](face, world)
    assert everything(world) == before


def test_every_method_of_a_part_is_known_here(world: World) -> None:
    """A new one belongs to CHANGES or to READS; a copy is refused for all."""
    of_tables = {"Firms.add_columns", "Firms.lock"}  # of every table
    assert methods(world) == (set(CHANGES) | READS) - of_tables


def test_a_copy_is_refused(world: World) -> None:
    for part, at in found_in(world).values():
        if isinstance(part, Lanes):
            continue
        face = reached(world.seen, at)
        with pytest.raises(AttributeError, match="cannot be copied; fork the world"):
            face.copy()


def test_what_stands_in_lists_dictionaries_and_tuples_is_only_looked_at(world: World) -> None:
    seen, before = world.seen, everything(world)
    programme = next(iter(seen.support.programmes.values()))
    with pytest.raises(ValueError, match="read-only"):
        seen.politics.government_of_state[0].tension[:] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        seen.elements.books["mined"][0] += 5.0
    with pytest.raises(ValueError, match="read-only"):
        seen.border.reach.links[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        seen.supply.at.needs[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        programme.promised[0] = 1.0
    with pytest.raises(AttributeError, match=r"Programme\.spent is only looked at here"):
        programme.spent = 0.0
    with pytest.raises(ValueError, match="read-only"):
        seen.politics.governments[0].provoke([0], 0.5)
    with pytest.raises(AttributeError, match=r"Government\.capability is only looked at here"):
        seen.politics.governments[0].learn(0.5)
    with pytest.raises(AttributeError):
        seen.politics.memory.deciding.append("Japan")
    with pytest.raises(AttributeError):
        seen.politics.memory.played.add("Japan")
    with pytest.raises(TypeError, match="does not support item assignment"):
        seen.on["M5"] = False  # type: ignore[index]
    assert isinstance(seen.politics.governments[0].model, Seen)
    assert isinstance(programme.left, float)
    assert everything(world) == before


def test_what_only_reads_gives_what_the_part_gives(world: World) -> None:
    seen = world.seen
    np.testing.assert_array_equal(seen.border.wait(seen.links), world.border.wait(world.links))
    np.testing.assert_array_equal(seen.clock.normals("a", 5), world.clock.normals("a", 5))
    np.testing.assert_array_equal(seen.market.netback, world.market.netback)
    assert seen.firms.columns == world.firms.columns
    assert type(seen.border.reach) is type(world.border.reach)
    assert seen.politics.script is world.politics.script
    assert [one.left for one in seen.support.programmes.values()] == [
        one.left for one in world.support.programmes.values()
    ]
    assert isinstance(next(iter(world.support.programmes.values())), Programme)


@pytest.mark.parametrize(
    "name", ["actors", "_agents", "datacollector", "asked", "step", "rng", "firm"]
)
def test_what_is_no_part_is_not_seen(world: World, name: str) -> None:
    with pytest.raises(AttributeError, match=f"no part '{name}'"):
        getattr(world.seen, name)
