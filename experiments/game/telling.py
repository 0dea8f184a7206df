"""What seats are told: a private brief before each round with what only that seat could see, and
the public news after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from coercivity.experiments.game.acts import first_day, last_day, measures
from coercivity.experiments.game.pieces import LEAD, ROUND_MONTHS, START, Game, Line, Move, Round
from coercivity.experiments.game.reading import ROWS, Reading, read_game
from coercivity.experiments.game.scoring import PLANT_STAGES, dependence, score_seat
from coercivity.experiments.game.standing import Standing, label_of, open_deals, standing
from coercivity.experiments.game.table import GOVERNMENT, SEATS, deal_kinds, known, seats, words
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.names import GOODS, STAGES, STATES

HALF: Final = ROUND_MONTHS
SHOWN: Final = (  # goods whose prices everyone reads
    ("NdPr oxide", "ndpr_oxide"),
    ("dysprosium oxide", "dysprosium_oxide"),
    ("terbium oxide", "terbium_oxide"),
    ("heat-resistant magnets", "magnet_heat_resistant"),
)
STORED: Final = (
    ("NdPr metal", "ndpr_metal"),
    ("dysprosium oxide", "dysprosium_oxide"),
    ("heat-resistant magnets", "magnet_heat_resistant"),
    ("motors with heat-resistant magnets", "motor_heat_resistant"),
)
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
    "opens at home": "{month}: a plant opens: {name}.",
    "stopped": "{day}: a line at {name} stops: no {missing}",
    "opened": "A plant opens: {name}",
    "more": "and {count} more",
    "broken": "{who} breaks {id}: {deal}",
}
# the suspension of the rule on foreign-made goods ends on this day, by the act of October 2025
RETURN_OF_T050: Final = "2026-11-10"

Fact = dict[str, Any]


def brief(game: Game, seat: str) -> dict[str, Any]:
    """What a seat knows before the coming round: nothing that only another seat could see. Plain
    values with units, for JSON.

    {seat, name, who, aims, round, rounds, first_day, last_day, over, budget {total, promised, left,
    unit}, facts [{id, label, value, before, unit}], notes [text], own_acts [text], deals [...],
    score {...}}; ``before`` is the value half a year earlier.
    """
    known(seat, SEATS, "seat")
    who, now = seats()[seat], standing(game)
    read = read_game(game, game.now)
    number = min(game.played + 1, game.length)
    facts = {"exporter": _exporter, "firm": _firm}.get(seat, _importer)(read, seat)
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
        "facts": facts,
        "notes": _notes(read, now, game, seat),
        "own_acts": [act["text"] for act in _own(now, game, seat)],
        "deals": [deal for deal in open_deals(game) if seat in (deal["first"], deal["other"])],
        "score": score_seat(read, now, game.now, seat),
    }


def fact(name: str, label: str, value: float, unit: str, before: float | None = None) -> Fact:
    """One line of a brief; a number that is not defined is None."""

    def clean(number: float | None) -> float | None:
        return None if number is None or not np.isfinite(number) else float(number)

    return {
        "id": name,
        "label": label,
        "value": clean(value),
        "unit": unit,
        "before": clean(before),
    }


def _sum(series: Any, months: int = HALF, ago: int = 0) -> float:
    """Sum over the last months, or over those before."""
    last = len(series) - ago
    return float(series[max(last - months, 0) : last].sum())


def _importer(read: Reading, seat: str) -> list[Fact]:
    """What a government that buys sees at home: stocks, queue, losses, stops, dependence,
    plants.
    """
    government = GOVERNMENT[seat]
    rows, until = ROWS[government], read.months
    waiting, lost, cost, motors = (
        read.of(name, government) for name in ("waiting", "lost", "cost", "motors")
    )
    users = np.isin(read.user_state, rows)
    down = read.down[:, users].sum(axis=1)
    under_way = read["building"][:, rows][:, :, PLANT_STAGES].sum(axis=(1, 2))
    of_all = "% of what your states buy"
    return [
        *_stocks(read, rows),
        fact("waiting", "Orders from China that wait for a licence", *_two(waiting, "USD million")),
        fact("lost", "Output lost at home in the last half-year", *_halves(lost, "USD million")),
        fact("cost", "Extra cost of parts in the last half-year", *_halves(cost, "USD million")),
        fact(
            "down",
            "Lines of end users that stand today",
            *_two(down, f"of {int(users.sum())} firms"),
        ),
        fact(
            "dependence",
            "Bought from China in the last year",
            dependence(read, until, government),
            of_all,
            dependence(read, until - HALF, government),
        ),
        fact(
            "motors",
            "Motors bought from China in the last half-year",
            *_halves(motors, "t of magnet in them"),
        ),
        fact("building", "Plants under way in your states", *_two(under_way, "t a year")),
    ]


def _stocks(read: Reading, rows: list[int]) -> list[Fact]:
    """Stocks of the goods that firms of these states hold, in months of use."""
    facts = []
    for label, good in STORED:
        stock = read["cover"][:, rows, GOODS.index(good)]
        now, before = (
            float(np.nanmean(stock[when])) if np.isfinite(stock[when]).any() else float("nan")
            for when in (read.months - 1, read.months - 1 - HALF)
        )
        if np.isfinite(now):
            facts.append(
                fact(f"stock_{good}", f"Your firms' stock of {label}", now, "months of use", before)
            )
    return facts


def _halves(series: Any, unit: str) -> tuple[float, str, float]:
    """Sum of the last half-year, unit, sum of the one before: the tail of a fact."""
    return _sum(series), unit, _sum(series, HALF, HALF)


def _two(series: Any, unit: str) -> tuple[float, str, float]:
    """Value now, unit, value half a year ago: the tail of a fact."""
    return float(series[-1]), unit, float(series[-1 - HALF])


def _exporter(read: Reading, seat: str) -> list[Fact]:
    facts = [
        fact(
            "exports",
            "Your exporters earned abroad in the last half-year",
            _sum(read.of("sold_to", "World")),
            "USD million",
            _sum(read.of("sold_to", "World"), HALF, HALF),
        )
    ]
    for other in ("target", "ally", "bloc"):
        sold = read.of("sold_to", GOVERNMENT[other])
        facts.append(
            fact(
                f"sold_{other}",
                f"of that, in {words(other)}",
                _sum(sold),
                "USD million",
                _sum(sold, HALF, HALF),
            )
        )
    for other in ("target", "ally", "bloc"):
        waiting = read.of("waiting", GOVERNMENT[other])
        facts.append(
            fact(
                f"queue_{other}",
                f"Applications for {words(other)} at your licensing office",
                waiting[-1],
                "USD million",
                waiting[-1 - HALF],
            )
        )
    outside = [row for row in range(len(STATES)) if row not in ROWS["China"]]
    for stage in ("separation", "magnet"):
        under_way = read["building"][:, outside][:, :, STAGES.index(stage)].sum(axis=1)
        facts.append(
            fact(
                f"rivals_{stage}", f"Rival {stage} capacity under way", *_two(under_way, "t a year")
            )
        )
    facts.append(
        fact("credibility", "How far your threats are believed", *_two(read.credibility, "0-1"))
    )
    return facts


def _firm(read: Reading, seat: str) -> list[Fact]:
    flow = read["firm"]
    magnets, ordered, sold, sales = flow[:, 1], flow[:, 2], flow[:, 8], flow[:, 3]
    earned = flow[:, 3] - flow[:, 4] - flow[:, 5]
    fill = [
        100.0 * _sum(sold, HALF, ago) / max(_sum(ordered, HALF, ago), 1e-9) for ago in (0, HALF)
    ]
    facts = [
        fact("stock", "Your stock of inputs", *_two(flow[:, 7], "months of use")),
        fact("tied_up", "Money in that stock", *_two(flow[:, 6], "USD million")),
        fact(
            "fill",
            "Orders that you filled in the last half-year",
            min(fill[0], 100.0),
            "% of tonnes ordered",
            min(fill[1], 100.0),
        ),
        fact(
            "made",
            "Magnets made in the last half-year",
            _sum(magnets),
            "t",
            _sum(magnets, HALF, HALF),
        ),
        fact(
            "sales",
            "Sales in the last half-year",
            _sum(sales),
            "USD million",
            _sum(sales, HALF, HALF),
        ),
        fact(
            "earned",
            "Sales less inputs and conversion",
            _sum(earned),
            "USD million",
            _sum(earned, HALF, HALF),
        ),
    ]
    share = 100.0 * read.suppliers[-HALF:].mean(axis=0)
    before = 100.0 * read.suppliers[-2 * HALF : -HALF].mean(axis=0)
    for state in np.argsort(-share, kind="stable")[:4]:
        facts.append(
            fact(
                f"from_{state}",
                f"Bought in {STATES[state]}",
                share[state],
                "% of your inputs",
                before[state],
            )
        )
    return facts


def _own(now: Standing, game: Game, seat: str) -> list[dict[str, Any]]:
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


def _notes(read: Reading, now: Standing, game: Game, seat: str) -> list[str]:
    """What a seat should not overlook: its first stops, plants that opened at home, an act that
    comes back by itself.
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
    told += [
        Line(SENTENCES["stops"], day=day, name=name, missing=missing)
        for month, day, name, missing in read.stops(government, LEAD)
        if month >= game.now - HALF
    ][:6]
    home = {STATES[row] for row in ROWS[government]}
    told += [
        Line(SENTENCES["opens at home"], month=month_name(START, month), name=name)
        for month, state, name in read.plants
        if state in home and month >= game.now - HALF
    ][:6]
    return told


