"""The acts that each lever writes, as a scenario file has them: by the state or government whose
lever it is, against it, or by its firms.

Amounts that the table of levers does not name (shares of capital cost, hosts) are those of the
kinds of event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from coercivity.experiments.lab.pooling import pact
from coercivity.experiments.lab.state_levers import (
    FRIENDS,
    PURSES,
    givers,
    hosts_of,
    in_sentence,
)
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.model.basis.fixed_names import WORLD
from coercivity.model.scenario.scenario import Scenario

ENOUGH: Final = 5000.0  # USD million: a stockpile buys what it aims at
FLOOR_BUDGET: Final = (
    2500.0  # USD million, as the floor of July 2025 in friend-shoring-together.yaml
)


@dataclass(frozen=True)
class Span:
    """A lever's value from one month to another, counted from the start of the scenario; `last`
    None: to the end.
    """

    value: float
    first: int
    last: int | None


def _measure(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    act: dict[str, Any] = {"actor": EXPORTER, "targets": [owner]}
    heavy, named = "controlled_2025", in_sentence(owner)
    return {
        1: [],
        2: [
            act
            | {"kind": "threat", "severity": 0.5, "text": f"China threatens to cut {named} off."}
        ],
        3: [
            act
            | {
                "kind": "dual_use_ban",
                "goods": heavy,
                "text": (
                    f"China bars heavy rare earths and their magnets to military users in {named}."
                ),
            }
        ],
        4: [
            act
            | {
                "kind": "blanket_ban",
                "goods": heavy,
                "text": f"China lets no heavy rare earths and none of their magnets go to {named}.",
            }
        ],
        5: [
            act
            | {
                "kind": "blanket_ban",
                "goods": "all",
                "text": f"China lets no rare earths, magnets or motors go to {named}.",
            }
        ],
    }[int(span.value)]


def _licences(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    act: dict[str, Any] = {"actor": EXPORTER, "targets": [WORLD], "goods": "controlled_2025"}
    return {
        1: [
            act
            | {
                "kind": "extraterritorial",
                "text": (
                    "Goods made abroad with controlled Chinese rare earths need a Chinese "
                    "licence too."
                ),
            }
        ],
        2: [
            act
            | {
                "kind": "general_licence",
                "text": "China gives known customers general licences for many shipments.",
            }
        ],
        3: [],
    }[int(span.value)]


def _stockpile(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "stockpile",
            "actor": owner,
            "goods": ["heavy_oxides", "magnets"],
            "cover": span.value,
            "budget": ENOUGH,
            "text": (
                f"{owner} keeps a state stockpile of {span.value:g} months of heavy rare "
                "earths and magnets."
            ),
        }
    ]


def _plants(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "loan",
            "actor": owner,
            "budget": span.value,
            "stages": ["separation", "metal", "magnet"],
            "hosts": hosts_of(owner),
            "text": f"{owner} lends USD {span.value:,.0f} million for plants outside China.",
        }
    ]


def _grants(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    who = givers(owner)
    each = span.value / len(who)
    grants: list[dict[str, Any]] = [
        {
            "kind": "grant",
            "actor": giver,
            "budget": each,
            "stages": ["separation", "metal", "magnet"],
            "hosts": hosts_of(owner),
            "share": 0.5,
            "text": f"{giver} gives USD {each:,.0f} million for plants outside China.",
        }
        for giver in who
    ]
    return [*grants, pact((*PURSES, owner))]


def _floor(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "price_floor",
            "actor": "United States",
            "budget": FLOOR_BUDGET,
            "good": "ndpr_oxide",
            "floor": span.value,
            "hosts": list(FRIENDS),
            "text": f"The United States guarantees USD {span.value:g} a kilogram of NdPr oxide.",
        }
    ]


def _tariff(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "import_tariff",
            "actor": actor,
            "targets": [EXPORTER],
            "goods": "magnets",
            "rate": span.value / 100.0,
            "text": f"{actor} taxes magnets from China at {span.value:g}%.",
        }
        for actor in (PURSES if owner in PURSES else (owner,))
    ]


def _stock(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "firm_stock",
            "states": [owner],
            "cover": span.value,
            "text": f"Firms in {in_sentence(owner)} aim at {span.value:g} more months of stock.",
        }
    ]


def _switch(scenario: Scenario, span: Span, owner: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "firm_supplier",
            "states": [owner],
            "away_from": EXPORTER,
            "strength": span.value / 100.0,
            "text": f"Firms in {in_sentence(owner)} turn away from suppliers in China.",
        }
    ]


# what a lever does -> the acts of one of its values, by the state or government whose it is
ACTS: Final[Mapping[str, Callable[[Scenario, Span, str], list[dict[str, Any]]]]] = {
    "measure": _measure,
    "months": lambda scenario, span, owner: [],
    "licences": _licences,
    "stockpile": _stockpile,
    "plants": _plants,
    "money": _grants,
    "floor": _floor,
    "tariff": _tariff,
    "stock": _stock,
    "switch": _switch,
}
