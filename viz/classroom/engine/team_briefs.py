"""What seats are told: a private brief before each round with what only that seat could see, and
the public news after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import Phrase
from coercivity.model.basis.facts import Facts
from coercivity.viz.classroom.engine.card_acts import first_day, last_day, measures
from coercivity.viz.classroom.engine.game_run import Reading, read_game, rows_of
from coercivity.viz.classroom.engine.game_state import START, Game, Line, Move, Round
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    SEATS,
    check_option,
    deal_kinds,
    seats,
    words,
)
from coercivity.viz.classroom.engine.numbers import (
    HALF,
    NUMBERS,
    NumberRequest,
    label,
    makers,
    unit,
    value,
)
from coercivity.viz.classroom.engine.round_effects import (
    GameState,
    label_of,
    open_deals,
    replay_game,
)
from coercivity.viz.classroom.engine.scoring import score_seat

BUYERS: Final = ("target", "ally", "bloc")
SHOWN: Final = (  # prices that everyone reads: good and state
    ("ndpr_oxide", "Japan"),
    ("dysprosium_oxide", "Japan"),
    ("dysprosium_oxide", "China"),
    ("terbium_oxide", "Japan"),
    ("magnet_heat_resistant", "Japan"),
)
STORED: Final = ("ndpr_metal", "dysprosium_oxide", "magnet_heat_resistant", "motor_heat_resistant")
MOST_SELLERS: Final = 4  # suppliers that the firm is told of
MOST_NEWS: Final = 60  # lines of news a round
QUIET: Final = ("firm_build",)  # kinds of events that another line tells better
SENTENCES: Final = {  # what is told, each whole; values that are words are named for what they are
    "returns": (
        "Your rule on goods made abroad (October 2025) comes back on 10 November 2026 unless you "
        "suspend it."
    ),
    "in force": (
        "Measures of this game in force: {count}. From before: licences for heavy elements and "
        "their magnets, since April 2025."
    ),
    "opens": "{month}: {name} opens.",
    "stops": "{day}: a line at {name} stops: no {missing}.",
    "stop": "{count} lines have stopped: no {missing}. The newest: {name}, {day}.",
    "opens at home": "{month}: a plant opens: {name}.",
    "stopped": "{day}: a line at {name} stops: no {missing}",
    "opened": "A plant opens: {name}",
    "more": "and {count} more",
    "broken": "{who} breaks a deal: {deal}",
}
# the suspension of the rule on foreign-made goods ends on this day, by the act of October 2025
RETURN_OF_T050: Final = "2026-11-10"

Fact = dict[str, Any]


def brief(game: Game, seat: str) -> dict[str, Any]:
    """What a seat knows before the coming round: nothing that only another seat could see. Plain
    values with units, for JSON.

    {seat, name, who, aims, round, rounds, first_day, last_day, over, budget {total, promised, left,
    unit}, facts [...] (see `fact`), notes [text], own_acts [text], deals [...], score {...}}.
    """
    check_option(seat, SEATS, "seat")
    who, now = seats()[seat], replay_game(game)
    read = read_game(game, game.now)
    number = min(game.played + 1, game.length)
    return {
        "seat": seat,
        "name": who.name,
        "who": who.who,
        "aims": who.aims,
        "round": number,
        "rounds": game.length,
        "first_day": first_day(number),
        "last_day": last_day(number),
        "over": game.over,
        "budget": {
            "total": who.budget,
            "promised": now.spent[seat],
            "left": now.left(seat),
            "unit": "USD million",
        },
        "facts": facts(read, seat),
        "notes": _notes(read, now, game, seat),
        "own_acts": [act["text"] for act in _own_acts_in_force(now, game, seat)],
        "deals": [deal for deal in open_deals(game) if seat in (deal["first"], deal["other"])],
        "score": score_seat(read, now, game.now, seat),
    }


def fact(asked: NumberRequest, read: Reading, name: str = "") -> Fact:
    """One line of a brief: a number today and half a year earlier, by one definition (numbers.py).

    {id, number, state, good, label, value, before, unit, count}; id: *name*, or that of the number.
    What is not defined is None; count: of how many, 0 for what is of none.
    """

    def told(until: int) -> float | None:
        found = value(asked, read, until)
        return found if np.isfinite(found) else None

    counted = NUMBERS[asked.number].counts_makers
    return {
        "id": name or asked.number,
        "number": asked.number,
        "state": asked.state,
        "good": asked.good,
        "label": label(asked),
        "value": told(read.months),
        "unit": unit(asked, read),
        "count": makers(read, asked.state) if counted else 0,
        "before": told(read.months - HALF),
    }


def numbers_of(seat: str) -> dict[str, NumberRequest]:
    """The numbers of a seat's brief by their ids: of a government that buys its stocks, queue,
    losses, stops, dependence and plants; of China its exports, queues and rivals, and how far it is
    believed; of the firm its stock, orders, magnets, money and suppliers.
    """
    if seat == "exporter":
        return {
            "exports": NumberRequest("exports"),
            **{f"sold_{other}": NumberRequest("sold", GOVERNMENT[other]) for other in BUYERS},
            **{f"queue_{other}": NumberRequest("waiting", GOVERNMENT[other]) for other in BUYERS},
            **{
                name: NumberRequest(name)
                for name in ("rivals_separation", "rivals_magnet", "credibility")
            },
        }
    if seat == "firm":
        return {
            "stock": NumberRequest("inputs"),
            "tied_up": NumberRequest("tied_up"),
            "sold": NumberRequest("sold_of_usual"),
            **{name: NumberRequest(name) for name in ("made", "sales", "earned")},
            **{
                f"from_{place}": NumberRequest("supplier", state)
                for place, state in enumerate(Facts.default().states)
            },
        }
    home = GOVERNMENT[seat]
    return {
        **{f"stock_{good}": NumberRequest("stock", home, good) for good in STORED},
        **{name: NumberRequest(name, home) for name in ("waiting", "lost", "cost")},
        "down": NumberRequest("standing", home),
        **{name: NumberRequest(name, home) for name in ("stopped", "dependence", "motors")},
        "building": NumberRequest("under_way", home),
    }


def facts(read: Reading, seat: str) -> list[Fact]:
    """The numbers of a seat's brief: of suppliers the four largest, of stocks those that there
    are.
    """
    told = [fact(asked, read, name) for name, asked in numbers_of(seat).items()]
    sellers = sorted(
        (one for one in told if one["number"] == "supplier"), key=lambda one: -one["value"]
    )
    others = [
        one
        for one in told
        if one["number"] != "supplier" and (one["number"] != "stock" or one["value"] is not None)
    ]
    return others + sellers[:MOST_SELLERS]


def _own_acts_in_force(now: GameState, game: Game, seat: str) -> list[dict[str, Any]]:
    """Acts of a seat that are in force when the coming round begins."""
    day = first_day(game.played + 1) if not game.over else last_day(game.length)
    mine = (
        [act for act in now.acts if act["id"].split("-")[1] == seat]
        if seat == "firm"
        else [act for act in now.acts if act.get("actor") == GOVERNMENT[seat]]
    )
    return [
        act
        for act in mine
        if act["date"] < day <= act.get("end", "9999")
        or ("end" not in act and act["kind"] not in ("concession", "dispute"))
    ]


def _notes(read: Reading, now: GameState, game: Game, seat: str) -> list[str]:
    """What a seat should not overlook: lines that came to a stop in the half-year, plants that
    opened at home, an act that comes back by itself.
    """
    told: list[str] = []
    coming, after = (
        first_day(min(game.played + 1, game.length)),
        last_day(min(game.played + 1, game.length)),
    )
    if seat == "exporter":
        suspended = {
            act["of"]
            for act in now.acts
            if act["kind"] == "suspension" and act.get("end", "9999") > RETURN_OF_T050
        }
        if after >= RETURN_OF_T050 and coming <= RETURN_OF_T050 and "T050" not in suspended:
            told.append(Line(SENTENCES["returns"]))
        count = len(measures(now.acts, coming)) if not game.over else 0
        told.append(Line(SENTENCES["in force"], count=count))
        return told
    if seat == "firm":
        return [
            Line(SENTENCES["opens"], month=month_name(START, month), name=name)
            for month, _, name in read.plants
            if month >= game.now - HALF and name.startswith("Shin-Etsu")
        ]
    government = GOVERNMENT[seat]
    told += _stop_notes(read.stops(government, game.now - HALF))[:6]
    home = {Facts.default().states[row] for row in rows_of(government)}
    told += [
        Line(SENTENCES["opens at home"], month=month_name(START, month), name=name)
        for month, state, name in sorted(read.plants, reverse=True)
        if state in home and month >= game.now - HALF
    ][:6]
    return told


def _stop_notes(stops: Iterable[tuple[int, str, str, str]]) -> list[str]:
    """Lines that came to a stop: those that lack one thing in one note, the newest first."""
    causes: dict[str, list[tuple[str, str]]] = {}
    for _, day, name, missing in sorted(stops, key=lambda stop: stop[1], reverse=True):
        causes.setdefault(missing, []).append((day, name))
    return [
        Line(SENTENCES["stops"], day=one[0][0], name=one[0][1], missing=missing)
        if len(one) == 1
        else Line(SENTENCES["stop"], count=len(one), missing=missing, day=one[0][0], name=one[0][1])
        for missing, one in causes.items()
    ]


def in_words(seat: str, move: Move) -> str:
    """A move as news tells it: 'Blanket ban (whom: Japan, goods: all)'."""
    told = ", ".join(f"{name.replace('_', ' ')}: {words(option)}" for name, option in move.choices)
    return f"{label_of(seat, move)}{f' ({told})' if told else ''}"


def reveal(game: Game) -> dict[str, Any]:
    """Public news of the last round: who moved what, deals made and broken, what happened in words,
    prices, output lost. Reasons that seats wrote stay private.

    {round, rounds, first_day, last_day, over, moves [{seat, name, moves [text]}], deals_made,
    deals_broken, news [{month, actor, kind, text, told}], prices, losses}. Before the first round:
    round 0, no moves and no news.
    """
    number, read, now = game.played, read_game(game, game.now), replay_game(game)
    last = game.rounds[-1] if game.rounds else None
    return {
        "round": number,
        "rounds": game.length,
        "first_day": first_day(max(number, 1)),
        "last_day": last_day(max(number, 1)),
        "over": game.over,
        "moves": _moves_in_words(game, last) if last else [],
        "deals_made": [deal_in_words(deal) for deal in now.deals if deal.since == number],
        "deals_broken": [
            {
                "id": held.id,
                "by": by,
                "text": Line(
                    SENTENCES["broken"],
                    who=seats()[by].name,
                    deal=deal_kinds()[held.deal.kind].label,
                ),
            }
            for when, by, held in now.breaches
            if when == number
        ],
        "news": news(read, game) if last else [],
        "prices": _facts_of_number(tiles(), read, "price"),
        "losses": _facts_of_number(tiles(), read, "lost"),
    }


def _moves_in_words(game: Game, last: Round) -> list[dict[str, Any]]:
    """Who moved what in a round, in words."""
    return [
        {
            "seat": seat,
            "name": seats()[seat].name,
            "moves": [in_words(seat, move) for move in last.of(seat)],
        }
        for seat in game.seats
    ]


def tiles() -> dict[str, NumberRequest]:
    """The numbers that everyone reads after a round, by their ids: output that the buying
    governments' states lost, and prices.
    """
    return {f"lost_{seat}": NumberRequest("lost", GOVERNMENT[seat]) for seat in BUYERS} | {
        f"price_{good}_{state}": NumberRequest("price", state, good) for good, state in SHOWN
    }


def _facts_of_number(
    numbers: Mapping[str, NumberRequest], read: Reading, number: str
) -> list[Fact]:
    return [fact(one, read, name) for name, one in numbers.items() if one.number == number]


def deal_in_words(held: Any) -> dict[str, Any]:
    """A deal in words."""
    deal = held.deal
    terms = ", ".join(f"{name}: {words(option)}" for name, option in deal.choices)
    text = (
        f"{seats()[deal.first].name} and {seats()[deal.other].name}: "
        f"{deal_kinds()[deal.kind].label} ({terms}), to the end of round {held.last}"
    )
    return {
        "id": held.id,
        "kind": deal.kind,
        "first": deal.first,
        "other": deal.other,
        "text": text,
    }


def news(read: Reading, game: Game) -> list[dict[str, Any]]:
    """What happened in the last round, in words and by month: acts, what governments decided, lines
    that came to a stop (each once), plants that opened. kind and told (its
    phrase): of what the model tells; '' and None for stops and plants.
    """
    first = game.now - HALF
    kinds: dict[tuple[int, str, str | Phrase], str] = {}
    for month, actor, kind, phrase in read.events:
        if month >= first and kind not in QUIET:
            kinds.setdefault((month, actor, phrase), kind)
    told = list(kinds)
    for seat in BUYERS:
        told += [
            (
                month,
                GOVERNMENT[seat],
                Line(SENTENCES["stopped"], day=day, name=name, missing=missing),
            )
            for month, day, name, missing in read.stops(GOVERNMENT[seat], first)
        ]
    told += [
        (month, state, Line(SENTENCES["opened"], name=name))
        for month, state, name in read.plants
        if month >= first
    ]
    told = sorted(dict.fromkeys(told), key=lambda line: line[0])
    return [
        {
            "month": month_name(START, month),
            "actor": actor,
            "kind": kinds.get((month, actor, text), ""),
            "text": str(text) if isinstance(text, Phrase) else text,
            "told": text.to_plain() if isinstance(text, Phrase) else None,
        }
        for month, actor, text in _shorten_news(told)
    ]


def _shorten_news(
    told: list[tuple[int, str, str | Phrase]],
) -> Iterable[tuple[int, str, str | Phrase]]:
    """At most MOST_NEWS lines: what is over is counted in one."""
    if len(told) <= MOST_NEWS:
        return told
    return [
        *told[: MOST_NEWS - 1],
        (told[MOST_NEWS - 1][0], "", Line(SENTENCES["more"], count=len(told) - MOST_NEWS + 1)),
    ]
