"""What a class takes home: a table, a scenario that runs, the game itself, a page for each team."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.experiments.worlds.spreadsheet_cells import as_written
from coercivity.model.scenario.scenario import parse_scenario
from coercivity.viz.classroom.engine.game import new_game, play_round, scenario_of, scores
from coercivity.viz.classroom.engine.game_histories import History
from coercivity.viz.classroom.engine.game_json import from_dict, to_dict
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, SEATS, goals
from coercivity.viz.classroom.lessons.team_files import team_pdf
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.game_files import FILES, gallery_rows, game_file, team_files
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import MARKET, PRESS, roles_of
from coercivity.viz.classroom.rooms.tokens import digest
from coercivity.viz.classroom.words.band_text import units
from coercivity.viz.classroom.words.team_page import team_page
from tools.check.room_table import BAN, TRUCE, again, steps

GAME = play_round(new_game(3, ("exporter", "target"), length=2), {"exporter": [BAN]}, [TRUCE])
SAVED = json.dumps(to_dict(GAME))
GOAL = {"label": "output kept", "value": -1.5, "unit": "%", "points": 12.4}
SCORES = json.dumps({"exporter": {"now": 3.0, "later": None, "twin": 0.0, "goals": [GOAL]}})


def file(kind: str) -> tuple[str, str, str]:
    name, mime, text = json.loads(game_file(kind, SAVED, SCORES))
    return name, mime, text


def test_the_scenario_is_the_one_that_the_game_ran_and_the_game_can_be_taken_up_again() -> None:
    name, mime, text = file("yaml")
    assert (name, mime) == ("coercivity-game-seed-3.yaml", "text/yaml")
    assert parse_scenario(text, name).events == scenario_of(GAME).events
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


def a_class(registry: Rooms, *names: str) -> tuple[Room, list[str]]:
    """A game of two rounds with much said and taken back, and a deal that is broken; the tokens of everybody."""
    seats = ("exporter", "target", "firm")
    roles = roles_of(seats, GOVERNMENT)
    room, lead = registry.make(new_game(3, seats, length=2), roles=roles)
    tokens, who = [lead], dict[str, int]()
    for place, name in zip((*seats, "target", PRESS, MARKET, MARKET), names, strict=True):
        tokens.append(registry.join(room.code, place, name)[1])
        who[name] = room.joined
    china, japan, press, trader, other = (who[names[at]] for at in (0, 1, 4, 5, 6))
    room.do("predict", when="before", seat="target", person=japan, text="first thought", number=4)
    room.do("predict", when="before", seat="target", person=japan, text="=1+1", number=12.5)
    room.do("predict", when="before", seat="firm", text="", number=None)
    steps(room, "start talk")
    room.do("headline", person=press, claim="measure", sure=90, text="A ban, they say")
    room.do("headline", person=press, claim="stops", sure=60, text="taken back")
    room.do("unprint", person=press, claim="stops")
    room.do("bet", person=trader, market="price_dy", side="up", coins=60)
    room.do("bet", person=trader, market="price_dy", side="down", coins=30)
    room.do("bet", person=trader, market="exports", side="up", coins=10)
    room.do("bet", person=trader, market="exports", side="up", coins=0)
    room.do("bet", person=other, market="price_dy", side="up", coins=100)
    room.do("offer", by="target", person=japan, deal={**TRUCE, "rounds": "4"})
    room.do("offer", by="target", person=japan, deal=TRUCE)
    room.do("answer", by="exporter", person=china, offer=1, answer="declined")
    room.do("answer", by="exporter", person=china, offer=2, answer="accepted")
    room.do("seal", seat="target", person=japan, moves=[{"card": "dispute", "why": "no"}])
    room.do("unseal", seat="target", person=japan)
    room.do("seal", seat="target", person=japan, moves=[{**STOCK, "why": "@home, at once"}])
    steps(room, "close reveal next talk")
    room.do("headline", person=press, claim="breach", sure=75, text="It will not hold")
    room.do("bet", person=other, market="lost", side="up", coins=5)
    room.do("seal", seat="exporter", person=china, moves=[BAN])
    room.do("seal", seat="firm", moves=[], paper=True)
    steps(room, "close reveal finish")
    room.do("predict", when="after", seat="target", person=japan, text="longer", number=20)
    return room, tokens


NAMES = ("Beijing", "Tokyo", "Magnets", "Ann", "Jo", "Mo", "Pia")
STOCK = {"card": "stock", "who_holds": "firms", "cover": "3"}


def table_of(room: Room, scores: str = "{}") -> str:
    return str(
        json.loads(
            game_file("csv", pack_json(room.saved()), scores, pack_json(gallery_rows(room)))
        )[2]
    )


def rows_of(text: str) -> list[tuple[str, ...]]:
    return [tuple(map(as_written, row.values())) for row in csv.DictReader(text.splitlines()[1:])]


HAPPENED = """\
move|1|target|stock|who_holds=firms; cover=3||@home, at once
deal|1|exporter|truce|rounds=2||with target
move|2|exporter|dual_use_ban|whom=target||
breach|2|exporter|truce|D1-1||with target
prediction|before|target|answer|12.5|months|=1+1
prediction|before|firm|answer|||
prediction|after|target|answer|20.0|months|longer
headline|1|press 1|measure|90|% sure|A ban, they say
bet|1|trader 1|price_dy|30|coins|down
bet|1|trader 2|price_dy|100|coins|up
headline|2|press 1|breach|75|% sure|It will not hold
bet|2|trader 2|lost|5|coins|up"""


def test_the_table_holds_what_happened_and_nothing_that_was_taken_back(registry: Rooms) -> None:
    room, _ = a_class(registry, *NAMES)
    assert ["|".join(row) for row in rows_of(table_of(room))] == HAPPENED.splitlines()


def test_a_room_read_again_gives_the_same_files_and_scores(registry: Rooms) -> None:
    room, _ = a_class(registry, *NAMES)
    read = again(registry).get(room.code)
    assert pack_json(read.saved()) == pack_json(room.saved())
    of_game = game_jobs.scores(room.game)
    assert table_of(read, game_jobs.scores(read.game)) == table_of(room, of_game)
    told = scores(from_dict(room.saved()))
    found = {row[2:4]: row[4] for row in rows_of(table_of(room, of_game))}
    for seat in ("exporter", "target", "firm"):
        now, later = told["now"][seat]["score"], told["follow_up"][seat]["score"]
        assert float(found[seat, "after the last round"]) == now
        assert float(found[seat, "four years later"]) == later


ODD = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp")),
    max_size=16,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ODD, min_size=7, max_size=7))
def test_no_name_and_no_token_stands_in_any_file(names: list[str]) -> None:
    marked = [f"Qx{at}{name}zq{at}" for at, name in enumerate(names)]
    registry = Rooms(None)
    room, tokens = a_class(registry, *marked)
    own = History({**dict.fromkeys(units(), 1.0), **GOALS}, LINES)
    page = team_page(room.game, "target", own, {0: own}, {0: own}, "2026-11-28")
    files = [
        *(
            json.loads(
                game_file(kind, pack_json(room.saved()), "{}", pack_json(gallery_rows(room)))
            )[2]
            for kind in FILES
        ),
        repr(page),
    ]
    secrets = [
        *tokens,
        *map(digest, tokens),
        room.code,
        *marked,
        *(one.name for one in room.people.values()),
    ]
    for text in files:
        for secret in secrets:
            assert secret not in text
            assert json.dumps(secret)[1:-1] not in text


GOALS = {f"{seat}.{goal.goal}": 1.0 for seat, some in goals().items() for goal in some}
LINES = dict.fromkeys(SEATS, (1.0,) * 60)


def histories(count: int) -> tuple[tuple[int, str], ...]:
    return tuple(
        (n, History({**dict.fromkeys(units(), 20.0 + n), **GOALS}, LINES).packed())
        for n in range(count)
    )


OWN = History({**dict.fromkeys(units(), 30.0), **GOALS}, LINES).packed()


def team_file_of(room: Room, seat: str, form: str, code: str = "en") -> tuple[str, str, bytes]:
    made = team_files(
        seat, form, pack_json(room.saved()), OWN, histories(20), histories(20), "2026-11-28", code
    )
    told = json.loads(made)
    return told["name"], told["mime"], base64.b64decode(told["base64"])


def test_a_team_takes_home_what_it_decided_and_what_became_of_it(registry: Rooms) -> None:
    room, _ = a_class(registry, *NAMES)
    name, mime, data = team_file_of(room, "target", "html")
    assert (name, mime) == ("coercivity-game-seed-3-target.html", "text/html")
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", data.decode())))
    for told in (
        "Japan: result of a class game",
        "30 points after the last round, 30 four years later",
        "@home, at once",
        "Round 2, July to December 2026: no move",
        "Truce with China (rounds: 2), from round 1 on: broken by China in round 2.",
        "In 16 of 20 histories of the same decisions: 22 to 37 points.",
        "luck neither made nor spoilt it",
    ):
        assert told in text
    for goal in goals()["target"]:
        assert goal.label in text
    assert not re.search(r"(?:src|href)=\"https?:", data.decode())


def test_the_pdf_is_one_page_however_much_was_decided() -> None:
    game = new_game(3, ("exporter", "target"), length=8)
    card = {**STOCK, "why": "because we think so and will say it at length " * 6}
    for cover in ("1", "3", "6", "1", "3", "6", "1", "3"):
        second = {"card": "dispute", "why": card["why"]}
        game = play_round(game, {"target": [{**card, "cover": cover}, second]})
    own = replace(History.unpacked(OWN), lines=dict.fromkeys(SEATS, (1.0,) * 96))
    page = team_page(game, "target", own, {}, {})
    data = team_pdf(page)
    assert data == team_pdf(page)
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1


def test_all_pages_come_in_one_archive_in_the_language_of_the_page(registry: Rooms) -> None:
    room, _ = a_class(registry, *NAMES)
    name, mime, data = team_file_of(room, "", "zip", "de")
    assert (name, mime) == ("coercivity-game-seed-3-teams-de.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        assert sorted(held.namelist()) == sorted(
            f"{seat}.{form}" for seat in room.game.seats for form in ("pdf", "html")
        )
        assert b'<html lang="de">' in held.read("firm.html")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (2, "Truce with China (rounds: 2), from round 1 to 2: kept."),
        (1, "Truce with China (rounds: 2), from round 1 to 1: kept."),
    ],
)
def test_a_page_says_what_became_of_a_deal_and_of_luck(length: int, said: str) -> None:
    game = play_round(new_game(3, ("exporter", "target"), length=length), {}, [TRUCE])
    for _ in range(length - 1):
        game = play_round(game, {})
    draws = {n: History.unpacked(packed) for n, packed in histories(20)}
    far = History({**dict.fromkeys(units(), 90.0), **GOALS}, LINES)
    page = team_page(game, "target", far, draws, {})
    assert page.deals == (said,)
    (score,) = page.luck  # neither usual nor the class's own
    assert "not your doing" in score
    assert team_page(game, "target", far, {}, {}).luck == (
        "Too few other histories are there yet to tell.",
    )
