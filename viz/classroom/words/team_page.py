"""The page that a team takes home from a class game: its score with its goals and their bands, what
it decided round by round, deals kept and broken, two numbers that moved, one chart, and what luck
did. It names seats alone: no person and no team. In the language that is spoken;
`lessons/team_files.py` lays it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity import __version__
from coercivity.experiments.lab.histories import Range
from coercivity.model.basis.calendar import month_index, month_name, month_names
from coercivity.viz.classroom.engine.game_histories import (
    Draws,
    History,
    Place,
    band,
    place_numbers,
)
from coercivity.viz.classroom.engine.game_state import LEAD, START, Game, round_month
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, deal_kinds, goals
from coercivity.viz.classroom.engine.round_effects import DealRecord, replay_game
from coercivity.viz.classroom.engine.scoring import charge, points
from coercivity.viz.classroom.words.band_text import headline_labels, row, units
from coercivity.viz.classroom.words.game_text import counted_unit, move_words, seat_name, terms
from coercivity.viz.words.briefing import LIMITS, Chart
from coercivity.viz.words.chart_words import LICENCE
from coercivity.viz.words.dates import date_in_words, span_in_words
from coercivity.viz.words.language import (
    Name,
    join_sentences,
    language,
    noted,
    numeral,
    say,
    semicolons,
)
from coercivity.viz.words.range_text import range_ends_words, round_outward

MOVED: Final = 2  # numbers that are told of
OF_SEAT: Final[Mapping[str, tuple[str, ...]]] = {  # headlines that concern a seat
    "exporter": ("exports", "place", "outside", "lost_target"),
    "target": ("lost_target", "stood_target", "cost_target", "dependence_target"),
    "ally": ("lost_ally", "dependence_ally", "outside"),
    "bloc": ("lost_bloc", "dependence_bloc", "outside"),
    "firm": ("price_dy", "stood_target", "lost_target", "outside"),
}
AMONG: Final[Mapping[str, str]] = {  # units that stand around their number
    "USD bn a year": noted("USD {number} bn a year"),
    "USD million": noted("USD {number} million"),
}
ASSUMED: Final = noted(
    "Goals, weights and scales are assumed: compare a seat with itself, not with the others."
)


@dataclass(frozen=True)
class PageHeads:
    """What stands above each part and each column."""

    goals: str
    goal: str
    came: str
    again: str
    points: str
    weight: str
    rounds: str
    deals: str
    moved: str
    luck: str


@dataclass(frozen=True)
class TeamPage:
    """All that stands on the page, in one language. goals: rows of label, what it came to, the same
    decisions again, points, weight.
    """

    language: str
    seat: str
    heads: PageHeads
    title: str
    beneath: str
    made_on: str
    short: str
    goals: tuple[tuple[str, ...], ...]
    rounds: tuple[str, ...]
    deals: tuple[str, ...]
    moved: tuple[str, ...]
    luck: tuple[str, ...]
    charts: tuple[Chart, ...]
    reading: str
    limits: str


def team_page(
    game: Game, seat: str, own: History, mine: Draws, quiet: Draws, day: str = ""
) -> TeamPage:
    """The page of one seat. own: the class's history; mine, quiet: the draws of its decisions and
    of its twin that have come so far, by number; day: on which it is made, YYYY-MM-DD ('' for no
    day).
    """
    places = place_numbers(own, mine, quiet)
    return TeamPage(
        language=language(),
        seat=seat,
        heads=_heads(),
        title=say("{seat}: result of a class game", seat=seat_name(seat)),
        beneath=_subtitle_line(game),
        made_on=_made_on(day),
        short=_score_sentence(seat, own),
        goals=tuple(_goals(game, seat, places)),
        rounds=tuple(_rounds(game, seat)),
        deals=tuple(_deals(game, seat)),
        moved=tuple(_most_moved_numbers(seat, places)),
        luck=tuple(_luck(seat, places)),
        charts=(_chart(game, seat, own, mine, quiet),),
        reading=_reading(len(mine)),
        limits=join_sentences((say(ASSUMED), say(LIMITS[0]))),
    )


def _heads() -> PageHeads:
    return PageHeads(
        goals=say("Goals, four years after the game"),
        goal=say("Goal"),
        came=say("Value"),
        again=say("The same decisions again, 8 of 10 histories"),
        points=say("Points"),
        weight=say("Weight"),
        rounds=say("What was decided"),
        deals=say("Deals"),
        moved=say("Two numbers that moved"),
        luck=say("What luck did"),
    )


def _subtitle_line(game: Game) -> str:
    wording = (
        noted("{count} half-years from {month} on, seed {seed}; deals bind.")
        if game.binding
        else noted("{count} half-years from {month} on, seed {seed}; deals can be broken.")
    )
    return say(wording, count=game.length, month=date_in_words(round_month(1)), seed=game.seed)


def _made_on(day: str) -> str:
    if not day:
        return say("Made with Coercivity {version}", version=__version__)
    return say(
        "Made on {day} with Coercivity {version}", day=date_in_words(day), version=__version__
    )


def _score_sentence(seat: str, own: History) -> str:
    now, end = (_whole_number(own.values[f"{when}_{seat}"]) for when in ("now", "end"))
    return say(
        "{now} points after the last round, {end} four years later; 100 is full success.",
        now=now,
        end=end,
    )


def _whole_number(value: float) -> str:
    return numeral(f"{round(value):,d}").replace("-", "−")


# ---------------------------------------------------------------- its parts


def _goals(game: Game, seat: str, places: Mapping[str, Place]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for goal in goals(game.rules)[seat]:
        place = places[f"{seat}.{goal.goal}"]
        value = _with_unit(place.value, goal.unit)
        rows.append(
            (
                say(goal.label),
                value,
                band_words(place.luck),
                _whole_number(points(goal, place.value, game.rules)),
                say("{number}%", number=f"{100 * goal.weight:.0f}"),
            )
        )
    return rows + [
        (
            say(line["label"]),
            _with_unit(line["value"], line["unit"]),
            "–",
            _whole_number(line["points"]),
            say("{number}%", number=f"{100 * line['weight']:.0f}"),
        )
        for line in charge(replay_game(game), game.months, seat)
    ]


def _with_unit(value: float, unit: str) -> str:
    """What a goal came to, in its unit."""
    number = _number(value)
    if said := counted_unit(unit, round(value)):
        return said
    if unit in AMONG:
        return say(AMONG[unit], number=number)
    if unit.startswith("%"):
        return say("{number}{unit}", number=number, unit=say(unit))
    if "0-1" in unit:  # what is no unit, but from where to where it goes
        return say("{number} ({unit})", number=number, unit=say(unit))
    return say("{number} {unit}", number=number, unit=say(unit))


def _number(value: float, digits: int = 2) -> str:
    """A number of any unit to so many digits."""
    rounded = float(f"{value:.{digits}g}")
    text = f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:.{digits}g}"
    return numeral("0" if rounded == 0 else text).replace("-", "−")


def band_words(found: Range | None) -> str:
    """A band without its unit, with the digits that it bears."""
    return range_ends_words(*round_outward(found.low, found.high, 0.01)) if found else "–"


def _rounds(game: Game, seat: str) -> list[str]:
    told = []
    for number, this_round in enumerate(game.rounds, start=1):
        moves = [
            say("{move} – {why}", move=move_words(seat, move), why=move.why)
            if move.why
            else move_words(seat, move)
            for move in this_round.of(seat)
        ]
        when = span_in_words(round_month(number), _last_month(number))
        decided = semicolons(moves) or say("no move")
        told.append(say("Round {round}, {when}: {moves}", round=number, when=when, moves=decided))
    return told


def _last_month(number: int) -> str:
    return month_name(START, month_index(START, round_month(number + 1)) - 1)


def _deals(game: Game, seat: str) -> list[str]:
    held = [one for one in replay_game(game).deals if seat in one.deal.parties]
    return [_deal(one, seat) for one in held] or [say("None was made.")]


def _deal(held: DealRecord, seat: str) -> str:
    """A deal of the seat, and what became of it."""
    first, other = held.deal.parties
    of = {
        "deal": say(deal_kinds()[held.deal.kind].label),
        "other": seat_name(other if seat == first else first),
        "terms": terms(held.deal.choices),
        "since": held.since,
    }
    if held.broken_in:
        return say(
            "{deal} with {other} ({terms}), from round {since} on: broken by {who} in round "
            "{round}.",
            who=seat_name(held.broken_by),
            round=held.broken_in,
            **of,
        )
    return say(
        "{deal} with {other} ({terms}), from round {since} to {last}: kept.", last=held.last, **of
    )


def _most_moved_numbers(seat: str, places: Mapping[str, Place]) -> list[str]:
    """The numbers of a seat that are furthest from the twin's beside how far they vary."""
    labels, kinds = headline_labels(), units()
    names = [name for name in OF_SEAT[seat] if name in places]
    names.sort(key=lambda name: -_distance_from_twin(places[name]))
    told = []
    for name in names[:MOVED]:
        found = row(places[name], kinds[name])
        line = say("{label}: {value}.", label=labels[name], value=found["value"])
        told.append(
            join_sentences(words for words in (line, found["own"], found["quiet"]) if words)
        )
    return told


