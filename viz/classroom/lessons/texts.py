"""The texts of the facilitator's kit: what stands in `lessons.csv` beside this file, with figures
from the scripted games (docs/results/lessons.json), buttons as the pages call them, and commands.

Each row: a lesson ("all" for every one), a part of it, and up to four cells. A cell is a sentence
of the catalogue; its {names} are filled here:

    {ban_lost_target}     median of the worlds of script "ban", with lowest and highest
    {ban_lost_target_m}   the median alone; points are always so, and whole
    {make_room}           what the button is called on the page, in the language that is spoken
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, Final

from coercivity.model.basis.facts import load_table
from coercivity.viz.classroom.engine.example_games import SCRIPTS, TRIO
from coercivity.viz.classroom.engine.game_state import MOST_MOVES
from coercivity.viz.classroom.engine.game_tables import SEATS, check_option
from coercivity.viz.words.language import language, noted, numeral, say
from coercivity.viz.words.range_text import plain_number, round_outward

TEXTS: Final = Path(__file__).parent / "lessons.csv"
# the copy that is installed
RESULTS: Final = Path(__file__).parents[2] / "data" / "results" / "lessons.json"


@dataclass(frozen=True)
class Lesson:
    """A lesson: what it is called and said of it, the seats that are played, and its rounds."""

    label: str
    words: str
    seats: tuple[str, ...]
    rounds: int


LESSONS: Final[Mapping[str, Lesson]] = {
    "30": Lesson(noted("30 minutes"), noted("Two rounds, three seats: a first taste."), TRIO, 2),
    "90": Lesson(
        noted("90 minutes"), noted("Six rounds, all five seats, a short debrief."), SEATS, 6
    ),
    "180": Lesson(
        noted("180 minutes"),
        noted("All eight rounds, with time to bargain and a long debrief."),
        SEATS,
        8,
    ),
}
EVERY: Final = "all"
CELLS: Final = ("one", "two", "three", "four")
PLAIN: Final = frozenset({("plan", "one"), ("january", "two")})  # minutes, ids: not translated
BUTTONS: Final[Mapping[str, str]] = {  # and headings; as a template of the pages has them
    "make_room": "Make a room",
    "roles": "Roles beside the seats",
    "one_screen": "One-screen mode",
    "open_wall": "Open the wall",
    "another_address": "If phones do not get there, show another address",
    "late": "Late? Show the QR code",
    "needed": "Put me where I am needed most",
    "choose_place": "Choose my place",
    "start": "Start the game",
    "clock": "Start the clock",
    "more": "One minute more",
    "close": "Close the round now",
    "reveal": "Reveal the moves",
    "next": "Next round",
    "debrief": "Debrief",
    "end": "End here, debrief",
    "step_in": "Step in",
    "make_captain": "Make captain",
    "let_go": "Let go",
    "go_on": "Go on",
    "keep": "Keep it",
    "propose": "Propose it to the team",
    "seal": "Seal these moves",
    "ready": "I am ready",
    "print": "Print",
    "luck": "What was luck, what was yours?",
    "what_if": "Each decision: what if it had not been taken?",
}
COMMANDS: Final[Mapping[str, str]] = {
    "serve": "coercivity app --host 0.0.0.0",
    "rehearse": "coercivity app --rehearse",
}
QUOTES: Final[Mapping[str, tuple[str, str]]] = {"de": ("„", "“"), "ja": ("「", "」")}
USUAL: Final = ("“", "”")


@cache
def _table() -> tuple[dict[str, str], ...]:
    with TEXTS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def texts() -> Iterator[str]:
    """Every sentence, for the translators."""
    for row in _table():
        yield from (row[name] for name in CELLS if row[name] and (row["part"], name) not in PLAIN)
    yield from (one.label for one in SCRIPTS)


def known_lesson(lesson: str) -> str:
    """A lesson if there is one of this name. Raises InputError."""
    return check_option(lesson, LESSONS, "lesson")


@cache
def load_results() -> dict[str, Any]:
    """What the scripted games gave, as installed."""
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def rows(lesson: str, part: str, values: Mapping[str, object]) -> list[tuple[str, ...]]:
    """The rows of a part of a lesson, those for all lessons first, said and filled."""
    found = [row for row in _table() if row["part"] == part and row["lesson"] in (EVERY, lesson)]
    found.sort(key=lambda row: row["lesson"] != EVERY)
    return [
        tuple(
            row[name] if (part, name) in PLAIN else say(row[name], **values)
            for name in CELLS
            if row[name]
        )
        for row in found
    ]


def lines(lesson: str, part: str, values: Mapping[str, object]) -> tuple[str, ...]:
    """The first cells of a part."""
    return tuple(row[0] for row in rows(lesson, part, values))


# ---------------------------------------------------------------- what is filled in


def quote_text(text: str) -> str:
    """A text between the quotes of the language that is spoken."""
    opens, closes = QUOTES.get(language(), USUAL)
    return f"{opens}{text}{closes}"


def values_of(result: Mapping[str, Any], *, markdown: bool = False) -> dict[str, str]:
    """Whatever a sentence of the kit may ask for by name."""
    buttons = {name: say(text) for name, text in BUTTONS.items()}
    return {
        **figures(result),
        **{name: f"*{text}*" if markdown else quote_text(text) for name, text in buttons.items()},
        **{name: f"`{text}`" if markdown else text for name, text in COMMANDS.items()},
        "moves": str(MOST_MOVES),
        **_of_a_car(),
    }


def figures(result: Mapping[str, Any]) -> dict[str, str]:
    """Every number of every script by its name."""
    found = {}
    for script, one in result["scripts"].items():
        for number, values in one["numbers"].items():
            name = f"{script}_{number}"
            points = number.startswith(("now_", "end_"))
            found[name] = score(values) if points else median_with_range(values)
            found[f"{name}_m"] = score(values) if points else figure(median(values))
    return found


def figure(value: float) -> str:
    """A number as prose shows it: whole ones as they are, else two digits, none behind the point
    from a hundred on.
    """
    digits = 0 if value == int(value) or abs(value) >= 100 else 2 if abs(value) < 1 else 1
    return numeral(f"{value:,.{digits}f}")


def median_with_range(values: list[float]) -> str:
    """Median, with the lowest and highest world."""
    least, most = map(plain_number, round_outward(min(values), max(values), 0.01))
    return say(
        "{middle} ({least} to {most})", middle=figure(median(values)), least=least, most=most
    )


def score(values: list[float]) -> str:
    """Points: the median, whole, and never a nought below nought."""
    return numeral(f"{round(median(values))}")


def _of_a_car() -> dict[str, str]:
    """Motors with magnets in a car (parts.csv)."""
    count = {
        (row["sector"], row["good"]): numeral(f"{float(row['parts']):g}")
        for row in load_table("parts")
        if row["sector"] in ("automotive", "ev_drivetrains")
    }
    return {
        "small": count["automotive", "motor_standard"],
        "hot": count["automotive", "motor_heat_resistant"],
        "drive": count["ev_drivetrains", "motor_heat_resistant"],
    }
