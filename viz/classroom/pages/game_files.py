"""Files that a class takes away: a table without names, the scenario that `coercivity run` takes,
the game itself, a page for each team, and the kit of a lesson.

No file names a person or a team, or holds a token. What teams wrote themselves (reasons,
predictions, headlines) stands as they wrote it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from coercivity.experiments.worlds.spreadsheet_cells import text_cell
from coercivity.viz.classroom.engine import market, press
from coercivity.viz.classroom.engine.game_state import unit_of
from coercivity.viz.classroom.engine.market import Bet
from coercivity.viz.classroom.engine.press import CLAIMS, Headline
from coercivity.viz.classroom.rooms.press_and_market_jobs import SettledRounds
from coercivity.viz.classroom.rooms.role_views import numbers_of
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import MARKET, PRESS
from coercivity.viz.words.language import SOURCE, speaking

FILES: Final = ("csv", "yaml", "json")
COLUMNS: Final = ("kind", "round", "seat", "item", "value", "unit", "text")
TIMES: Final = {  # of scores
    "now": "after the last round",
    "later": "four years later",
    "twin": "four years later, had China done nothing new",
}
Row = tuple[Any, ...]
ROLES: Final = {PRESS: "press", MARKET: "trader"}


def game_file(kind: str, saved: str, scores: str, gallery: str = "[]") -> str:
    """One file as JSON [name, mime, text].

    *saved* is the game as engine/game_json.py writes it, *scores* those of
    game_jobs.scores, *gallery* what those without a seat did (`gallery_rows`).
    """
    from coercivity.viz.classroom.engine.game import to_scenario_yaml
    from coercivity.viz.classroom.engine.game_json import from_dict

    game = from_dict(json.loads(saved))
    stem = f"coercivity-game-seed-{game.seed}"
    if kind == "yaml":
        return json.dumps([f"{stem}.yaml", "text/yaml", to_scenario_yaml(game)])
    if kind == "json":
        return json.dumps(
            [f"{stem}.json", "application/json", json.dumps(json.loads(saved), indent=1) + "\n"]
        )
    text = table(json.loads(saved), json.loads(scores), json.loads(gallery))
    return json.dumps([f"{stem}.csv", "text/csv", text])


def team_files(
    seat: str,
    form: str,
    saved: str,
    own: str,
    mine: tuple[tuple[int, str], ...],
    quiet: tuple[tuple[int, str], ...],
    day: str,
    code: str = SOURCE,
) -> str:
    """The page of a seat as pdf or html, or the pages of all seats (zip), in the language of this
    code; packed as the pages take files. own: the class's history, mine and quiet: the draws of its
    decisions and of its twin that have come, as game_jobs tells them; day: on which it is made.
    """
    from coercivity.viz.classroom.engine.game_histories import History
    from coercivity.viz.classroom.engine.game_json import from_dict
    from coercivity.viz.classroom.lessons.team_files import FORMS, team_archive, team_file
    from coercivity.viz.classroom.words.team_page import team_page
    from coercivity.viz.documents.download import ARCHIVE, pack_file

    game, alone = from_dict(json.loads(saved)), History.unpacked(own)
    here, still = (
        {number: History.unpacked(text) for number, text in draws} for draws in (mine, quiet)
    )
    tongue = "" if code == SOURCE else f"-{code}"
    stem = f"coercivity-game-seed-{game.seed}"
    with speaking(code):
        if form == "zip":
            pages = [team_page(game, each, alone, here, still, day) for each in game.seats]
            return pack_file(f"{stem}-teams{tongue}.zip", ARCHIVE, team_archive(pages))
        held = team_page(game, seat, alone, here, still, day)
        return pack_file(f"{stem}-{seat}{tongue}.{form}", FORMS[form], team_file(held, form))


def lesson_archive(minutes: str, code: str) -> str:
    """The kit of a lesson (plan, sheets, slides) in the language of this code, packed as the pages
    take files. Raises InputError for no lesson.
    """
    from coercivity.viz.classroom.lessons.kit import kit_archive

    return kit_archive(minutes, code)


def _gallery_row(row: Sequence[Any]) -> Row:
    """A row of press or market under the heads of the table."""
    kind, number, who, item, value, text = row
    if kind == "bet":
        value, text = text, value
    unit = {"headline": "% sure", "points": "points"}.get(kind, "coins")
    return (kind, number, who, item, value, unit, text)


def table(
    saved: dict[str, Any], scores: dict[str, Any], gallery: Iterable[Sequence[Any]] = ()
) -> str:
    """Moves, deals, scores, predictions, headlines and bets, one a row; no names."""
    rows = [
        *_act_rows(saved),
        *_breach_rows(saved),
        *_score_rows(scores),
        *_prediction_rows(saved),
        *map(_gallery_row, gallery),
    ]
    stream = io.StringIO()
    binding = "bind" if saved["binding"] else "can be broken"
    stream.write(
        f"# coercivity {saved['version']}, class game, seed {saved['seed']}, deals {binding}\n"
    )
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if value is None else text_cell(value) for value in row] for row in rows)
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


def _breach_rows(saved: dict[str, Any]) -> Iterator[Row]:
    """Deals that were broken: in which round, by whom, and with whom they were made."""
    from coercivity.viz.classroom.engine.game_json import from_dict
    from coercivity.viz.classroom.engine.round_effects import replay_game

    for number, by, held in replay_game(from_dict(saved)).breaches:
        first, other = held.deal.parties
        yield (
            "breach",
            number,
            by,
            held.deal.kind,
            held.id,
            "",
            f"with {_other_party(by, first, other)}",
        )


def _other_party(seat: str, first: str, other: str) -> str:
    """The other party."""
    return other if seat == first else first


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


def gallery_rows(room: Room, settled: SettledRounds | None = None) -> list[Row]:
    """Press and market of the whole game, one a row, by round, without names:

    ("headline", round, "press 1", claim, sure in %, text)
    ("bet", round, "trader 2", market, side, coins)
    and where a round is *settled*, what they earned:
    ("points", round, "press 1", claim, points, "true" or "not true")
    ("gain", round, "trader 2", market, coins, side that was right, or "neither")

    People are numbered by the order in which they joined, within their role.
    """
    settled = settled or SettledRounds()
    rows = [*_headline_rows(room, settled), *_bet_rows(room, settled)]
    return sorted(rows, key=lambda row: row[1])  # what is of one round stays in its order


def _headline_rows(room: Room, settled: SettledRounds) -> Iterator[Row]:
    who = _numbered_people(room, PRESS, room.headlines)
    for one in room.headlines:
        text = one.text or CLAIMS[one.claim].label
        yield ("headline", one.round, who[one.person], one.claim, one.sure, text)
    for one in room.headlines:
        if one.round in settled.came:
            true = settled.came[one.round][one.claim]
            points = round(press.points(one.sure, true), 1)
            said = "true" if true else "not true"
            yield ("points", one.round, who[one.person], one.claim, points, said)


def _bet_rows(room: Room, settled: SettledRounds) -> Iterator[Row]:
    who = _numbered_people(room, MARKET, room.bets)
    for one in room.bets:
        yield ("bet", one.round, who[one.person], one.market, one.side, one.coins)
    for one in room.bets:
        if one.round in settled.outcomes:
            right = settled.outcomes[one.round][one.market].side
            pool = market.pools(room.bets, one.round)[one.market]
            coins = round(market.gain(one, pool, right), 1)
            yield ("gain", one.round, who[one.person], one.market, coins, right or "neither")


def _numbered_people(room: Room, place: str, acted: Iterable[Headline | Bet]) -> dict[int, str]:
    """What each person of a role is called in the export."""
    people = numbers_of(room, place, acted)
    return {person: f"{ROLES[place]} {at}" for at, person in enumerate(people, start=1)}
