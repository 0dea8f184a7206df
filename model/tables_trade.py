"""Tables of trade: prices, trade, licences and spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.columns import FloatArray, group_sum
from coercivity.model.frames import ever, frame, tall
from coercivity.model.goods import CHINA
from coercivity.model.names import GOODS, STATES, government_of
from coercivity.model.records import RESTRICTING, Records, by_group, one_month_ago, ratio
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
    quoted = ratio(by_group(records["lane_quoted"], buyer, S * G), group_sum(of.normal, buyer, S * G)[None, :])
    abroad = of.normal * (of.exporter != of.importer)
    leaving = of.exporter * G + of.good
    fob = np.nan_to_num(records.fob) * abroad
    export = ratio(by_group(fob, leaving, S * G), group_sum(abroad, leaving, S * G)[None, :])
    user = of.firm_state[of.need_firm] * G + of.need_good
    paid = ratio(by_group(records["paid"] * records["used"], user, S * G), by_group(records["used"], user, S * G))
    home = np.where(np.isnan(asked), quoted, asked)
    keep = ever(np.nan_to_num(home)) | ever(np.nan_to_num(export)) | ever(np.nan_to_num(paid))
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



def licences(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Licences by exporter, importer and good, in tonnes: applied for, waiting at the end of the month, approved, and what was shipped by any way.

    Only flows that ever needed a licence are listed.
    """
    of = records.structure
    waiting = records["lane_pending"]
    open_cases = one_month_ago(waiting.any(axis=1)[:, None], np.zeros(1))[:, 0] > 0
    restricted = np.array([bool(kinds & set(RESTRICTING)) for kinds in records.kinds], dtype=bool) | open_cases
    abroad = (of.exporter != of.importer)[None, :] & restricted[:, None]  # the border keeps its last figures when no act is left
    applied, approved = records["applied"][:, of.channel] * abroad, records["approved"][:, of.channel] * abroad
    month, lane = tall(len(months), len(of.good), ever(applied) | ever(waiting))
    numbers = {"applied": applied, "pending": waiting, "approved": approved, "shipped": records["lane_tonnes"]}
    return frame(
        {
            "month": (month, months), "exporter": (of.exporter[lane], STATES), "importer": (of.importer[lane], STATES), "good": (of.good[lane], GOODS),
            **{name: values[month, lane] for name, values in numbers.items()},
        },
        {"applied": "t a month", "pending": "t", "approved": "t a month", "shipped": "t a month"},
    )  # fmt: skip


def spending(records: Records, months: tuple[str, ...]) -> pd.DataFrame:
    """Payments to and by governments, and the rent of export licences that trade: who pays whom how much (USD million a month, never negative).

    Import tariffs fall on the importing firms, export duties, non-refunded export tax and quota rents too, as sellers add them to the price.
    A state purchase or sale of its reserve is valued at the mean asking price of China's sellers.
    """
    of, charges, names = records.structure, records.charges, list(STATES)
    governments = [f"government of {government_of(state)}" for state in STATES]
    firms = [f"firms in {state}" for state in names]
    holders = [f"licence holders in {state}" for state in names]
    people = list(dict.fromkeys((*governments, *firms, *holders)))
    place = {name: code for code, name in enumerate(people)}
    payee_of = {"export_duty": ("duty", governments, of.exporter), "export_tax_not_refunded": ("vat", governments, of.exporter),
                "import_tariff": ("tariff", governments, of.importer), "quota_rent": ("rent", holders, of.exporter)}  # fmt: skip
    kinds = (*payee_of, "reserve_purchase", "reserve_sale")
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray, int, FloatArray]] = []
    for kind, (part, receivers, where) in payee_of.items():
        pair = of.importer * len(people) + np.array([place[name] for name in receivers])[where]
        unique, code = np.unique(pair, return_inverse=True)
        paid = by_group(charges[part], code, len(unique)) / 1000.0
        month, column = tall(len(months), len(unique), ever(paid))
        payer = np.array([place[name] for name in firms])[unique // len(people)]
        parts.append((month, payer[column], (unique % len(people))[column], kinds.index(kind), paid[month, column]))
    bought = _reserve_trade(records)
    if bought.any():
        state, sellers = place[governments[CHINA]], place[firms[CHINA]]
        every = np.arange(len(months))
        for kind, payer_code, payee_code, values in (("reserve_purchase", state, sellers, bought), ("reserve_sale", sellers, state, -bought)):
            parts.append((every, np.full(len(every), payer_code), np.full(len(every), payee_code), kinds.index(kind), np.maximum(values, 0.0)))
    month, payer, payee = (np.concatenate([part[k] for part in parts]) for k in range(3))
    kind_code = np.concatenate([np.full(len(part[0]), part[3]) for part in parts])
    money = np.concatenate([part[4] for part in parts])
    order = np.argsort(month, kind="stable")
    return frame(
        {"month": (month[order], months), "payer": (payer[order], people), "payee": (payee[order], people), "kind": (kind_code[order], kinds),
         "usd_million": money[order]},
        {"usd_million": "USD million a month"},
    )  # fmt: skip


def _reserve_trade(records: Records) -> FloatArray:
    """What China's state pays for its reserve in each month (USD million); negative where it sells."""
    of = records.structure
    home = of.firm_state[of.offer_firm] == CHINA
    on_sale = (records["sold"] + records["offer_stock"]) * home
    price = np.nan_to_num(ratio(by_group(records["ask"] * on_sale, of.offer_good, G), by_group(on_sale, of.offer_good, G)))
    change = np.diff(records["stockpile"], axis=0, prepend=np.zeros((1, G)))
    return (change * price).sum(axis=1) / 1000.0
