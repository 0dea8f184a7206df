"""The slides of a lesson: what a magnet is, who makes it, how it came to January 2026, the seats, a
half-year, press and market and parliament, how to join, a prediction, questions for the debrief.
Numbers are of the tables that are installed; each slide names its source and the version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from coercivity import __version__
from coercivity.model.basis.facts import Facts, load_table
from coercivity.viz.classroom.engine.debrief import QUESTION
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, seats
from coercivity.viz.classroom.lessons.lesson_plan import place_name
from coercivity.viz.classroom.lessons.texts import LESSONS, lines, rows, values_of
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.documents.slide_parts import Deck, Paragraphs
from coercivity.viz.page_data.door_data import rows_of, shares
from coercivity.viz.words.door_text import short_source
from coercivity.viz.words.language import language, list_names, noted, say
from coercivity.viz.words.range_text import number_in_words

EXPORTER: Final = GOVERNMENT["exporter"]
START: Final = "2024-01"  # the year whose output the model begins with
DAY: Final = "2026-01-01"  # of the file: the game's first
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    noted("Mines"): ("mine_light", "mine_heavy"),
    noted("Separation, light"): ("separate_light",),
    noted("Separation, heavy"): ("separate_heavy",),
    noted("Metal"): ("make_metal",),
    noted("Magnets"): ("make_magnet_standard", "make_magnet_heat_resistant", "make_magnet_smco"),
    noted("Motors"): ("make_motor_standard", "make_motor_heat_resistant"),
}
BIG, USUAL = 24.0, 20.0  # points
QR: Final = 4.2  # inches of the place for a code


def lesson_slides(lesson: str, result: Mapping[str, Any]) -> bytes:
    """The deck of a lesson in the language that is spoken: the same bytes for the same numbers."""
    values = values_of(result)
    (title,) = lines(lesson, "title", values)
    deck = Deck(title, language(), DAY)
    own = _source_line(say("Goals, weights, prices of cards and budgets are assumed."))
    first = deck.slide(title, own)
    first.flow(2.4, (Paragraphs(lines(lesson, "form", values), 32, bold=True),))

    source = _source_line(_sources(load_table("parts").where(sector="automotive")))
    _dots(deck, say("What a magnet is"), lines(lesson, "magnet", values), source)
    _who_makes_it(deck)
    _january(deck, lesson, values)
    _seats(deck, lesson, own)
    _dots(deck, say("How a half-year goes"), lines(lesson, "halfyear", values), own)
    _roles(deck, own)
    _join(deck, lesson, values)
    predict = deck.slide(say("One prediction"), own)
    question = (say(QUESTION),)
    predict.flow(
        1.6,
        (
            Paragraphs(question, 28, bold=True),
            Paragraphs(lines(lesson, "predict", values), BIG, dots=True),
        ),
    )
    _dots(deck, say("Questions for the debrief"), lines(lesson, "question", values), own)
    return deck.file()


def _source_line(source: str) -> str:
    """The line below a slide."""
    return say("coercivity {version} · {source}", version=__version__, source=source)


def _sources(found: Iterable[Any]) -> str:
    """Who says it, each once."""
    return list_names(dict.fromkeys(short_source(str(row["source"])) for row in found))


def _dots(deck: Deck, title: str, told: Sequence[str], source: str) -> None:
    deck.slide(title, source).flow(1.5, (Paragraphs(told, BIG, dots=True),))


def _who_makes_it(deck: Deck) -> None:
    """China's share of each step, and the largest other."""
    body, largest, facts = [], [], Facts.default()
    for step, processes in STEPS.items():
        found, mine = shares(facts, processes, START), rows_of(facts, processes, START)
        others = [one for one in found if one[0] != EXPORTER]
        china = max(
            (row for row in mine if row["state"] == EXPORTER),
            key=lambda row: float(row["tonnes_per_year"]),
        )
        largest.append(china)
        other = (
            say(
                "{state}, {share}",
                state=say(others[0][0]),
                share=number_in_words(others[0][1], "share"),
            )
            if others
            else "–"
        )
        body.append(
            (
                say(step),
                number_in_words(dict(found)[EXPORTER], "share"),
                other,
                _basis_of_share(china),
            )
        )
    heads = (say("Step"), say("China's share"), say("Largest other"), say("Rests on"))
    slide = deck.slide(say("Who makes it"), _source_line(_sources(largest)))
    below = slide.table(1.5, heads, body, (3.0, 2.2, 3.5, 3.4), most=USUAL) + 1.7
    note = (say("Output of the year 2024, as the model begins with it."),)
    slide.flow(below, (Paragraphs(note, 16),))


def _basis_of_share(row: Any) -> str:
    """Whether a share rests on a figure that somebody published."""
    if row["confidence"] == "assumed":
        return say("an assumption")
    return say("published figures")


def _january(deck: Deck, lesson: str, values: Mapping[str, str]) -> None:
    """What happened before the game begins, by the rows of the timeline."""
    told = rows(lesson, "january", values)
    wanted = [row[1] for row in told if len(row) > 1]
    by_id = {row["id"]: row for row in load_table("timeline")}
    source = _source_line(_sources(by_id[one] for one in dict.fromkeys(wanted)))
    _dots(deck, say("How it came to January 2026"), [row[0] for row in told], source)


def _seats(deck: Deck, lesson: str, source: str) -> None:
    """Who sits where, and what each wants."""
    body = [
        (seat_name(seat), say(seats()[seat].who), say(seats()[seat].aims))
        for seat in LESSONS[lesson].seats
    ]
    slide = deck.slide(say("The seats"), source)
    heads = (say("Seat"), say("Who you are"), say("What you want"))
    slide.table(1.4, heads, body, (2.0, 5.2, 4.9), most=18)


def _roles(deck: Deck, source: str) -> None:
    """Press, market and parliament."""
    told = (
        (
            place_name("press"),
            say("You print headlines before the reveal, and score where they come true."),
        ),
        (place_name("market"), say("You bet play money on the numbers of the coming half-year.")),
        (say("Parliament"), say("Your government's concessions need your vote.")),
    )
    both = [say("{name}: {what}", name=name, what=what) for name, what in told]
    _dots(deck, say("Press, market, parliament"), both, source)


def _join(deck: Deck, lesson: str, values: Mapping[str, str]) -> None:
    """How to join, with a square into which the code of the room can be laid."""
    slide = deck.slide(say("How to join"), _source_line(values["serve"]))
    slide.flow(1.5, (Paragraphs(lines(lesson, "join", values), BIG, dots=True),), beside=QR)
    slide.place_beside(QR, say("The QR code is on the wall"), USUAL)
