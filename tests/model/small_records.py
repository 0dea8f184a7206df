"""Small records written by hand: two months of a mine's oxide, a magnet maker and two users."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from coercivity.model.parts.border import CASES, TURNED_DOWN
from coercivity.model.parts.money import ROLES, group_count
from coercivity.model.results.records import Records, Structure
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario
from tests.facts import FACTS
from tests.helpers import an_event
from tests.helpers import floats as a
from tests.names import CHINA, GOOD, GOODS, PROCESS, SECTOR, STATE, STATES

JAPAN, GERMANY, US, AUSTRALIA = (
    STATE[n] for n in ("Japan", "Germany", "United States", "Australia")
)
OXIDE, METAL, MAGNET = (GOOD[n] for n in ("ndpr_oxide", "ndpr_metal", "magnet_standard"))
S, G = len(STATES), len(GOODS)
MONTHS = ("2024-01", "2024-02")
BY_FIRM = ("cancelled", "gone", "made_up", "linkage", "postponed", "watched")
BY_LANE: tuple[str, ...] = ("strain", "lane_value", "lane_pending", "lane_under_licence")
BY_LANE += ("premium", "duty", "premium_charged", "applied", "approved", "open_tonnes", "rent")
SEPARATOR, MAKER, CAR, TURBINE = range(4)


act = partial(an_event, date="2024-01-10")


def records(*script: Event, acts: tuple[tuple[str, ...], ...] = ((), ()), **arrays: Any) -> Records:
    """A Chinese separator sells oxide to a Japanese maker, which sells magnets to a Japanese car
    maker and a German turbine maker.

    Needs: the maker's oxide, the car maker's and the turbine maker's magnets. Lanes: oxide to
    Japan, magnets within Japan, magnets to Germany. Channels: home, oxide to Japan, magnets to
    Germany.
    """
    structure = Structure(
        names=("separator", "maker", "car maker", "turbine maker"),
        firm_state=np.array([CHINA, JAPAN, JAPAN, GERMANY]),
        firm_process=np.array(
            [PROCESS[p] for p in ("separate_light", "make_magnet_standard", "automotive", "wind")]
        ),
        firm_sector=np.array([-1, -1, SECTOR["automotive"], SECTOR["wind"]]),
        firm_size=np.array([1.0, 1.0, 0.25, 0.5]),
        need_firm=np.array([MAKER, CAR, TURBINE]),
        need_good=np.array([OXIDE, MAGNET, MAGNET]),
        need_cover=np.array([2.0, 1.5, 3.0]),
        recipe=np.array([0.3, 2.0, 4.0]),
        base_use=np.array([3.0, 2.0, 4.0]),
        offer_firm=np.array([SEPARATOR, MAKER]),
        offer_good=np.array([OXIDE, MAGNET]),
        yields=np.array([0.2, 1.0]),
        base_price=np.array([50.0, 80.0]),
        exporter=np.array([CHINA, JAPAN, JAPAN]),
        importer=np.array([JAPAN, JAPAN, GERMANY]),
        good=np.array([OXIDE, MAGNET, MAGNET]),
        normal=np.array([4.0, 2.0, 5.0]),
        vat=np.array([0.13, 0.0, 0.0]),
        freight=np.array([0.2, 0.0, 0.5]),
        channel=np.array([1, 0, 2]),
        pay_kinds=("sale", "freight"),
        pay_kind=np.array([0, 1]),
        pay_code=np.array(
            [
                JAPAN * group_count(FACTS) + CHINA,
                GERMANY * group_count(FACTS) + (1 + ROLES.index("carriers")) * S + JAPAN,
            ]
        ),
    )
    found: dict[str, Any] = {
        "run": a([20, 9, 1, 1], [20, 9, 1, 1]),
        "plan": a([0, 0, 1, 1], [0, 0, 1, 1]),
        "capacity": a([30, 12, 1.1, 1.1], [30, 15, 1.1, 1.1]),
        "building": a([0, 3, 0, 0], [0, 0, 0, 0]),
        "lasts": np.ones((2, 4)),
        "lacking": np.zeros((2, 3), dtype=bool),
        "used": a([3, 2, 4], [3, 2, 4]),
        "paid": a([60, 90, 100], [70, 90, 100]),
        "reference": a([60, 90, 100], [60, 90, 100]),
        "need_stock": a([6, 3, 12], [6, 3, 12]),
        "expected": a([3, 2, 4], [3, 2, 4]),
        "made": a([4, 9], [4, 9]),
        "sold": a([4, 7], [4, 7]),
        "offer_stock": a([8, 5], [8, 5]),
        "ask": a([50, 80], [55, 80]),
        "lane_tonnes": a([4, 2, 5], [3, 2, 5]),
        "lane_asked": a([200, 160, 400], [220, 160, 400]),
        "lane_listed": a([200, 160, 400], [150, 160, 400]),
        "lane_quoted": a([240, 160, 450], [280, 160, 450]),
        "cases": np.zeros((2, len(CASES) * 3)),
        "turned_down": np.zeros((2, len(TURNED_DOWN) * 3)),
        "stockpile": np.zeros((2, G)),
        "reserve": np.zeros((2, S * G)),
        "leaked": np.zeros((0, 6)),
        "paid_lines": a([7, 8], [9, 0]),
    }
    found |= {name: np.zeros((2, 4)) for name in BY_FIRM}
    found |= {name: np.zeros((2, 3)) for name in BY_LANE}
    return Records(
        "2024-01",
        structure,
        {**found, **arrays},
        events=(),
        decisions=(),
        acts=acts,
        script=script,
        parameters=load_scenario("business-as-usual").parameter_values(),
    )


def rows(table: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """Some columns as plain rows, text and numbers, NaN as None."""
    return [
        tuple(
            None
            if isinstance(v, float) and np.isnan(v)
            else v
            if isinstance(v, str)
            else round(float(v), 9)
            for v in row
        )
        for row in table[list(names)].astype(dict.fromkeys(names, object)).itertuples(index=False)
    ]
