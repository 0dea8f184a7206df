"""What a class takes home: a table, a scenario that runs, the game itself."""

from __future__ import annotations

import csv
import json
from typing import Any

from coercivity.experiments.game.game import new_game, play_round, predict, scenario_of
from coercivity.experiments.game.journal import from_dict, to_dict
from coercivity.model.scenario.scenario import parse_scenario
from coercivity.viz.classroom.game_files import game_file
from tests.viz.room_table import BAN, TRUCE

GAME = play_round(new_game(3, ("exporter", "target"), length=2), {"exporter": [BAN]}, [TRUCE])
SAVED = json.dumps(to_dict(GAME))
GOAL = {"label": "output kept", "value": -1.5, "unit": "%", "points": 12.4}
SCORES = json.dumps({"exporter": {"now": 3.0, "later": None, "twin": 0.0, "goals": [GOAL]}})


def file(kind: str) -> tuple[str, str, str]:
    name, mime, text = json.loads(game_file(kind, SAVED, SCORES))
    return name, mime, text


def test_the_scenario_is_the_one_that_the_game_ran() -> None:
    name, mime, text = file("yaml")
    assert (name, mime) == ("coercivity-game-seed-3.yaml", "text/yaml")
    assert parse_scenario(text, name).events == scenario_of(GAME).events


def test_the_game_can_be_taken_up_again() -> None:
    name, mime, text = file("json")
    assert (name, mime) == ("coercivity-game-seed-3.json", "application/json")
    assert from_dict(json.loads(text)) == GAME


def test_the_table_has_a_row_for_each_move_deal_score_and_goal() -> None:
    name, mime, text = file("csv")
    assert (name, mime) == ("coercivity-game-seed-3.csv", "text/csv")
    first, *lines = text.splitlines()
    assert "seed 3" in first
    rows: list[dict[str, Any]] = list(csv.DictReader(lines))
    assert [(row["kind"], row["seat"], row["item"]) for row in rows[:2]] == [
        ("move", "exporter", "dual_use_ban"),
        ("deal", "exporter", "truce"),
    ]
    scores = [(row["item"], row["value"]) for row in rows if row["kind"] == "score"]
    assert scores == [
        ("after the last round", "3.0"),
        ("four years later, had China done nothing new", "0.0"),
    ]  # zero is a score, none is not
    (goal,) = [row for row in rows if row["kind"] == "goal"]
    assert (goal["value"], goal["text"]) == ("-1.5", "12 points")


def test_a_prediction_is_in_months_and_in_a_game_saved_before_that_a_year() -> None:
    game = predict(predict(GAME, "before", "target", "soon", 2027), "after", "target", "long", 7.5)
    old = from_dict(json.loads(json.dumps(to_dict(game))))
    assert old == game
    text = json.loads(game_file("csv", json.dumps(to_dict(old)), SCORES))[2]
    rows = [row for row in csv.DictReader(text.splitlines()[1:]) if row["kind"] == "prediction"]
    assert [(row["item"], row["value"], row["unit"], row["text"]) for row in rows] == [
        ("answer", "2027.0", "year", "soon"),
        ("answer", "7.5", "months", "long"),
    ]
