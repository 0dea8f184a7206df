"""Files that a class takes away: a table without names, the scenario that `coercivity run` takes,
the game itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from coercivity.experiments.game.pieces import unit_of
from coercivity.experiments.worlds.cells import cell

FILES: Final = ("csv", "yaml", "json")
COLUMNS: Final = ("kind", "round", "seat", "item", "value", "unit", "text")
TIMES: Final = {  # of scores
    "now": "after the last round",
    "later": "four years later",
    "twin": "four years later, had China done nothing new",
}
Row = tuple[Any, ...]


def game_file(kind: str, saved: str, scores: str) -> str:
    """One file as JSON [name, mime, text].

    *saved* is the game as experiments/game/journal.py writes it, *scores* those of
    game_jobs.scores.
    """
    from coercivity.experiments.game.game import to_scenario_yaml
    from coercivity.experiments.game.journal import from_dict

    game = from_dict(json.loads(saved))
    stem = f"coercivity-game-seed-{game.seed}"
    if kind == "yaml":
        return json.dumps([f"{stem}.yaml", "text/yaml", to_scenario_yaml(game)])
    if kind == "json":
        return json.dumps(
            [f"{stem}.json", "application/json", json.dumps(json.loads(saved), indent=1) + "\n"]
        )
    return json.dumps([f"{stem}.csv", "text/csv", table(json.loads(saved), json.loads(scores))])


def table(saved: dict[str, Any], scores: dict[str, Any]) -> str:
    """Moves, deals, scores and predictions by seat, one a row; no team names."""
    rows = [*_act_rows(saved), *_score_rows(scores), *_prediction_rows(saved)]
    stream = io.StringIO()
    binding = "bind" if saved["binding"] else "can be broken"
    stream.write(
        f"# coercivity {saved['version']}, class game, seed {saved['seed']}, deals {binding}\n"
    )
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if value is None else cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _act_rows(saved: dict[str, Any]) -> Iterator[Row]:
    """Round by round what each seat moved and which deals were in force."""
    for number, this_round in enumerate(saved["rounds"], start=1):
        for seat, moves in this_round["moves"].items():
            for move in moves:
                terms = _terms(move, "card", "why")
                yield ("move", number, seat, move["card"], terms, "", move.get("why", ""))
        for deal in this_round["deals"]:
            terms = _terms(deal, "kind", "first", "other")
            yield ("deal", number, deal["first"], deal["kind"], terms, "", f"with {deal['other']}")


def _terms(chosen: dict[str, Any], *apart: str) -> str:
    """What was chosen, but for what has columns of its own."""
    return "; ".join(f"{name}={value}" for name, value in chosen.items() if name not in apart)


def _score_rows(scores: dict[str, Any]) -> Iterator[Row]:
    """Points of each seat where they are known, and what each of its goals gave."""
    for seat, score in scores.items():
        for when, words in TIMES.items():
            if score.get(when) is not None:
                yield ("score", "", seat, words, score[when], "points", "goals and weights assumed")
        for goal in score["goals"]:
            points = f"{goal['points']:.0f} points"
            yield ("goal", "", seat, goal["label"], goal["value"], goal["unit"], points)


def _prediction_rows(saved: dict[str, Any]) -> Iterator[Row]:
    """What each seat predicted before and after the game."""
    for told in saved["predictions"]:
        number = told["number"]
        unit = "" if number is None else unit_of(number)
        yield ("prediction", told["when"], told["seat"], "answer", number, unit, told["text"])
