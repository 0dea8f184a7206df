"""Write the lessons of docs/lessons in English, from what the facilitator's kit says in every
language (lessons.csv of viz/classroom/lessons, the tables of the game); figures are of
docs/results/lessons.json.

    python -m tools.docs.lessons --run
        plays every script of viz/classroom/engine/example_games.py again (some minutes), then
        writes
    python -m tools.docs.lessons
        writes the pages again (part of `make docs`), and the copy of the results that is installed

`coercivity lesson 90 --language de` writes the same as PDF, with slides. In index_template.md,
{{version}} and {{seeds}} are what made the figures.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from coercivity.viz.classroom.engine.example_games import run_scripts
from coercivity.viz.classroom.engine.game_tables import SEATS, Card, cards, seats
from coercivity.viz.classroom.lessons.lesson_plan import plan
from coercivity.viz.classroom.lessons.sheets import sheets
from coercivity.viz.classroom.lessons.texts import LESSONS as EACH
from coercivity.viz.documents.paper_layout import paper_text
from coercivity.viz.words.language import SOURCE, speaking
from tools.docs.stamp import stamp

DOCS = Path(__file__).resolve().parents[2] / "docs"
RESULTS = DOCS / "results" / "lessons.json"
SHOWN = DOCS.parent / "viz" / "data" / "results" / "lessons.json"
LESSONS = DOCS / "lessons"
NOTE = "<!-- made by tools/docs/lessons.py from {source}; do not edit here -->\n\n"
KEPT = ("version", "seeds", "scripts")  # of the results, in the copy that is installed


def shown(result: dict[str, Any]) -> dict[str, Any]:
    """The part of the results that the kit fills in."""
    return {name: result[name] for name in KEPT}


def limits(card: Card) -> str:
    """A card with its limits and a real example, in a row."""
    return f"| {card.label} | {card.does} | {card.limits} | {card.example} ({card.example_date}) |"


def all_sheets(result: dict[str, Any]) -> str:
    """The printed sheets, and behind them what a phone shows behind a tap: limits and examples."""
    lines = ["## Limits and examples of the cards"]
    for seat in SEATS:
        lines += [
            "",
            f"### {seats()[seat].name}",
            "",
            "| card | what it does | limits | it has happened |",
        ]
        lines += ["|---|---|---|---|", *(limits(card) for card in cards()[seat].values())]
    made = paper_text(sheets(SEATS, result, markdown=True), title="Sheets to print")
    return made + "\n" + "\n".join(lines) + "\n"


def pages(result: dict[str, Any]) -> dict[str, str]:
    """Every page of the lessons by its name."""
    with speaking(SOURCE):
        note = NOTE.format(source="viz/classroom/engine/game_*.csv")
        found = {"sheets.md": note + all_sheets(result)}
        for lesson in EACH:
            note = NOTE.format(
                source="viz/classroom/lessons/lessons.csv and docs/results/lessons.json"
            )
            found[f"{lesson}-minutes.md"] = note + paper_text(plan(lesson, result, markdown=True))
    seeds = ", ".join(str(seed) for seed in result["seeds"])
    for path in LESSONS.glob("*_template.md"):
        told = path.read_text(encoding="utf-8").replace("{{version}}", str(result["version"]))
        note = NOTE.format(source=path.name)
        found[path.name.replace("_template", "")] = note + told.replace("{{seeds}}", seeds)
    return found


def main(arguments: list[str]) -> None:
    """Run the scripts where asked, then write."""
    if "--run" in arguments:
        code = stamp()["code"]  # before the first script
        played = {"code": code, **run_scripts()}
        RESULTS.write_text(json.dumps(played, indent=1) + "\n", encoding="utf-8")
    result = json.loads(RESULTS.read_text(encoding="utf-8"))
    SHOWN.parent.mkdir(parents=True, exist_ok=True)
    SHOWN.write_text(json.dumps(shown(result), indent=1) + "\n", encoding="utf-8")
    made = pages(result)
    for name, text in made.items():
        (LESSONS / name).write_text(text, encoding="utf-8")
    print(f"Wrote {len(made)} pages of lessons")


if __name__ == "__main__":
    main(sys.argv[1:])
