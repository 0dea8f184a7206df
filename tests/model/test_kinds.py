"""Every kind of event: what it takes for granted, what has to be said, and where its numbers and
choices end; and a net under what tables and events may hold, in test_kinds/*.csv. After a change
that is meant: `python -m pytest tests/model/test_kinds.py --force-regen`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pytest_regressions.dataframe_regression import DataFrameRegressionFixture

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import GOOD_GROUPS, GOVERNMENTS, SPECS
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.kinds import KINDS
from tests.facts import FACTS

# kind -> group of goods and targets that stand when none are given ("-": it has none, "!": they
# must be given), and what must be said beside them
SAID: dict[str, tuple[str, str, dict[str, Any]]] = {
    "quota": ("raw_materials", "World", {"tonnes": 1.0, "end": "2024-12-31"}),
    "export_duty": ("raw_materials", "World", {"rate": 0.1}),
    "import_tariff": ("all", "World", {"rate": 0.1}),
    "licensing": ("controlled_2025", "World", {}),
    "dual_use_ban": ("controlled_2025", "World", {}),
    "entity_list": ("controlled_2025", "World", {"share": 0.1}),
    "blanket_ban": ("all", "World", {}),
    "cut": ("raw_materials", "World", {"share": 0.5}),
    "customs_halt": ("raw_materials", "World", {}),
    "technology_ban": ("-", "World", {}),
    "extraterritorial": ("controlled_2025", "World", {}),
    "general_licence": ("controlled_2025", "World", {}),
    "suspension": ("-", "World", {"of": "earlier"}),
    "truce": ("-", "!", {}),
    "remark": ("-", "World", {}),
    "threat": ("-", "World", {}),
    "review": ("-", "World", {}),
    "trigger": ("-", "!", {}),
    "breach": ("-", "!", {}),
    "concession": ("-", "!", {}),
    "dispute": ("-", "!", {"of": "earlier"}),
    "grant": ("-", "-", {"budget": 1.0}),
    "loan": ("-", "-", {"budget": 1.0}),
    "equity": ("-", "-", {"budget": 1.0}),
    "tax_credit": ("-", "-", {"budget": 1.0}),
    "price_floor": ("-", "-", {"budget": 1.0, "floor": 90.0}),
    "offtake": ("oxides", "-", {"budget": 1.0, "tonnes": 1.0}),
    "stockpile": ("heavy_oxides", "-", {"budget": 1.0}),
    "coalition": ("-", "-", {"members": ["Japan"]}),
    "ore_in_quota": ("-", "-", {}),
    "sales_end": ("raw_materials", "-", {"state": "Myanmar", "to": ["Japan"]}),
    "demand_case": ("-", "-", {"sectors": ["wind"], "growth": 0.1}),
    "firm_stock": ("-", "-", {"cover": 1.0}),
    "firm_supplier": ("-", "-", {"strength": 0.1}),
    "firm_build": ("-", "-", {"process": "make_metal", "state": "Japan"}),
    "mine_closure": ("-", "-", {"good": "heavy_concentrate", "state": "Myanmar"}),
    "plant_fire": ("-", "-", {"process": "make_metal", "state": "Japan"}),
}
NO_ACTOR: tuple[str, ...] = ("sales_end", "demand_case", "mine_closure", "plant_fire")
NO_ACTOR += ("firm_stock", "firm_supplier", "firm_build")
# options that do not go together with what is written beside them
BESIDE = {"to": {"Myanmar"}, "state": {"Japan"}, "away_from": {"Japan"}, "hosts": {"China"}}
BESIDE |= {"outside": {"China", "Japan"}, "members": set(GOVERNMENTS) - {"Japan"}}
ACTOR = {"ore_in_quota": "China"}  # who alone can do it


def written(kind: str, **fields: Any) -> dict[str, Any]:
    """The least that a scenario has to say of this kind."""
    _, targets, needed = SAID[kind]
    raw: dict[str, Any] = {"date": "2024-03-10", "kind": kind, "id": "it", **needed}
    if kind not in NO_ACTOR:
        raw["actor"] = ACTOR.get(kind, "Japan")
    if targets == "!":
        raw["targets"] = ["China"]
    return {**raw, **fields}


def read(raw: dict[str, Any]) -> Event:
    law = {"date": "2024-01-01", "kind": "licensing", "id": "earlier", "actor": "China"}
    earlier = event_from_dict(FACTS, law, "test", 1)
    return event_from_dict(FACTS, raw, "test", 2, {"earlier": earlier})


def test_every_kind_is_told_of_here() -> None:
    assert set(SAID) == set(KINDS)


@pytest.mark.parametrize("kind", SAID)
def test_a_kind_takes_the_rest_for_granted(kind: str) -> None:
    goods, targets, needed = SAID[kind]
    event = read(written(kind))
    assert event.goods == (() if goods == "-" else GOOD_GROUPS[goods])
    assert event.targets == {"-": (), "!": ("China",)}.get(targets, (targets,))
    assert event.actor == ("" if kind in NO_ACTOR else ACTOR.get(kind, "Japan"))
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in needed.items() if k != "end"}
    fields = KINDS[kind].fields
    assert {name: given.get(name, fields[name].default) for name in fields} == dict(event.fields)


@pytest.mark.parametrize("kind", SAID)
def test_a_kind_without_what_it_needs_is_refused(kind: str) -> None:
    goods, targets, needed = SAID[kind]
    must = [*needed, *(["targets"] if targets == "!" else [])]
    must += [] if kind in NO_ACTOR else ["actor"]
    for name in must:
        raw = written(kind)
        del raw[name]
        with pytest.raises(InputError, match=f"{name} is missing"):
            read(raw)
    if goods == "-":
        with pytest.raises(InputError, match="goods"):
            read(written(kind, goods="all"))
    else:
        assert read(written(kind, goods=["yttrium_oxide"])).goods == ("yttrium_oxide",)


@pytest.mark.parametrize("kind", SAID)
def test_numbers_and_choices_of_a_kind_end_where_they_make_sense(kind: str) -> None:
    for name, field in KINDS[kind].fields.items():
        more = {"ceiling": 1e9} if name == "floor" else {"floor": 0.0} if name == "ceiling" else {}
        if field.check == "number":
            for value in (field.low, min(field.high, 1e9)):
                assert read(written(kind, **more, **{name: value})).get(name) == value
            wrong: tuple[Any, ...] = (field.low - 0.01, field.high + 0.01, "much")
        else:
            for option in set(field.options) - BESIDE.get(name, set()):
                assert read(written(kind, **{name: option})).get(name) in (option, (option,))
            wrong = ("nonsense",) if field.options else ()
        for value in wrong:
            with pytest.raises(InputError, match=name):
                read(written(kind, **more, **{name: value}))


COLUMNS = ("of", "name", "kind", "low", "high", "options", "may be")


def test_what_tables_and_events_may_hold_stays(
    dataframe_regression: DataFrameRegressionFixture,
) -> None:
    """The kind, range and default of every column and of every field of every kind of event."""
    rows: list[tuple[Any, ...]] = [
        (table, one.name, one.kind, one.low, one.high, len(one.options), f"blank {one.blank}")
        for table, spec in SPECS.items()
        for one in spec.columns
    ]
    for name, kind in KINDS.items():
        may = f"targets {kind.targets!r}, actor {kind.actor}, end {kind.end}, towards"
        rows.append((name, "", kind.goods, 0.0, 0.0, 0, f"{may} {kind.towards}"))
        for key, one in kind.fields.items():
            default = len(one.default) if isinstance(one.default, tuple) else one.default
            may = f"required {one.required}, default {default}"
            rows.append((name, key, one.check, one.low, one.high, len(one.options), may))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    dataframe_regression.check(table, default_tolerance={"rtol": 0.0, "atol": 0.0})
