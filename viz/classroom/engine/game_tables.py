"""Seats, goals, cards and deals as the tables game_seats, game_goals, game_cards and game_deals
beside this file name them; and what cards and deals cost, in USD million: the money that a seat
promises when it plays them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any, Final

from coercivity import InputError
from coercivity.model.basis.csv_tables import Table, read_table
from coercivity.model.basis.errors import Phrase, suggest
from coercivity.model.basis.facts import Facts, load_table
from coercivity.viz.classroom.engine.game_specs import GAME_SPECS
from coercivity.viz.classroom.engine.game_state import FIRST, GAME_RULES, START, Choices, Deal, Move

SEATS: Final = ("exporter", "target", "ally", "bloc", "firm")
GOVERNMENT: Final = {"exporter": "China", "target": "Japan", "ally": "United States", "bloc": "EU"}
BUILDS: Final = {
    "build_magnets": "make_magnet_heat_resistant",
    "build_metal": "make_metal",
    "build_separation": "separate_heavy",
}
OFFTAKE_PLANT: Final = {  # what the firm builds, and where, for a buyer
    "target": ("separate_heavy", "Japan"),
    "ally": ("make_magnet_heat_resistant", "United States"),
    "bloc": ("make_magnet_heat_resistant", "Rest of EU"),
}
CHOOSE: Final = Phrase("reload the page and choose again")  # of what only a page sends
ADDED: Final = (("ally", "concession"), ("bloc", "concession"))  # goals that rules 1 had not
PART: Final = {"part": 0.4, "full": 1.0}  # of a plant's planned size
WORDS: Final = {  # what an option or a seat is called on a sheet
    "exporter": "China",
    "target": "Japan",
    "ally": "the United States",
    "bloc": "the EU",
    "firm": "Shin-Etsu Chemical",
    "all": "all",
    "light": "light oxides and metal",
    "standard_magnets": "standard magnets and motors",
    "heavy": "heavy elements and their magnets",
    "ndpr": "NdPr oxide",
    "dysprosium": "dysprosium oxide",
    "aerospace_defence": "aerospace and defence",
    "for_good": "for good",
    "year": "for a year",
    "end": "to the end of the game",
    "newest": "the newest",
    "chain": "the whole chain",
    "part": "two fifths",
    "full": "all of it",
    "fifth": "a fifth",
    "state": "the state",
    "firms": "the firms",
    "tariff": "a tariff on magnets",
}


@dataclass(frozen=True)
class Seat:
    """A seat: the actor it stands for, who that is, what it wants, and its budget (USD million over
    the game, assumed).
    """

    seat: str
    actor: str
    name: str
    who: str
    aims: str
    budget: float


@dataclass(frozen=True)
class SeatGoal:
    """One goal of a seat: its points are 0 at ``none`` and 100 at ``full`` (in its unit), times its
    weight in the score. All of them assumed.
    """

    seat: str
    goal: str
    label: str
    formula: str
    unit: str
    none: float
    full: float
    weight: float


@dataclass(frozen=True)
class Card:
    """A move that a seat can make; ``choices`` are (name, options), ``defaults`` the option of each
    that a sheet begins with. `price_of_card` gives its cost. ``priority`` and ``answers`` say which
    cards a phone shows first (phone_summary.py).
    """

    seat: str
    card: str
    label: str
    does: str
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    cost: float
    cost_by: str
    cost_rate: float
    limits: str
    example: str
    example_date: str
    source: str
    url: str
    short: str = ""
    defaults: tuple[str, ...] = ()
    priority: int = 9
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class DealKind:
    """A deal that two seats can make: who may be its first party, who the other, what each must do
    while it holds.
    """

    deal: str
    label: str
    first: tuple[str, ...]
    other: tuple[str, ...]
    does: str
    first_must: str
    other_must: str
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    example: str
    example_date: str
    source: str
    url: str
    defaults: tuple[str, ...] = ()


def read_game_table(name: str) -> Table:
    """Return a table of the class game, checked. Raises InputError for a broken row."""
    return read_table(Path(__file__).with_name(f"{name}.csv"), GAME_SPECS[name])


@lru_cache(maxsize=1)
def seats() -> dict[str, Seat]:
    """Every seat by its id, in the order of SEATS."""
    rows = {row["seat"]: row for row in read_game_table("game_seats")}
    return {
        seat: Seat(**{name: rows[seat][name] for name in Seat.__dataclass_fields__})
        for seat in SEATS
    }


ANCHORS: Final = {  # none and full of goals in a world that lived from 2024 (rules 1 and 2)
    ("exporter", "exports"): (6.0, 14.0),
    ("target", "dependence"): (75.0, 45.0),
    ("ally", "dependence"): (87.0, 65.0),
    ("ally", "home"): (30.0, 60.0),
    ("bloc", "dependence"): (80.0, 60.0),
}


@cache
def goals(rules: int = GAME_RULES) -> dict[str, tuple[SeatGoal, ...]]:
    """The goals of each seat. Under rules 1 the ally and the bloc had no goal about concessions:
    their other weights add up to 1 without it.
    """
    rows = [
        SeatGoal(**{name: row[name] for name in SeatGoal.__dataclass_fields__})
        for row in read_game_table("game_goals")
    ]
    if rules < 3:
        older = {goal: ANCHORS.get((goal.seat, goal.goal), (goal.none, goal.full)) for goal in rows}
        rows = [replace(goal, none=none, full=full) for goal, (none, full) in older.items()]
    if rules == 1:
        rows = [goal for goal in rows if (goal.seat, goal.goal) not in ADDED]
    found = {seat: tuple(goal for goal in rows if goal.seat == seat) for seat in SEATS}
    if rules > 1:
        return found
    whole = {seat: sum(goal.weight for goal in some) for seat, some in found.items()}
    return {
        seat: tuple(replace(goal, weight=goal.weight / whole[seat]) for goal in some)
        for seat, some in found.items()
    }


def price_of_concession(seat: str) -> float:
    """Points that one concession to China gives its seat, or costs another."""
    (goal,) = (one for one in goals()[seat] if one.goal == "concession")
    return 100.0 * goal.weight / abs(goal.none - goal.full)


@lru_cache(maxsize=1)
def cards() -> dict[str, dict[str, Card]]:
    """The cards of each seat by their ids, in the order of the table."""
    by_seat: dict[str, dict[str, Card]] = {seat: {} for seat in SEATS}
    plain = (
        "seat",
        "card",
        "label",
        "short",
        "does",
        "cost",
        "cost_by",
        "cost_rate",
        "limits",
        "example",
        "example_date",
        "source",
        "url",
    )
    for row in read_game_table("game_cards"):
        by_seat[row["seat"]][row["card"]] = Card(
            **{name: row[name] for name in plain},
            choices=_choices(row),
            defaults=_defaults(row, f"game_cards.csv, {row['seat']} {row['card']}"),
            priority=int(row["priority"]),
            answers=tuple(filter(None, row["answers"].split("|"))),
        )
    return by_seat


@lru_cache(maxsize=1)
def deal_kinds() -> dict[str, DealKind]:
    """The kinds of deals by their ids."""
    plain = (
        "deal",
        "label",
        "does",
        "first_must",
        "other_must",
        "example",
        "example_date",
        "source",
        "url",
    )
    return {
        row["deal"]: DealKind(
            **{name: row[name] for name in plain},
            first=tuple(row["first"].split("|")),
            other=tuple(row["other"].split("|")),
            choices=_choices(row),
            defaults=_defaults(row, f"game_deals.csv, {row['deal']}"),
        )
        for row in read_game_table("game_deals")
    }


def _choices(row: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = ((row["choice_1"], row["options_1"]), (row["choice_2"], row["options_2"]))
    return tuple((name, tuple(options.split("|"))) for name, options in pairs if name)


def _defaults(row: Any, where: str) -> tuple[str, ...]:
    """The option of each choice that a sheet begins with. Raises InputError for one that is no
    option.
    """
    found = tuple(row[f"default_{place}"] for place in (1, 2) if row[f"choice_{place}"])
    for (name, options), default in zip(_choices(row), found, strict=True):
        check_option(default, options, f"default of {name}", where)
    return found


def default_choices(card: Card | DealKind) -> dict[str, str]:
    """The choices that a sheet begins with, for a card or a kind of deal: the plain middle, or what
    the note of its row gives a reason for; never the weakest form.
    """
    return {name: default for (name, _), default in zip(card.choices, card.defaults, strict=True)}


def words(option: str) -> str:
    """An option as a sheet shows it."""
    return WORDS.get(option, option.replace("_", " "))


def check_option(
    value: object, options: Any, choice: str, where: str | Phrase = "", fix: Phrase | None = None
) -> str:
    """*value* if it is one of *options*. Raises InputError naming the *choice*, with the nearest
    options or another *fix*.
    """
    if not isinstance(value, str) or value not in options:
        raise InputError(
            "{choice} '{value}' is not known",
            fix or nearest(value, options),
            where=where,
            choice=choice,
            value=value,
        )
    return value


def nearest(value: object, options: Any) -> Phrase:
    """Return the fix for a *value* that is none of these names of the game, which pages tell by the
    labels of its seats, cards and options.
    """
    fix = suggest(value, options)
    return Phrase(fix.sentence, {name: _phrase_of_value(held) for name, held in fix.fields.items()})


def _phrase_of_value(held: Any) -> Any:
    if isinstance(held, tuple):
        return tuple(Phrase.of("{option}", option=one) for one in held)
    return Phrase.of("{option}", option=held) if isinstance(held, str) else held


def check_keys(raw: object, allowed: tuple[str, ...], where: str | Phrase) -> Mapping[str, Any]:
    """*raw* if it is a mapping with no other keys than the *allowed* ones. Raises InputError."""
    if not isinstance(raw, Mapping):
        raise InputError(
            "'{value}' is not a list of keys and values",
            "write {key}: ... and so on",
            where=where,
            value=raw,
            key=allowed[0],
        )
    for key in raw:
        if key not in allowed:
            fix = nearest(key, allowed)
            raise InputError("key '{value}' is not known", fix, where=where, value=key)
    return raw


def place_of(seat: str, card: str = "") -> Phrase:
    """Return where a move stands, as refusals tell it: the seat, and the card."""
    if not card:
        return Phrase.of("{seat}", seat=seat)
    return Phrase.of("{seat}, {card}", seat=seat, card=card)


def check_choices(
    raw: Any, choices: tuple[tuple[str, tuple[str, ...]], ...], where: Phrase
) -> tuple[tuple[str, str], ...]:
    """The choices of a card or deal in order, each one of its options (numbers may be given as
    numbers). Raises InputError.
    """
    wrong = []
    for name, options in choices:
        value = raw.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = f"{value:g}"
        if value is None:
            fix = nearest("", options)
            raise InputError("{choice} is missing", fix, where=where, choice=name)
        wrong.append((name, check_option(value, options, name, where)))
    return tuple(wrong)


def price_of_move(seat: str, move: Move, rules: int = GAME_RULES) -> float:
    """What a card costs with its choices."""
    if move.card == "break":
        return 0.0
    return price_of_card(cards()[seat][move.card], move.choices, rules)


def price_of_card(card: Card, choices: Choices, rules: int = GAME_RULES) -> float:
    """cost + cost_rate x the choice that cost_by names; a plant costs its capital cost: tonnes x
    share x USD per t (options.csv, capex.csv).
    """
    chosen = dict(choices)
    if card.cost_by == "plant":
        return price_of_plant(BUILDS[card.card], chosen["where"], PART[chosen["size"]], rules)
    return card.cost + (card.cost_rate * float(chosen[card.cost_by]) if card.cost_by else 0.0)


def price_of_plant(process: str, state: str, share: float, rules: int = GAME_RULES) -> float:
    """Capital cost of a share of the first plant of this process that is planned in a state when
    the world of these rules begins, to the next million; of the middle newcomer where none is.
    Overruns come on top in the world.
    """
    start = FIRST if rules > 2 else START
    of_kind = Facts.default().table("options").where(start=start, process=process)
    planned = [
        row["tonnes_per_year"]
        for row in of_kind
        if row["state"] == state and row["kind"] != "sister" and row["tonnes_per_year"] > 0.0
    ]
    usual = median(row["tonnes_per_year"] for row in of_kind if row["kind"] == "generic")
    cost = {
        one["state"]: one["usd_per_t_year"]
        for one in load_table("capex")
        if one["process"] == process
    }
    tonnes = (planned or [usual])[0] * share
    return float(round(tonnes * cost.get(state, cost["Other"]) / 1e6))


def prices(card: Card) -> list[tuple[Choices, float]]:
    """Every way to play a card with its price."""
    ways = product(*([(name, option) for option in options] for name, options in card.choices))
    return [(way, price_of_card(card, way)) for way in ways]


def price_of_deal(deal: Deal, rules: int = GAME_RULES) -> dict[str, float]:
    """What a deal costs each side."""
    amount = float(deal.get("amount") or 0.0)
    if deal.kind == "cost_share":
        return dict.fromkeys(deal.parties, amount)
    if deal.kind != "offtake":
        return {}
    process, state = OFFTAKE_PLANT[deal.first]
    if deal.other != "firm":
        return {deal.first: amount}
    return {deal.first: amount, "firm": price_of_plant(process, state, PART["part"], rules)}