def in_words(seat: str, move: Move) -> str:
    """A move as news tells it: 'Blanket ban (whom: Japan, goods: all)'."""
    told = ", ".join(f"{name.replace('_', ' ')}: {words(option)}" for name, option in move.choices)
    return f"{label_of(seat, move)}{f' ({told})' if told else ''}"


def reveal(game: Game) -> dict[str, Any]:
    """Public news of the last round: who moved what, deals made and broken, what happened in words,
    prices, output lost. Reasons that seats wrote stay private.

    {round, rounds, first_day, last_day, over, moves [{seat, name, moves [text]}], deals_made,
    deals_broken, news [{month, actor, text}], prices, losses}. Before the first round: round 0, no
    moves and no news.
    """
    number, read, now = game.played, read_game(game, game.now), standing(game)
    last = game.rounds[-1] if game.rounds else None
    return {
        "round": number,
        "rounds": game.length,
        "first_day": first_day(max(number, 1)),
        "last_day": last_day(max(number, 1)),
        "over": game.over,
        "moves": _moves_told(game, last) if last else [],
        "deals_made": [told_deal(deal) for deal in now.deals if deal.since == number],
        "deals_broken": [
            {
                "id": held.id,
                "by": by,
                "text": Line(
                    SENTENCES["broken"],
                    who=seats()[by].name,
                    id=held.id,
                    deal=deal_kinds()[held.deal.kind].label,
                ),
            }
            for when, by, held in now.breaches
            if when == number
        ],
        "news": news(read, game) if last else [],
        "prices": [
            fact(good, f"Price of {label}", *_two(read["price"][:, GOODS.index(good)], "USD/kg"))
            for label, good in SHOWN
        ],
        "losses": _losses_told(read),
    }


