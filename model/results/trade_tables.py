"""Tables of trade: prices, trade, licences and spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, group_sum
from coercivity.model.parts.border import CASES, TURNED_DOWN
from coercivity.model.parts.leaks import ROUTES
from coercivity.model.parts.money import group_count, group_name
from coercivity.model.results.frames import ever_positive, frame, tall_rows
from coercivity.model.results.records import RESTRICTING, Records, by_group, one_month_ago, ratio
from coercivity.model.results.separation_tracer import is_separated, separated_in

if TYPE_CHECKING:
    import pandas as pd


UNSEPARATED = ""  # what stands for the place of separation of a concentrate
# smaller shares of a shipment are counted with its largest part, or the table would be mostly dust
TRACE = 0.002
# t a month; what sells less (a rest of rounding) sells nothing and asks no price
DUST = 1e-6


def prices(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """USD/kg before import tax. home: what sellers of the state ask, by what they sold; export:
    free on board, with premium, duty, non-refunded tax and a quota's rent; quoted: what the state's
    buyers would be asked at their usual suppliers, delivered; paid: what they paid on average for
    what they use.

    Where nobody in a state sold a good in the month, home is what its buyers are quoted.
    """
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure = records.structure
    home, quoted = home_and_quoted(records)
    abroad = structure.normal * (structure.exporter != structure.importer)
    leaving = structure.exporter * G + structure.good
    fob = np.nan_to_num(records.fob) * abroad
    export = ratio(by_group(fob, leaving, S * G), group_sum(abroad, leaving, S * G)[None, :])
    user = structure.firm_state[structure.need_firm] * G + structure.need_good
    paid = ratio(
        by_group(records["paid"] * records["used"], user, S * G),
        by_group(records["used"], user, S * G),
    )
    keep = np.any([ever_positive(np.nan_to_num(price)) for price in (home, export, paid)], axis=0)
    month, key = tall_rows(len(months), S * G, keep)
    numbers = {"home": home, "export": export, "quoted": quoted, "paid": paid}
    return frame(
        {
            "month": (month, months),
            "state": (key // G, facts.states),
            "good": (key % G, facts.goods),
            **{name: values[month, key] for name, values in numbers.items()},
        },
        dict.fromkeys(numbers, "USD/kg"),
        {
            "home": "where nobody in the state sold in the month, what its buyers are quoted",
            "export": "null where the state does not export the good at the start",
            "quoted": "null where the state does not buy the good at the start",
            "paid": "null in a month in which nothing was used",
        },
    )


def home_and_quoted(records: Records) -> tuple[FloatArray, FloatArray]:
    """Home price, and what buyers are quoted: USD/kg, months x (states x goods), NaN for none."""
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure = records.structure
    seller = structure.firm_state[structure.offer_firm] * G + structure.offer_good
    sold = np.where(records["sold"] > DUST, records["sold"], 0.0)
    asked = by_group(records["ask"] * sold, seller, S * G)
    home_price = ratio(asked, by_group(sold, seller, S * G))
    buyer = structure.importer * G + structure.good
    quoted = ratio(
        by_group(records["lane_quoted"], buyer, S * G),
        group_sum(structure.normal, buyer, S * G)[None, :],
    )
    return np.where(np.isnan(home_price), quoted, home_price), quoted


def trade(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Tonnes shipped in each month, by the state that ships, the state in which the oxides were
    separated, and the state that buys.

    Trade within a state is in it. Where separated_in has several values, they are parts of one
    flow.
    """
    facts = records.facts
    S, G = len(facts.states), len(facts.goods)
    structure, shares = records.structure, drop_dust(separated_in(records))
    tonnes = records["lane_tonnes"]
    months_of, lane = np.nonzero(np.repeat((tonnes > 0).any(axis=0)[None, :], len(months), axis=0))
    separated = np.array([is_separated(facts, good) for good in range(G)])
    part = np.where(
        separated[structure.good[lane]][:, None],
        shares[months_of, structure.good[lane], structure.exporter[lane]],
        np.eye(S)[0],
    )
    part = part * tonnes[months_of, lane][:, None]
    # A lane and place that is ever used is there in every month, with zero tonnes when idle.
    used = np.zeros((len(structure.good), S), dtype=bool)
    np.logical_or.at(used, lane, part > 0)
    row, place = np.nonzero(used[lane])
    code = np.where(separated[structure.good[lane[row]]], place, S)
    return frame(
        {
            "month": (months_of[row], months),
            "origin": (structure.exporter[lane[row]], facts.states),
            "separated_in": (code, (*facts.states, UNSEPARATED)),
            "destination": (structure.importer[lane[row]], facts.states),
            "good": (structure.good[lane[row]], facts.goods),
            "tonnes": part[row, place],
        },
        {"tonnes": "t a month"},
        {
            "tonnes": "motors in t of contained magnet",
            "separated_in": (
                "'' for concentrates; mixed state by state; parts of a shipment below "
                f"{TRACE:.1%} are counted with its largest part"
            ),
        },
    )


def drop_dust(shares: FloatArray) -> FloatArray:
    """Shares without dust: parts below TRACE go to the largest part; the sum stays 1."""
    large = np.where(shares >= TRACE, shares, 0.0)
    largest = shares.argmax(axis=-1)[..., None]
    np.put_along_axis(
        large,
        largest,
        np.take_along_axis(large, largest, -1) + 1.0 - large.sum(axis=-1, keepdims=True),
        -1,
    )
    return large


