"""What cards become: dated acts as a scenario writes them (deals: deal_acts.py). Acts of a round
are dated its first day, ends are last days of a month.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from coercivity.model.basis.calendar import days_in_month, month_name
from coercivity.viz.classroom.engine.game_state import LEAD, ROUND_MONTHS, START, Move, round_month
from coercivity.viz.classroom.engine.game_tables import (
    BUILDS,
    GOVERNMENT,
    PART,
    cards,
    price_of_move,
    words,
)

Act = dict[str, Any]
MEASURES: Final = ("wider_licensing", "dual_use_ban", "entity_list", "blanket_ban")
# acts of the base that China could suspend: licensing of April 2025, the rule on foreign-made goods
BASE_MEASURES: Final = (
    "T041",
    "T050",
)
OPEN: Final = 120  # months of a promise of price
HOSTS: Final = {  # where supported plants may stand
    "target": ["Japan", "Australia", "Malaysia", "Vietnam", "France"],
    "ally": ["United States", "Australia", "Canada", "Malaysia", "Brazil"],
    "bloc": ["Germany", "France", "Rest of EU"],
}
STAGES: Final = {
    "mines": ["mining"],
    "plants": ["separation", "metal", "magnet"],
    "chain": ["mining", "separation", "metal", "magnet"],
}
HEAVY: Final = ["dysprosium_oxide", "terbium_oxide"]
NDPR: Final = ["ndpr_oxide", "ndpr_metal"]
MAGNETS: Final = ["magnet_standard", "magnet_heat_resistant"]
FIRMS: Final = (
    ("Shin-Etsu Chemical", "Japan"),
    ("Shin-Etsu Vietnam", "Vietnam"),
)  # rows of the firms' table that are the firm of the game


def of_move(
    seat: str, move: Move, number: int, place: int, before: list[Act], length: int
) -> list[Act]:
    """The acts of one move."""
    events = RULES[seat, move.card](move, number, before, length)
    text = f"Round {number}, {words(seat)}: {cards()[seat][move.card].label}{terms(move.choices)}."
    for k, act in enumerate(events, start=1):
        act.setdefault("date", first_day(number))
        act["id"] = f"R{number}-{seat}-{move.card}-{place}" + (f"-{k}" if k > 1 else "")
        act["text"] = text
        if seat in GOVERNMENT:
            act["actor"] = GOVERNMENT[seat]
        if act["kind"] == "stockpile":
            act["budget"] = price_of_move(seat, move)
    return events


def terms(choices: tuple[tuple[str, str], ...]) -> str:
    """Choices in brackets, as a sentence shows them."""
    told = ", ".join(f"{name.replace('_', ' ')}: {words(option)}" for name, option in choices)
    return f" ({told})" if told else ""


def first_day(number: int) -> str:
    """First day of a round."""
    return f"{round_month(number)}-01"


def last_day(number: int, months: int = ROUND_MONTHS) -> str:
    """Last day of so many months from the start of a round."""
    month = month_name(START, LEAD + ROUND_MONTHS * (number - 1) + months - 1)
    return f"{month}-{days_in_month(month):02d}"


def targets(move: Move) -> list[str]:
    """Whom a measure of the exporter hits."""
    return ["World"] if move.get("whom") == "all" else [GOVERNMENT[move.get("whom")]]


def measures(before: list[Act], when: str, against: str = "") -> list[Act]:
    """China's measures of the game in force on a day, oldest first; against: only those that hit a
    government.
    """
    in_force = []
    for act in before:
        if act["kind"] not in ("licensing", "dual_use_ban", "entity_list", "blanket_ban"):
            continue  # of the buyers' acts not all have targets
        hits = not against or act["targets"] == ["World"] or against in act["targets"]
        if hits and act["date"] <= when <= act.get("end", "9999"):
            in_force.append(act)
    return in_force


def _threat(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [
        {"kind": "threat", "targets": targets(move), "severity": 0.5, "end": last_day(number, 1)}
    ]


def _licensing(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    goods = (
        ["light_oxides", "ndpr_metal"]
        if move.get("goods") == "light"
        else ["magnet_standard", "motors"]
    )
    return [{"kind": "licensing", "targets": targets(move), "goods": goods}]


def _dual_use(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "dual_use_ban", "targets": targets(move), "goods": "controlled_2025"}]


def _list(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [
        {
            "kind": "entity_list",
            "targets": targets(move),
            "goods": "controlled_2025",
            "list": "control",
            "sectors": [move.get("sector")],
            "share": 0.33,
        }
    ]


def _ban(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    goods: Any = "controlled_2025" if move.get("goods") == "heavy" else "all"
    return [
        {
            "kind": "blanket_ban",
            "targets": targets(move),
            "goods": goods,
            "end": last_day(number, 12),
        }
    ]


def _general(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [
        {
            "kind": "general_licence",
            "targets": targets(move),
            "goods": "controlled_2025",
            "end": last_day(number, 12),
        }
    ]


def _suspend(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    suspended = [act["id"] for act in measures(before, first_day(number))] or list(
        BASE_MEASURES[:1]
    )
    chosen = (
        [suspended[-1]]
        if move.get("which") == "newest"
        else [*BASE_MEASURES, *(act for act in suspended if act not in BASE_MEASURES)]
    )
    end = {} if move.get("how_long") == "for_good" else {"end": last_day(number, 12)}
    return [{"kind": "suspension", "targets": ["World"], "of": act, **end} for act in chosen]


def _store(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    if move.get("who_holds") == "firms":
        return [
            {
                "kind": "firm_stock",
                "states": ["Japan"],
                "cover": float(move.get("cover")),
                "end": last_day(length),
            }
        ]
    return [
        {
            "kind": "stockpile",
            "goods": NDPR if move.get("who_holds") else MAGNETS,
            "cover": float(move.get("cover")),
        }
    ]


def _capital(kind: str, seat: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        act: Act = {
            "kind": kind,
            "stages": STAGES[move.get("stage")],
            "hosts": HOSTS[seat],
            "share": 0.5,
            "budget": float(move.get("amount")),
        }
        return [{**act, "rate": 0.03} if kind == "loan" else act]

    return rule


def _credit(seat: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        return [
            {
                "kind": "tax_credit",
                "stages": STAGES["plants"],
                "hosts": HOSTS[seat],
                "rate": float(move.get("rate")),
                "budget": float(move.get("amount")),
                "end": last_day(number, OPEN),
            }
        ]

    return rule


def _floor(seat: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        good, floor, ceiling = (
            ("ndpr_oxide", 110.0, 150.0)
            if move.get("good") == "ndpr"
            else ("dysprosium_oxide", 350.0, 500.0)
        )
        return [
            {
                "kind": "price_floor",
                "good": good,
                "floor": floor,
                "ceiling": ceiling,
                "upside": 0.3,
                "budget": float(move.get("amount")),
                "hosts": HOSTS[seat],
                "end": last_day(number, OPEN),
            }
        ]

    return rule


def _strike(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    if move.get("with") == "tariff":
        return [{"kind": "import_tariff", "targets": ["China"], "goods": "magnets", "rate": 0.25}]
    return [
        {
            "kind": "trigger",
            "targets": ["China"],
            "issue": "technology",
            "severity": 0.6,
            "end": last_day(number, 1),
        }
    ]


def _dispute(seat: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        disputed = [act["id"] for act in measures(before, first_day(number), GOVERNMENT[seat])]
        return [
            {
                "kind": "dispute",
                "targets": ["China"],
                "of": disputed[-1] if disputed else BASE_MEASURES[0],
            }
        ]

    return rule


def _concession(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "concession", "targets": ["China"]}]


def _remark(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    severity = 0.3 if move.get("strength") == "mild" else 0.6
    return [
        {
            "kind": "trigger",
            "targets": ["China"],
            "issue": "sovereignty",
            "severity": severity,
            "end": last_day(number, 1),
        }
    ]


def _coalition(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [pool(before, number, ["Japan", "Australia"], last_day(length))]


def pool(before: list[Act], number: int, members: list[str], end: str) -> Act:
    """A coalition; those in force on that day that share a member are taken in, as a state is in
    one coalition at a time or in its enlargement.
    """
    joined = list(members)
    grown = True
    while grown:
        grown = False
        for act in before:
            if (
                act["kind"] == "coalition"
                and act["end"] >= first_day(number)
                and set(act["members"]) & set(joined)
            ):
                new = [name for name in act["members"] if name not in joined]
                joined, grown = joined + new, grown or bool(new)
    return {"kind": "coalition", "members": joined, "actor": members[0], "end": end}


def _stock(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [
        {
            "kind": "firm_stock",
            "firm": firm,
            "states": [state],
            "cover": float(move.get("cover")),
            **_end_of_move(move, number, length),
        }
        for firm, state in FIRMS
    ]


def _supplier(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    strength = 0.5 if move.get("strength") == "half" else 1.0
    return [
        {
            "kind": "firm_supplier",
            "firm": firm,
            "states": [state],
            "away_from": "China",
            "strength": strength,
            **_end_of_move(move, number, length),
        }
        for firm, state in FIRMS
    ]


def _steer(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    strength = 0.2 if move.get("strength") == "fifth" else 0.5
    return [
        {
            "kind": "firm_supplier",
            "states": ["Japan"],
            "away_from": "China",
            "strength": strength,
            **_end_of_move(move, number, length),
        }
    ]


def _end_of_move(move: Move, number: int, length: int) -> Act:
    return {"end": last_day(number, 12) if move.get("how_long") == "year" else last_day(length)}


def _build(process: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        return [
            {
                "kind": "firm_build",
                "firm": FIRMS[0][0],
                "process": process,
                "state": move.get("where"),
                "share": PART[move.get("size")],
            }
        ]

    return rule


Rule = Callable[[Move, int, list[Act], int], list[Act]]
RULES: Final[dict[tuple[str, str], Rule]] = {
    ("exporter", "threat"): _threat,
    ("exporter", "wider_licensing"): _licensing,
    ("exporter", "dual_use_ban"): _dual_use,
    ("exporter", "entity_list"): _list,
    ("exporter", "blanket_ban"): _ban,
    ("exporter", "general_licence"): _general,
    ("exporter", "suspend"): _suspend,
    ("target", "stock"): _store,
    ("target", "loan"): _capital("loan", "target"),
    ("target", "price_floor"): _floor("target"),
    ("target", "steer"): _steer,
    ("target", "coalition"): _coalition,
    ("target", "dispute"): _dispute("target"),
    ("target", "strike_back"): _strike,
    ("target", "concession"): _concession,
    **{
        (seat, name): rule
        for seat in ("ally", "bloc")
        for name, rule in {
            "grant": _capital("grant", seat),
            "tax_credit": _credit(seat),
            "price_floor": _floor(seat),
            "stockpile": _store,
            "strike_back": _strike,
            "remark": _remark,
            "dispute": _dispute(seat),
        }.items()
    },
    ("firm", "stock"): _stock,
    ("firm", "supplier"): _supplier,
    **{("firm", name): _build(process) for name, process in BUILDS.items()},
}