def _moves_told(game: Game, last: Round) -> list[dict[str, Any]]:
    """Who moved what in a round, in words."""
    return [
        {
            "seat": seat,
            "name": seats()[seat].name,
            "moves": [in_words(seat, move) for move in last.of(seat)],
        }
        for seat in game.seats
    ]


def _losses_told(read: Reading) -> list[Fact]:
    """Output that the buying governments' states lost."""
    return [
        fact(
            f"lost_{seat}",
            f"Output lost in {words(seat)}",
            *_halves(read.of("lost", GOVERNMENT[seat]), "USD million in the half-year"),
        )
        for seat in ("target", "ally", "bloc")
    ]


def told_deal(held: Any) -> dict[str, Any]:
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


def news(read: Reading, game: Game) -> list[dict[str, str]]:
    """What happened in the last round, in words and by month: acts, what governments decided, first
    stops of lines, plants that opened.
    """
    first = game.now - HALF
    told: list[tuple[int, str, str]] = [
        (month, actor, text)
        for month, actor, kind, text in read.events
        if month >= first and kind not in QUIET
    ]
    for seat in ("target", "ally", "bloc"):
        told += [
            (
                month,
                GOVERNMENT[seat],
                Line(SENTENCES["stopped"], day=day, name=name, missing=missing),
            )
            for month, day, name, missing in read.stops(GOVERNMENT[seat], LEAD)
            if month >= first
        ]
    told += [
        (month, state, Line(SENTENCES["opened"], name=name))
        for month, state, name in read.plants
        if month >= first
    ]
    told = sorted(dict.fromkeys(told), key=lambda line: line[0])
    return [
        {"month": month_name(START, month), "actor": actor, "text": text}
        for month, actor, text in _thin(told)
    ]


def _thin(told: list[tuple[int, str, str]]) -> Iterable[tuple[int, str, str]]:
    """At most MOST_NEWS lines: what is over is counted in one."""
    if len(told) <= MOST_NEWS:
        return told
    return [
        *told[: MOST_NEWS - 1],
        (told[MOST_NEWS - 1][0], "", Line(SENTENCES["more"], count=len(told) - MOST_NEWS + 1)),
    ]
