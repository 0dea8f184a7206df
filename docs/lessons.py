"""Write the lessons: figures from docs/results/lessons.json into docs/lessons/*.md, and the printed
sheets from the tables of the game.

    python docs/lessons.py --run    plays every script of experiments/game/scripts.py again (some
                                    minutes), then writes
    python docs/lessons.py          writes the pages again (part of `make docs`)

In a template, {{ban.lost_target}} is the median of the worlds with the lowest and highest,
{{ban.lost_target|m}} the median alone, {{table 30}} the scripts of a lesson, {{version}} and
{{seeds}} what made them.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from statistics import median
from typing import Any

from coercivity.experiments.game.prices import prices
from coercivity.experiments.game.scripts import run_scripts
from coercivity.experiments.game.table import SEATS, Card, cards, deal_kinds, goals, seats, words
from coercivity.experiments.paper.stamp import stamp

DOCS = Path(__file__).resolve().parent
RESULTS = DOCS / "results" / "lessons.json"
LESSONS = DOCS / "lessons"
NOTE = "<!-- made by docs/lessons.py from {source}; do not edit here -->\n\n"
MARK = re.compile(r"\{\{([a-z0-9_. |]+)\}\}")
SHORT = {"exporter": "China", "target": "Japan", "ally": "US", "bloc": "EU", "firm": "Firm"}


def figure(value: float) -> str:
    """A number as prose shows it: whole ones as they are, else two digits, none behind the point
    from a hundred on.
    """
    if value == int(value):
        return f"{value:,.0f}"
    return (
        f"{value:.2f}"
        if abs(value) < 1
        else f"{value:.1f}"
        if abs(value) < 100
        else f"{value:,.0f}"
    )


def shown(values: list[float], only: bool) -> str:
    """Median, with the lowest and highest world."""
    return (
        figure(median(values))
        if only
        else f"{figure(median(values))} ({figure(min(values))} to {figure(max(values))})"
    )


def score(values: list[float]) -> str:
    """A score: the median, whole."""
    return f"{median(values):.0f}"


def table(result: dict[str, Any], lesson: str) -> str:
    """The scripts of a lesson: what Japan loses and pays, how long a line there stands, what each
    seat scores at the end and four years later.
    """
    chosen = {name: one for name, one in result["scripts"].items() if one["lesson"] == lesson}
    played = SEATS if lesson != "30" else ("exporter", "target", "firm")
    heads = [
        "what the class does",
        "output lost in Japan, USD bn",
        "extra cost in Japan, USD bn",
        "months a line in Japan stands",
        *(SHORT[seat] for seat in played),
    ]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for one in chosen.values():
        told = one["numbers"]
        points = [f"{score(told[f'now_{seat}'])} / {score(told[f'end_{seat}'])}" for seat in played]
        cells = [
            one["label"],
            shown(told["lost_target"], False),
            shown(told["cost_target"], False),
            shown(told["stood_target"], False),
            *points,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def filled(template: str, result: dict[str, Any]) -> str:
    """A template with its figures. Raises KeyError for a name that the results do not hold."""

    def put(found: re.Match[str]) -> str:
        name, _, only = found[1].partition("|")
        if name.startswith("table "):
            return table(result, name.split()[1])
        if name in ("version", "seeds"):
            return (
                str(result["version"])
                if name == "version"
                else ", ".join(str(seed) for seed in result["seeds"])
            )
        script, _, number = name.partition(".")
        values = result["scripts"][script]["numbers"][number]
        if number.startswith(("now_", "end_")):
            return score(values)
        return shown(values, bool(only))

    return MARK.sub(put, template)


def options(card: Card) -> str:
    """The choices of a card with boxes to tick."""
    return (
        "<br>".join(
            f"{name.replace('_', ' ')}: " + " ".join(f"☐ {words(option)}" for option in found)
            for name, found in card.choices
        )
        or "–"
    )


def cost(card: Card) -> str:
    """What a card costs, from the cheapest to the dearest way to play it."""
    found = [price for _, price in prices(card)]
    return (
        "free"
        if not max(found)
        else f"{min(found):g}"
        if min(found) == max(found)
        else f"{min(found):g} to {max(found):g}"
    )


def sheet(seat: str) -> str:
    """One seat: who it is, what it is scored on, its cards, and the lines to fill in for a
    round.
    """
    who = seats()[seat]
    lines = [f"## {who.name}", "", f"**{who.who}** {who.aims}", ""]
    lines += [
        "| goal | weight | 0 points | 100 points | unit | what is counted |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {goal.label} | {goal.weight:.0%} | {goal.none:g} | {goal.full:g} | {goal.unit} | "
        f"{goal.formula} |"
        for goal in goals()[seat]
    ]
    budget = (
        f"USD {who.budget:,.0f} million over the game"
        if who.budget
        else "none; its cards cost nothing"
    )
    lines += [
        "",
        f"Goals, weights and anchors are assumed. Budget: {budget}. At most two cards a round.",
        "",
    ]
    lines += [
        "| card | what it does | choose | USD million | limits | it has happened |",
        "|---|---|---|---|---|---|",
    ]
    for card in cards()[seat].values():
        lines.append(
            f"| ☐ **{card.label}** | {card.does} | {options(card)} | {cost(card)} | {card.limits} "
            f"| {card.example} ({card.example_date}) |"
        )
    lines += [
        "",
        "| round | first card, with its choices | second card, with its choices | deals made "
        "this round | walk out of deal |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {number} | | | | |" for number in range(1, 9)]
    return "\n".join(lines)


def sheets() -> str:
    """The printed sheets: a page for each seat, and the deals."""
    head = (
        "# Sheets to print\n\nOne page for each team, and one on deals for all. Fill in a line a "
        "round, fold it, and hand it in with the others.\n"
    )
    lines = [
        "## Deals",
        "",
        "| deal | between | what it does | the first must | the other must | choose | it has "
        "happened |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in deal_kinds().values():
        between = (
            f"{', '.join(SHORT[seat] for seat in kind.first)} (first) and "
            f"{', '.join(SHORT[seat] for seat in kind.other)}"
        )
        chosen = "<br>".join(
            f"{name}: " + " ".join(f"☐ {words(option)}" for option in found)
            for name, found in kind.choices
        )
        happened = f"{kind.example} ({kind.example_date})"
        lines.append(
            f"| **{kind.label}** | {between} | {kind.does} | {kind.first_must} | {kind.other_must} "
            f"| {chosen} | {happened} |"
        )
    lines += [
        "",
        "Where deals bind, a card that breaks one is refused. Where they do not, the card "
        "stands, the deal ends for both, and the government that broke",
        "it is believed less. Both sides write the deal on their sheets; if one does not, there "
        "is no deal.",
    ]
    return (
        head + "\n" + "\n\n".join(sheet(seat) for seat in SEATS) + "\n\n" + "\n".join(lines) + "\n"
    )


def pages(result: dict[str, Any]) -> dict[str, str]:
    """Every page of the lessons by its name."""
    found = {"sheets.md": NOTE.format(source="model/data/game_*.csv") + sheets()}
    for path in sorted(LESSONS.glob("*_template.md")):
        name = path.name.replace("_template", "")
        found[name] = NOTE.format(source=f"{path.name} and docs/results/lessons.json") + filled(
            path.read_text(encoding="utf-8"), result
        )
    return found


def main(arguments: list[str]) -> None:
    """Run the scripts where asked, then write."""
    if "--run" in arguments:
        code = stamp()["code"]  # before the first script
        played = {"code": code, **run_scripts()}
        RESULTS.write_text(json.dumps(played, indent=1) + "\n", encoding="utf-8")
    result = json.loads(RESULTS.read_text(encoding="utf-8"))
    for name, text in pages(result).items():
        (LESSONS / name).write_text(text, encoding="utf-8")
    print(f"Wrote {len(pages(result))} pages of lessons")


if __name__ == "__main__":
    main(sys.argv[1:])
