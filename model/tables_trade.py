"""Tables of trade: prices, trade, dependence, licences and spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.columns import FloatArray
from coercivity.model.frames import frame, tall
from coercivity.model.goods import GOOD
from coercivity.model.names import ELEMENTS, GOOD_GROUPS, GOODS, STATES
from coercivity.model.records import Records, by_group, ratio
from coercivity.model.tracer import is_separated, separated_in

if TYPE_CHECKING:
    import pandas as pd

S, G = len(STATES), len(GOODS)
UNSEPARATED = ""  # what stands for the place of separation of a concentrate
TRACE = 0.002  # smaller shares of a shipment are counted with its largest part, or the table would be mostly dust


def prices(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """USD/kg before import tax. home: asking price in the state; export: free on board, with premium, duty, non-refunded tax and a quota's rent;
    quoted: what the state's buyers would be asked at their usual suppliers, delivered; paid: what they paid on average for what they use.

    Where nobody in a state sells a good, home is what its buyers are quoted.
    """  # fmt: skip
    of = records.structure
    seller = of.firm_state[of.offer_firm] * G + of.offer_good
    on_sale = records["sold"] + records["offer_stock"]
    asked = ratio(by_group(records["ask"] * on_sale, seller, S * G), by_group(on_sale, seller, S * G))
    buyer = of.importer * G + of.good
    quoted = ratio(by_group(records["lane_quoted"], buyer, S * G), np.bincount(buyer, weights=of.normal, minlength=S * G)[None, :])
    abroad = of.normal * (of.exporter != of.importer)
    leaving = of.exporter * G + of.good
    fob = np.nan_to_num(records.fob) * abroad
    export = ratio(by_group(fob, leaving, S * G), np.bincount(leaving, weights=abroad, minlength=S * G)[None, :])
    user = of.firm_state[of.need_firm] * G + of.need_good
    paid = ratio(by_group(records["paid"] * records["used"], user, S * G), by_group(records["used"], user, S * G))
    home = np.where(np.isnan(asked), quoted, asked)
    keep = ~(np.isnan(home) & np.isnan(export) & np.isnan(paid)).all(axis=0)
    month, key = tall(len(months), S * G, keep)
    return frame(
        {
            "month": (month, months), "state": (key // G, STATES), "good": (key % G, GOODS),
            **{name: values[month, key] for name, values in (("home", home), ("export", export), ("quoted", quoted), ("paid", paid))},
        },
        {"home": "USD/kg", "export": "USD/kg", "quoted": "USD/kg", "paid": "USD/kg"},
        {
            "home": "where nobody in the state sells the good, what its buyers are quoted",
            "export": "null where the state does not export the good at the start",
            "quoted": "null where the state does not buy the good at the start",
            "paid": "null in a month in which nothing was used",
        },
    )  # fmt: skip


def trade(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Tonnes shipped in each month, by the state that ships, the state in which the oxides were separated, and the state that buys.

    Trade within a state is in it. Where separated_in has several values, they are parts of one flow.
    """
    of, shares = records.structure, rounded(separated_in(records))
    tonnes = records["lane_tonnes"]
    months_of, lane = np.nonzero(np.repeat((tonnes > 0).any(axis=0)[None, :], len(months), axis=0))
    separated = np.array([is_separated(good) for good in range(G)])
    part = np.where(separated[of.good[lane]][:, None], shares[months_of, of.good[lane], of.exporter[lane]], np.eye(S)[0])
    part = part * tonnes[months_of, lane][:, None]
    # A lane and place that is ever used is there in every month, with zero tonnes when idle.
    used = np.zeros((len(of.good), S), dtype=bool)
    np.logical_or.at(used, lane, part > 0)
    row, place = np.nonzero(used[lane])
    code = np.where(separated[of.good[lane[row]]], place, S)
    return frame(
        {
            "month": (months_of[row], months), "origin": (of.exporter[lane[row]], STATES), "separated_in": (code, (*STATES, UNSEPARATED)),
            "destination": (of.importer[lane[row]], STATES), "good": (of.good[lane[row]], GOODS), "tonnes": part[row, place],
        },
        {"tonnes": "t a month"},
        {
            "tonnes": "motors in t of contained magnet",
            "separated_in": f"'' for concentrates; mixed state by state; parts of a shipment below {TRACE:.1%} are counted with its largest part",
        },
    )  # fmt: skip


def rounded(shares: FloatArray) -> FloatArray:
    """Shares without dust: parts below TRACE go to the largest part; the sum stays 1."""
    kept = np.where(shares >= TRACE, shares, 0.0)
    largest = shares.argmax(axis=-1)[..., None]
    np.put_along_axis(kept, largest, np.take_along_axis(kept, largest, -1) + 1.0 - kept.sum(axis=-1, keepdims=True), -1)
    return kept


def dependence(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Share of what a state imports that comes from each supplier (0-1), by last origin and by place of separation.

    last_origin: oxides and metal that cross the border, as customs count them (t of product; value delivered). separated_in: oxides, metal
    and magnets, by the place where their rare earths were separated (t of oxide equivalent; value delivered). Own separation that
    comes back counts for the state itself. group: all, or one element (NdPr: oxide and metal, and what is in magnets).
    """
    of, content = records.structure, contents()
    abroad = of.exporter != of.importer
    shares = separated_in(records)
    raw = np.isin(of.good, [GOOD[name] for name in (*GOOD_GROUPS["oxides"], *GOOD_GROUPS["metals"])])
    measures = {"tonnes": records["lane_tonnes"] * abroad, "value": records["lane_value"] * abroad}
    groups = ("all", *ELEMENTS)
    out = np.zeros((2, 2, len(groups), len(months), S, S))  # basis, measure, group, month, state, supplier
    for m, flow in enumerate(measures.values()):
        for g, group in enumerate(groups):
            lanes = raw if group == "all" else raw & (content[GOOD_OF_LANE(of.good), ELEMENTS.index(group)] > 0)
            out[0, m, g] = by_group(flow * lanes, of.importer * S + of.exporter, S * S).reshape(len(months), S, S)
    exporter_good = np.zeros((2, len(months), G, S, S))
    for m, flow in enumerate(measures.values()):
        exporter_good[m][:, of.good, of.exporter, of.importer] = flow
    return _dependence_frame(records, months, out, exporter_good, shares, content, groups)
