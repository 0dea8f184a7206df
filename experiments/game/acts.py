"""What cards and deals become: dated acts as a scenario writes them. Acts of a round are dated its first day, ends are last days of a month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from coercivity.experiments.game.pieces import LEAD, ROUND_MONTHS, START, Deal, Move, round_month
from coercivity.experiments.game.table import GOVERNMENT, cards, words
from coercivity.model.calendar import days_in_month, month_index, month_name

Act = dict[str, Any]
MEASURES: Final = ("wider_licensing", "dual_use_ban", "entity_list", "blanket_ban")
BASE_MEASURES: Final = ("T041", "T050")  # acts of the base that China could suspend: licensing of April 2025, the rule on foreign-made goods
OPEN: Final = 120  # months of a promise of price
HOSTS: Final = {  # where supported plants may stand
    "target": ["Japan", "Australia", "Malaysia", "France"], "ally": ["United States", "Australia", "Canada"], "bloc": ["Germany", "France", "Rest of EU"],
}  # fmt: skip
HEAVY: Final = ["dysprosium_oxide", "terbium_oxide"]
NDPR: Final = ["ndpr_oxide", "ndpr_metal"]
HEAVY_TERM: Final = ["seg_oxide", "dysprosium_oxide", "terbium_oxide", "yttrium_oxide", "magnet_heat_resistant", "magnet_smco"]


def of_move(seat: str, move: Move, number: int, place: int, before: list[Act], length: int) -> list[Act]:
    """The acts of one move."""
    made = RULES[seat, move.card](move, number, before, length)
    text = f"Round {number}, {words(seat)}: {cards()[seat][move.card].label}{terms(move.choices)}."
    for k, act in enumerate(made, start=1):
        act.setdefault("date", first_day(number))
        act["id"] = f"R{number}-{seat}-{move.card}-{place}" + (f"-{k}" if k > 1 else "")
        act["text"] = text
        if seat in GOVERNMENT:
            act["actor"] = GOVERNMENT[seat]
        if act["kind"] == "stockpile":
            act["budget"] = cards()[seat][move.card].price(move.choices)
    return made


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
    """China's measures of the game in force on a day, oldest first; against: only those that hit a government."""
    found = []
    for act in before:
        hits = not against or act["targets"] == ["World"] or against in act["targets"]
        if act["kind"] in ("licensing", "dual_use_ban", "entity_list", "blanket_ban") and act["date"] <= when <= act.get("end", "9999") and hits:
            found.append(act)
    return found


def _threat(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "threat", "targets": targets(move), "severity": 0.5, "end": last_day(number, 1)}]


def _licensing(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    goods = ["light_oxides", "ndpr_metal"] if move.get("goods") == "light" else ["magnet_standard", "motors"]
    return [{"kind": "licensing", "targets": targets(move), "goods": goods}]


def _dual_use(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "dual_use_ban", "targets": targets(move), "goods": "controlled_2025"}]


def _list(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "entity_list", "targets": targets(move), "goods": "controlled_2025", "list": "control", "sectors": [move.get("sector")], "share": 0.33}]


def _ban(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    goods: Any = "controlled_2025" if move.get("goods") == "heavy" else "all"
    return [{"kind": "blanket_ban", "targets": targets(move), "goods": goods, "end": last_day(number, 12)}]


def _general(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "general_licence", "targets": targets(move), "goods": "controlled_2025", "end": last_day(number, 12)}]


