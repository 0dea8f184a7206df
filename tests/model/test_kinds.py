"""Every kind of event: what it takes for granted, what has to be said, and where its numbers
end.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import (
    GOOD_GROUPS,
    GOVERNMENTS,
    PROCESSES,
    SECTORS,
    STAGES,
    STATES,
)
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
NO_ACTOR = (
    "sales_end",
    "demand_case",
    "firm_stock",
    "firm_supplier",
    "firm_build",
    "mine_closure",
    "plant_fire",
)
PLANTS = {"stages": ("separation",), "hosts": (), "firm": ""}
FILLED: dict[str, dict[str, Any]] = {  # what stands where nothing is said
    "licensing": {"framing": "", "days": ""},
    "blanket_ban": {"framing": ""},
    "cut": {"framing": ""},
    "entity_list": {"sectors": SECTORS, "list": "control"},
    "remark": {"severity": 0.3},
    "threat": {"severity": 0.5},
    "review": {"severity": 0.4},
    "trigger": {"severity": 0.5, "issue": "trade"},
    "breach": {"severity": 0.5},
    "grant": {**PLANTS, "share": 0.3},
    "loan": {**PLANTS, "share": 0.5, "rate": 0.03},
    "equity": {**PLANTS, "share": 0.3},
    "tax_credit": {**PLANTS, "rate": 0.1},
    "price_floor": {
        "good": "ndpr_oxide",
        "hosts": (),
        "firm": "",
        "ceiling": 150.0,
        "upside": 0.3,
    },
    "offtake": {"hosts": (), "firm": ""},
    "stockpile": {"cover": 2.0},
    "coalition": {"outside": ()},
    "demand_case": {"states": STATES},
    "firm_stock": {"firm": "", "states": ("Japan",)},
    "firm_supplier": {"firm": "", "states": ("Japan",), "away_from": "China"},
    "firm_build": {"firm": "", "share": 1.0},
    "mine_closure": {"share": 1.0},
    "plant_fire": {"share": 1.0},
}
MOST = {  # kind and field -> the largest number that it takes; others have none
    ("licensing", "days"): 730.0,
    ("export_duty", "rate"): 2.0,
    ("import_tariff", "rate"): 2.0,
    ("entity_list", "share"): 1.0,
    ("cut", "share"): 1.0,
    **{(kind, "severity"): 1.0 for kind in ("remark", "threat", "review", "trigger", "breach")},
    **{(kind, "share"): 1.0 for kind in ("grant", "loan", "equity")},
    ("loan", "rate"): 0.15,
    ("tax_credit", "rate"): 0.5,
    ("price_floor", "upside"): 1.0,
    ("stockpile", "cover"): 24.0,
    ("demand_case", "growth"): 2.0,
    ("firm_stock", "cover"): 24.0,
    ("firm_supplier", "strength"): 1.0,
    ("firm_build", "share"): 1.0,
    ("mine_closure", "share"): 1.0,
    ("plant_fire", "share"): 1.0,
}
ACTOR = {"ore_in_quota": "China"}  # who alone can do it
NUMBERS = [
    (kind, name)
    for kind in KINDS
    for name, field in KINDS[kind].fields.items()
    if field.check == "number"
]


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
    earlier = event_from_dict(
        FACTS,
        {"date": "2024-01-01", "kind": "licensing", "id": "earlier", "actor": "China"},
        "test",
        1,
    )
    return event_from_dict(FACTS, raw, "test", 2, {"earlier": earlier})


def test_every_kind_is_told_of_here() -> None:
    assert set(SAID) == set(KINDS)
    assert all(kind.description for kind in KINDS.values())


@pytest.mark.parametrize("kind", SAID)
def test_a_kind_takes_the_rest_for_granted(kind: str) -> None:
    goods, targets, needed = SAID[kind]
    event = read(written(kind))
    assert event.goods == (() if goods == "-" else GOOD_GROUPS[goods])
    assert event.targets == {"-": (), "!": ("China",)}.get(targets, (targets,))
    assert event.actor == ("" if kind in NO_ACTOR else ACTOR.get(kind, "Japan"))
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in needed.items() if k != "end"}
    assert dict(event.fields) == {**given, **FILLED.get(kind, {})}


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


@pytest.mark.parametrize(("kind", "name"), NUMBERS)
def test_a_number_of_a_kind_ends_where_it_makes_sense(kind: str, name: str) -> None:
    least = {("firm_build", "share"): 0.1, ("licensing", "days"): 1.0}.get((kind, name), 0.0)
    most = MOST.get((kind, name), 1e9)
    more = {"ceiling": 1e9} if name == "floor" else {"floor": 0.0} if name == "ceiling" else {}
    for value in (least, most):
        assert read(written(kind, **more, **{name: value})).get(name) == value
    for value in (least - 0.01, most + 0.01 if most < 1e9 else float("inf"), "much", None):
        raw = written(kind, **more, **{name: value})
        if value is None and name not in SAID[kind][2]:
            continue
        with pytest.raises(InputError, match=name):
            read(raw)


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [
        ("licensing", "framing", ("security", "conservation")),
        ("blanket_ban", "framing", ("security", "conservation")),
        ("cut", "framing", ("security", "conservation")),
        ("entity_list", "list", ("control", "watch")),
        ("entity_list", "sectors", SECTORS),
        ("trigger", "issue", ("sovereignty", "technology", "trade")),
        ("grant", "stages", STAGES[:-1]),
        ("price_floor", "good", GOOD_GROUPS["oxides"]),
        ("coalition", "outside", GOVERNMENTS[2:]),
        ("demand_case", "sectors", SECTORS),
        ("firm_supplier", "away_from", tuple(s for s in STATES if s != "Japan")),
        ("mine_closure", "good", ("light_concentrate", "heavy_concentrate")),
        ("plant_fire", "process", (*PROCESSES, *SECTORS)),
        (
            "firm_build",
            "process",
            (
                "make_magnet_standard",
                "make_magnet_heat_resistant",
                "separate_heavy",
                "separate_light",
                "make_metal",
            ),
        ),
    ],
)
def test_a_choice_of_a_kind_is_one_of_its_names(
    kind: str, name: str, options: tuple[str, ...]
) -> None:
    for option in options:
        assert read(written(kind, **{name: option})).get(name) in (option, (option,))
    for wrong in (
        "end_use" if name == "stages" else "nonsense",
        "mine_light" if kind == "firm_build" else "x",
    ):
        with pytest.raises(InputError, match=name):
            read(written(kind, **{name: wrong}))
