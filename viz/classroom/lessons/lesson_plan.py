"""What a lesson says on paper: the page of the plan, in the language that is spoken, as blocks that
`viz/documents/paper_layout.py` lays out as PDF or as text with marks (docs/lessons).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from coercivity import __version__
from coercivity.viz.classroom.engine.example_games import SCRIPTS
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT
from coercivity.viz.classroom.lessons.texts import (
    LESSONS,
    lines,
    median_with_range,
    rows,
    score,
    values_of,
)
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.documents.paper_layout import Block, Paper
from coercivity.viz.words.language import Name, language, say

PEOPLE: Final = (8, 20, 40)  # of the table of places
ROLES: Final = ("press", "market", *(f"board:{seat}" for seat in ("target", "ally", "bloc")))
TICKED: Final[Mapping[str, Mapping[int, tuple[str, ...]]]] = {  # roles by lesson and people
    "30": {8: (), 20: (), 40: ROLES[:2]},
    "90": {8: (), 20: ROLES[:2], 40: ROLES},
    "180": {8: (), 20: ROLES[:2], 40: ROLES},
}
SIMULATED: Final = 30  # pupils of a rehearsal, as it begins


def table(
    heads: tuple[str, ...], body: Sequence[tuple[str, ...]], widths: tuple[float, ...]
) -> Block:
    """A table."""
    return Block("table", heads=heads, rows=tuple(body), widths=widths)


def place_name(place: str) -> str:
    """What a seat or a role is called, as where one joins."""
    if place.startswith("board:"):
        return say("Parliament of {state}", state=Name(GOVERNMENT[place.removeprefix("board:")]))
    return {"press": say("Press"), "market": say("Market")}.get(place) or seat_name(place)


def short_name(seat: str) -> str:
    """Who sits in a seat, where there is little room."""
    return say(GOVERNMENT[seat]) if seat in GOVERNMENT else say("Firm")


def spread(people: int, places: tuple[str, ...]) -> dict[str, int]:
    """How many come to each place where all are put where they are needed most: a free seat first,
    then the emptiest place, in the order of the places (room_places.needed_most).
    """
    share, rest = divmod(people, len(places))
    return {place: share + (at < rest) for at, place in enumerate(places)}


def plan(lesson: str, result: Mapping[str, Any], *, markdown: bool = False) -> Paper:
    """The page of a lesson."""
    values = values_of(result, markdown=markdown) | {"people": str(SIMULATED)}
    (title,) = lines(lesson, "title", values)
    blocks = (
        Block("title", (title,)),
        Block("text", (*lines(lesson, "goal", values), *lines(lesson, "form", values))),
        Block("head", (say("What you need"),)),
        Block("dots", lines(lesson, "need", values)),
        Block("head", (say("Before the class"),)),
        Block("steps", lines(lesson, "before", values)),
        Block("head", (say("Minute by minute"),)),
        table(
            (say("Minute"), say("On the wall"), say("On the phones"), say("You")),
            rows(lesson, "plan", values),
            (0.7, 1.5, 2.1, 2.8),
        ),
        Block("head", (say("Who plays what"),)),
        Block("text", lines(lesson, "places", values)),
        _places(lesson),
        Block("head", (say("What goes wrong, and what to do"),)),
        table((say("What happens"), say("What to do")), rows(lesson, "watch", values), (1.6, 5.5)),
        Block("head", (say("Rehearse alone, in ten minutes"),)),
        Block("steps", lines(lesson, "rehearse", values)),
        Block("head", (say("To read aloud"),)),
        *(
            Block("text", (say("{name}: {what}", name=when, what=words),))
            for when, words in rows(lesson, "aloud", values)
        ),
        Block("head", (say("Questions for the debrief"),)),
        Block("steps", lines(lesson, "question", values)),
        Block("head", (say("What classes do, and what the model answers"),)),
        Block("small", (_of_scripts(result),)),
        _scripts(lesson, result),
        Block(
            "dots",
            tuple(
                say("{name}: {what}", name=name, what=what)
                for name, what in rows(lesson, "answer", values)
            ),
        ),
        Block("head", (say("Common misreadings"),)),
        Block("dots", lines(lesson, "misread", values)),
        Block("head", (say("What is assumed, and what the model cannot tell"),)),
        Block("text", lines(lesson, "assumed", values)),
    )
    return Paper(title, language(), _version_line(result), blocks)


def _places(lesson: str) -> Block:
    """Who plays what by how many there are."""
    seats = LESSONS[lesson].seats
    columns = [spread(people, (*seats, *TICKED[lesson][people])) for people in PEOPLE]
    used = [place for place in (*seats, *ROLES) if any(place in one for one in columns)]
    body = [(place_name(place), *(str(one.get(place, "–")) for one in columns)) for place in used]
    heads = (say("Place"), *(say("{count} people", count=people) for people in PEOPLE))
    return table(heads, body, (2.6, 1.5, 1.5, 1.5))


def _of_scripts(result: Mapping[str, Any]) -> str:
    return say(
        "Scripted games; seats that are not named do nothing. Medians of {count} worlds, with the "
        "lowest and highest in brackets, from the first round to four years after the last; points "
        "in the sentences are those of four years later.",
        count=len(result["seeds"]),
    )


def _scripts(lesson: str, result: Mapping[str, Any]) -> Block:
    """The scripts of a lesson: what Japan loses and pays, how long a line stands, points."""
    played, body = LESSONS[lesson].seats, []
    for one in (script for script in SCRIPTS if script.lesson == lesson):
        told = result["scripts"][one.id]["numbers"]
        points = (f"{score(told[f'now_{seat}'])} / {score(told[f'end_{seat}'])}" for seat in played)
        sums = (
            median_with_range(told[name]) for name in ("lost_target", "cost_target", "stood_target")
        )
        body.append((say(one.label), *sums, *points))
    heads = (
        say("What is played"),
        say("Output lost in Japan, USD bn"),
        say("Extra cost in Japan, USD bn"),
        say("Months a line in Japan stands"),
        *(f"{short_name(seat)} *" for seat in played),
    )
    return table(heads, body, (1.8, 1.15, 1.25, 1.0, *(0.75 for _ in played)))


def _version_line(result: Mapping[str, Any]) -> str:
    """By which version, with which seeds; what the star behind a seat says."""
    seeds = ", ".join(str(seed) for seed in result["seeds"])
    made = say("coercivity {version}, seeds {seeds}", version=result["version"], seeds=seeds)
    return f"{made}. * {say('Points at the end and four years later')}"


def version_sentence() -> str:
    """By which version, and what of it is assumed."""
    return say(
        "coercivity {version}. Goals, weights, prices of cards and budgets are assumed.",
        version=__version__,
    )