def _suspend(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    found = [act["id"] for act in measures(before, first_day(number))] or list(BASE_MEASURES[:1])
    chosen = [found[-1]] if move.get("which") == "newest" else [*BASE_MEASURES, *(act for act in found if act not in BASE_MEASURES)]
    end = {} if move.get("how_long") == "for_good" else {"end": last_day(number, 12)}
    return [{"kind": "suspension", "targets": ["World"], "of": act, **end} for act in chosen]


def _stockpile(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    goods = HEAVY if move.get("goods") == "heavy" else NDPR
    return [{"kind": "stockpile", "goods": goods, "cover": float(move.get("cover"))}]


def _capital(kind: str, seat: str, share: float) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        act: Act = {"kind": kind, "stages": [move.get("stage")], "hosts": HOSTS[seat], "share": share, "budget": float(move.get("amount"))}
        return [{**act, "rate": 0.03} if kind == "loan" else act]

    return rule


def _floor(seat: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        floor = float(move.get("floor"))
        return [{"kind": "price_floor", "good": "ndpr_oxide", "floor": floor, "ceiling": max(150.0, floor), "upside": 0.3, "budget": float(move.get("amount")),
                 "hosts": HOSTS[seat], "end": last_day(number, OPEN)}]  # fmt: skip

    return rule


def _tariff(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "import_tariff", "targets": ["China"], "goods": "magnets", "rate": float(move.get("rate"))}]


def _dispute(seat: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        found = [act["id"] for act in measures(before, first_day(number), GOVERNMENT[seat])]
        return [{"kind": "dispute", "targets": ["China"], "of": found[-1] if found else BASE_MEASURES[0]}]

    return rule


def _concession(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "concession", "targets": ["China"]}]


def _remark(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    severity = 0.3 if move.get("strength") == "mild" else 0.6
    return [{"kind": "trigger", "targets": ["China"], "issue": "sovereignty", "severity": severity, "end": last_day(number, 1)}]


def _coalition(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [pool(before, number, ["Japan", "Australia"], last_day(length))]


def pool(before: list[Act], number: int, members: list[str], end: str) -> Act:
    """A coalition; those in force on that day that share a member are taken in, as a state is in one coalition at a time or in its enlargement."""
    joined = list(members)
    for act in before:
        if act["kind"] == "coalition" and act["date"] <= first_day(number) <= act["end"] and set(act["members"]) & set(joined):
            joined += [name for name in act["members"] if name not in joined]
            end = max(end, act["end"])
    return {"kind": "coalition", "members": joined, "actor": members[0], "end": end}


def _stock(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    return [{"kind": "firm_stock", "firm": "Shin-Etsu Chemical", "states": ["Japan"], "cover": float(move.get("cover")), **_until(move, number, length)}]


def _supplier(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
    strength = 0.5 if move.get("strength") == "half" else 1.0
    return [{"kind": "firm_supplier", "firm": "Shin-Etsu Chemical", "states": ["Japan"], "away_from": "China", "strength": strength,
             **_until(move, number, length)}]  # fmt: skip


def _until(move: Move, number: int, length: int) -> Act:
    return {"end": last_day(number, 12) if move.get("how_long") == "year" else last_day(length)}


def _build(process: str) -> Callable[[Move, int, list[Act], int], list[Act]]:
    def rule(move: Move, number: int, before: list[Act], length: int) -> list[Act]:
        share = 0.3 if move.get("size") == "small" else 1.0
        return [{"kind": "firm_build", "firm": "Shin-Etsu Chemical", "process": process, "state": move.get("where"), "share": share}]

    return rule


Rule = Callable[[Move, int, list[Act], int], list[Act]]
RULES: Final[dict[tuple[str, str], Rule]] = {
    ("exporter", "threat"): _threat, ("exporter", "wider_licensing"): _licensing, ("exporter", "dual_use_ban"): _dual_use, ("exporter", "entity_list"): _list,
    ("exporter", "blanket_ban"): _ban, ("exporter", "general_licence"): _general, ("exporter", "suspend"): _suspend,
    ("target", "stockpile"): _stockpile, ("target", "loan"): _capital("loan", "target", 0.5), ("target", "price_floor"): _floor("target"),
    ("target", "tariff"): _tariff, ("target", "dispute"): _dispute("target"), ("target", "concession"): _concession, ("target", "coalition"): _coalition,
    **{
        (seat, name): rule
        for seat in ("ally", "bloc")
        for name, rule in {
            "grant": _capital("grant", seat, 0.3), "loan": _capital("loan", seat, 0.5), "price_floor": _floor(seat), "stockpile": _stockpile, "tariff": _tariff,
            "remark": _remark, "dispute": _dispute(seat),
        }.items()
    },
    ("firm", "stock"): _stock, ("firm", "supplier"): _supplier, ("firm", "build_magnets"): _build("make_magnet_heat_resistant"),
    ("firm", "build_metal"): _build("make_metal"), ("firm", "build_separation"): _build("separate_heavy"),
}  # fmt: skip


def of_deal(deal: Deal, name: str, number: int, last: int, before: list[Act]) -> list[Act]:
    """The acts of a deal while it holds, from its first round to its last."""
    end, first, other = last_day(last), GOVERNMENT.get(deal.first, ""), GOVERNMENT.get(deal.other, "")
    day = first_day(number)
    if deal.kind == "truce":
        made: list[Act] = [{"kind": "truce", "actor": first, "targets": [other], "end": end}]
    elif deal.kind == "licences":
        made = [{"kind": "concession", "actor": other, "targets": [first]},
                {"kind": "general_licence", "actor": first, "targets": [other], "goods": "controlled_2025", "end": end}]  # fmt: skip
    elif deal.kind == "cost_share":
        made = [pool(before, number, [first, other], end)]
        made += [{"kind": "grant", "actor": who, "stages": [deal.get("stage")], "share": 0.3, "budget": float(deal.get("amount")), "end": end}
                 for who in (first, other)]  # fmt: skip
    elif deal.other == "firm":
        home = {"target": "Japan", "ally": "United States", "bloc": "Germany"}[deal.first]
        made = [{"kind": "firm_build", "firm": "Shin-Etsu Chemical", "process": "make_magnet_heat_resistant", "state": home, "share": 0.3},
                {"kind": "offtake", "actor": first, "goods": ["magnet_heat_resistant"], "hosts": [home], "tonnes": 1000.0, "budget": float(deal.get("amount")),
                 "end": end}]  # fmt: skip
    else:
        made = [{"kind": "offtake", "actor": first, "goods": HEAVY, "hosts": HOSTS[deal.other], "tonnes": 200.0, "budget": float(deal.get("amount")),
                 "end": end}]  # fmt: skip
    for k, act in enumerate(made, start=1):
        act.update(date=day, id=f"{name}-{k}", text=f"Round {number}: {words(deal.first)} and {words(deal.other)} agree: {deal.kind.replace('_', ' ')}.")
    return made


def price_of(deal: Deal) -> dict[str, float]:
    """What a deal costs each side, USD million."""
    if deal.kind == "cost_share":
        return {seat: float(deal.get("amount")) for seat in deal.parties}
    return {deal.first: float(deal.get("amount"))} if deal.kind == "offtake" else {}


def end_deal(acts: list[Act], name: str, number: int) -> None:
    """The acts of a deal that was broken end on the day before a round; what was made and done with (a concession, a plant begun) stays."""
    day = last_day(number - 1)
    for place, act in reversed(list(enumerate(acts))):
        if act["id"].startswith(f"{name}-") and act.get("end", "") > day:
            if act["date"] > day:
                del acts[place]
            else:
                acts[place] = {**act, "end": day}


def breach(name: str, deal: Deal, by: str, number: int) -> Act | None:
    """The act that follows when a government breaks a deal; a firm's broken word is no act of the model."""
    if by not in GOVERNMENT:
        return None
    other = deal.other if by == deal.first else deal.first
    hit = [GOVERNMENT[other]] if other in GOVERNMENT else ["Japan"]
    if hit == [GOVERNMENT[by]]:
        return None
    text = f"Round {number}: {words(by)} breaks its word to {words(other)} ({deal.kind.replace('_', ' ')})."
    return {"date": first_day(number), "end": last_day(number, 1), "id": f"{name}-breach", "kind": "breach", "actor": GOVERNMENT[by], "targets": hit,
            "severity": 0.5, "text": text}  # fmt: skip


def first_month_of(act: Act) -> int:
    """Months from the start of the world to the month in which an act begins."""
    return month_index(START, act["date"])