def licences(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Licences by exporter, importer and good, in tonnes: applied for, orders that wait at the end
    of the month, approved, and what was shipped by any way and under a licence; applications, by
    number: filed, granted, refused, returned for more papers, and without an answer at the end of
    the month; and the tonnes of those that were refused, returned, passed over or lapsed, and of
    those that are open at the end of the month.

    Only flows that ever needed a licence are listed.
    """
    facts = records.facts
    structure = records.structure
    waiting, abroad = records["lane_pending"], _held_back(records)
    applied = records["applied"][:, structure.channel] * abroad
    approved = records["approved"][:, structure.channel] * abroad
    month, lane = tall_rows(
        len(months), len(structure.good), ever_positive(applied) | ever_positive(waiting)
    )
    numbers = {
        "applied": applied,
        "pending": waiting,
        "approved": approved,
        "shipped": records["lane_tonnes"],
        "under_licence": records["lane_under_licence"],
    }
    numbers |= dict(zip(CASES, cases(records), strict=True))
    numbers |= dict(
        zip(TURNED_DOWN, by_lane(records, "turned_down", len(TURNED_DOWN)), strict=True)
    )
    numbers["open_tonnes"] = records["open_tonnes"][:, structure.channel] * abroad
    tonnes = ("applied", "approved", "shipped", "under_licence", *TURNED_DOWN)
    units = dict.fromkeys(tonnes, "t a month") | {"pending": "t", "open_tonnes": "t"}
    return frame(
        {
            "month": (month, months),
            "exporter": (structure.exporter[lane], facts.states),
            "importer": (structure.importer[lane], facts.states),
            "good": (structure.good[lane], facts.goods),
            **{name: values[month, lane] for name, values in numbers.items()},
        },
        units | dict.fromkeys(CASES, "applications"),
        {
            "applied": "of use shown for all the months that a licence is good for",
            "pending": (
                "ordered and not let go, at the end of the month; no application is counted here"
            ),
            "under_licence": "the rest of what was shipped needed none, or went past the border",
            "unanswered": "in the queue at the end of the month, however old",
            "lapsed_tonnes": "no licence is needed any more, or a ban has taken back what waits",
            "open_tonnes": (
                "applied for and not decided: that of the month before, and what was applied for, "
                "less what was approved, refused, returned, passed over or lapsed"
            ),
            "passed_over_tonnes": (
                "what firms on a watch list had applied for and the office left unanswered; an "
                "application of which that is all is among the filed and in no other count"
            ),
        },
    )


def _held_back(records: Records) -> BoolArray:
    """Lanes between states in months with a restriction or with something that waits, months x
    lanes: the border keeps its last figures when no act is left.
    """
    structure = records.structure
    waited = records["lane_pending"].any(axis=1)[:, None]
    open_cases = one_month_ago(waited, np.zeros(1))[:, 0] > 0
    kinds = np.array([bool(kinds & set(RESTRICTING)) for kinds in records.kinds], dtype=bool)
    return (structure.exporter != structure.importer)[None, :] & (kinds | open_cases)[:, None]


def cases(records: Records) -> tuple[FloatArray, ...]:
    """Applications for licences by what became of them: for each of CASES months x lanes."""
    return by_lane(records, "cases", len(CASES))


def by_lane(records: Records, name: str, count: int) -> tuple[FloatArray, ...]:
    """A column of so many numbers a channel, months x lanes each, where applications are open."""
    of_channels = records[name].reshape(records.months, count, -1)
    numbers = of_channels[:, :, records.structure.channel] * _held_back(records)[:, None]
    return tuple(numbers.swapaxes(0, 1))


def spending(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Every payment: who pays whom how much for what (USD million a month, never negative), by
    state and kind of account.

    Buyers pay sellers the asking price, traders the border's premium and a quota's rent, treasuries
    taxes, duties and tariffs, and carriers the freight; firms pay for work, households for end
    products; owners put money in and take it out; reserves change hands at the quote.
    """
    facts = records.facts
    structure = records.structure
    groups = [group_name(facts, group) for group in range(group_count(facts))]
    names = tuple(dict.fromkeys(groups))
    place = np.array([names.index(name) for name in groups])
    month, line = tall_rows(len(months), len(structure.pay_code))
    code = structure.pay_code[line]
    return frame(
        {
            "month": (month, months),
            "payer": (place[code // group_count(facts)], names),
            "payee": (place[code % group_count(facts)], names),
            "kind": (structure.pay_kind[line], structure.pay_kinds),
            "usd_million": records["paid_lines"][month, line],
        },
        {"usd_million": "USD million a month"},
    )


def leaks(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """What came past a border, by month, route and good: smuggled straight out, re-sold by a third
    state, or as a motor instead of a magnet.

    via: the state it came from last; to: the state that got it. Only leaks that happened are
    listed.
    """
    facts = records.facts
    rows = records["leaked"]
    month, route, via, to, good = (rows[:, k].astype(np.int64) for k in range(5))
    return frame(
        {
            "month": (month, months),
            "route": (route, ROUTES),
            "good": (good, facts.goods),
            "tonnes": rows[:, 5],
            "via": (via, facts.states),
            "to": (to, facts.states),
        },
        {"tonnes": "t a month"},
        {
            "tonnes": (
                "motors in t of contained magnet, beyond the part that was bought abroad at "
                "the start"
            )
        },
    )