def _distance_from_twin(place: Place) -> float:
    """How far a number is from its twin's beside how far the difference varies; none where it does
    not stand out.
    """
    if place.own is None or not place.own.stands_out:
        return 0.0
    found = place.own.range
    return abs(found.middle) / max(found.high - found.low, 1e-9)


def _luck(seat: str, places: Mapping[str, Place]) -> list[str]:
    place = places[f"end_{seat}"]
    if place.luck is None:
        return [say("Too few other histories are there yet to tell.")]
    found = row(place, "points", of_seat=True)
    score = say("The score four years later: {value}.", value=found["value"])
    told = [join_sentences((score, found["luck"]))]
    if found["usual"]:
        told.append(
            say("It lies where the same decisions usually lead: luck neither made nor spoilt it.")
        )
    if found["own"]:
        told.append(found["own"])
    return told


# ---------------------------------------------------------------- its chart


def _chart(game: Game, seat: str, own: History, mine: Draws, quiet: Draws) -> Chart:
    months = month_names(START, game.months)[LEAD:]
    line = np.array(own.lines[seat], dtype=float)
    found = band(mine, seat) if mine else np.full((3, len(line)), np.nan)
    what, unit = _line_words(seat)
    return Chart(
        id=seat,
        title=what,
        below=unit,
        unit=unit,
        share=False,
        months=months[: len(line)],
        band=np.array([found[0], line, found[2]]),
        ghost=band(quiet, seat)[1] if quiet else None,
        twin=say("with nothing from China"),
        caption=join_sentences((say("{what}, {unit}.", what=what, unit=unit), _reading(len(mine)))),
        note="",
        source=say(
            "Source: Coercivity {version}, a class game, seed {seed}, {of} histories. Licence: "
            "{licence}.",
            version=__version__,
            seed=game.seed,
            of=len(mine),
            licence=LICENCE,
        ),
        language=language(),
        line=say("your history"),
    )


def _line_words(seat: str) -> tuple[str, str]:
    """What a seat's line is, and its unit."""
    if seat == "exporter":
        return say("Chinese export earnings"), say("USD million a month")
    if seat == "firm":
        return say("The firm's stock of inputs"), say("months of use")
    state = Name(GOVERNMENT[seat])
    return say("Lines of end users that stand in {state}", state=state), say("lines")


def _reading(of: int) -> str:
    return say(
        "Blue line: your history; eight of ten histories of the same decisions lie in the shaded "
        "band, of {of} in all. Dashed: the middle of the same histories with nothing from China.",
        of=of,
    )
