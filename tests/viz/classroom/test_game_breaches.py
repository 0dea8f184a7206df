"""What conceding for nothing and breaking a deal cost: deals that never took effect, concessions
that count no more, and the charge; saved games keep the rules by which they were played."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_json import from_dict, to_dict
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_scenario import scenario_of
from coercivity.viz.classroom.engine.game_state import FIRST, LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.game_tables import price_of_concession
from coercivity.viz.classroom.engine.numbers import NumberRequest, value
from coercivity.viz.classroom.engine.round_effects import replay_game, seats_under_ban
from coercivity.viz.classroom.engine.scoring import BREACH, price_of_breach, score_all

SEATS = ("exporter", "target", "ally", "bloc")
BAN = {"exporter": [{"card": "blanket_ban", "whom": "ally", "goods": "heavy"}]}
QUIET: dict[str, Any] = {}


def licences(other: str = "ally", rounds: int = 2) -> dict[str, Any]:
    return {"kind": "licences", "first": "exporter", "other": other, "rounds": rounds}


def game_of(*rounds: tuple[dict[str, Any], tuple[dict[str, Any], ...]]) -> Game:
    game = new_game(1, SEATS, length=len(rounds))
    for moves, deals in rounds:
        game = play_round(game, moves, deals)
    return game


@cache
def scored(name: str, rules: int = 2) -> dict[str, Any]:
    return score_game(replace(GAMES[name], rules=rules))


def score_game(game: Game) -> dict[str, Any]:
    return score_all(read_game(game, game.now), game, game.now)


GAMES = {
    "calm": game_of((QUIET, ()), (QUIET, ())),
    "given": game_of(*2 * ((QUIET, (licences(rounds=1), licences("bloc", 1))),)),
    "ban at once": game_of((BAN, ()), (QUIET, ())),
    "signed and broken at once": game_of((BAN, (licences(),)), (QUIET, ())),
    "ban later": game_of((QUIET, ()), (BAN, ())),
    "signed and broken later": game_of((QUIET, (licences(),)), (BAN, ())),
}


def goal(name: str, seat: str, wanted: str, rules: int = 2) -> dict[str, Any]:
    (found,) = (one for one in scored(name, rules)[seat]["goals"] if one["goal"] == wanted)
    return dict(found)


def lost(seat: str, here: str, there: str, rules: int = 2) -> float:
    return float(scored(there, rules)[seat]["score"] - scored(here, rules)[seat]["score"])


@pytest.mark.parametrize("seat", ["ally", "bloc"])
def test_two_concessions_for_nothing_cost_their_giver_what_they_cost_japan(seat: str) -> None:
    assert price_of_concession(seat) == price_of_concession("target") == pytest.approx(10.0)
    assert lost(seat, "given", "calm") == pytest.approx(20.0, abs=2.0)  # luck moves the rest
    assert lost(seat, "given", "calm", rules=1) < 2.0


def test_nobody_gets_more_than_all_points_of_a_goal() -> None:
    assert goal("given", "exporter", "concession")["value"] == 4.0
    assert goal("given", "exporter", "concession")["points"] == 100.0
    assert goal("given", "exporter", "concession", rules=1)["points"] == 200.0
    for name in GAMES:
        assert all(one["score"] <= 100.0 for one in scored(name).values())


def test_of_a_deal_broken_in_its_first_round_nothing_takes_effect() -> None:
    game = GAMES["signed and broken at once"]
    kinds = [act["kind"] for act in replay_game(game).acts]
    assert kinds == ["breach", "blanket_ban"]
    assert goal("signed and broken at once", "exporter", "concession")["value"] == 0.0
    older = [act["kind"] for act in replay_game(replace(game, rules=1)).acts]
    assert older == ["concession", "breach", "blanket_ban"]


def test_money_promised_for_a_deal_that_never_took_effect_is_back() -> None:
    deal = {"kind": "offtake", "first": "ally", "other": "firm", "amount": 300, "rounds": 8}
    walks = {"ally": [{"card": "break", "deal": "D1-1"}]}
    game = play_round(new_game(1, ("ally", "firm")), walks, [deal])
    now = replay_game(game)
    assert [act["kind"] for act in now.acts] == ["breach"]
    assert (now.spent["ally"], now.spent["firm"], now.fixed["firm"]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("when", ["at once", "later"])
def test_a_concession_bought_with_a_broken_word_is_no_bargain(when: str) -> None:
    here, there = f"signed and broken {when}", f"ban {when}"
    assert lost("exporter", here, there) >= price_of_concession("exporter") - 1.0
    assert lost("exporter", here, there, rules=1) < -10.0  # it paid
    assert goal(here, "exporter", "concession")["value"] == 0.0
    assert goal(here, "ally", "concession")["points"] == 100.0  # who was cheated has given nothing
    charged = goal(here, "exporter", BREACH)
    assert charged["weight"] * charged["points"] == pytest.approx(-price_of_breach(2))
    assert scored(here)["exporter"]["score"] == pytest.approx(
        sum(one["weight"] * one["points"] for one in scored(here)["exporter"]["goals"])
    )


def test_who_gave_way_and_breaks_its_word_has_still_given_way() -> None:
    strikes = {"ally": [{"card": "remark", "strength": "mild"}]}
    game = game_of((QUIET, (licences(),)), (strikes, ()))
    assert replay_game(game).voided == []
    values = {one["goal"]: one["value"] for one in score_game(game)["ally"]["goals"]}
    assert (values["concession"], values[BREACH]) == (1.0, 1.0)


def test_a_saved_game_keeps_the_rules_by_which_it_was_played() -> None:
    game = GAMES["signed and broken at once"]
    saved = to_dict(game)
    assert from_dict(saved) == game
    del saved["rules"]  # as games were saved before
    older = from_dict(saved)
    assert older.rules == 1
    assert to_dict(from_dict(to_dict(older)))["rules"] == 1
    for rules in (0, 4, "1", True):
        with pytest.raises(InputError, match=r"rules .* not known; use a whole number from 1 to 3"):
            from_dict({**saved, "rules": rules})


@pytest.mark.parametrize(("rules", "start"), [(2, "2024-01"), (3, "2026-01")])
def test_the_world_begins_with_the_game_or_as_it_did_when_the_game_was_saved(
    rules: int, start: str
) -> None:
    game = from_dict({**to_dict(GAMES["signed and broken at once"]), "rules": rules})
    scenario, read = scenario_of(game), read_game(game)
    assert (scenario.start, month_name(start, scenario.months)) == (start, "2031-01")
    assert read.months == LEAD + scenario.months - month_index(start, FIRST)
    assert {len(line) for line in read.series.values()} == {read.months}
    acts = [month for month, *_ in read.events if month >= LEAD]
    assert acts
    assert read["spent"][: LEAD * (rules > 2)].sum() == 0.0


LICENCES: dict[str, Any] = {
    "kind": "licences",
    "first": "exporter",
    "other": "target",
    "rounds": "4",
}
LIFT = {"card": "suspend", "which": "newest", "how_long": "for_good"}
MILITARY, TOTAL = {"card": "dual_use_ban"}, {"card": "blanket_ban", "goods": "all"}


def lost_by_japan(game: Game) -> float:
    """Output that Japan loses in the third half-year."""
    until = LEAD + 3 * ROUND_MONTHS
    return value(NumberRequest("lost", "Japan"), read_game(game, until), until)


def lost_under(ban: dict[str, str]) -> tuple[float, float, float]:
    """The same under a ban since the first: as it is, with licences agreed on, and with its end."""
    banned = play_round(new_game(1, length=3), {"exporter": [{**ban, "whom": "target"}]})
    lifted = play_round(banned, {"exporter": [LIFT]})
    assert seats_under_ban(lifted) == []
    seconds = play_round(banned, {}), play_round(banned, {}, [LICENCES]), lifted
    nothing, licensed, ended = (lost_by_japan(play_round(second, {})) for second in seconds)
    return nothing, licensed, ended


def test_under_a_ban_on_everything_licences_move_hardly_anything() -> None:
    nothing, licensed, lifted = lost_under(TOTAL)
    assert licensed == pytest.approx(nothing, rel=0.02)
    assert lifted < 0.9 * nothing


def test_under_a_ban_on_military_users_licences_help_the_others_and_its_end_helps_more() -> None:
    nothing, licensed, lifted = lost_under(MILITARY)
    assert lifted < licensed < nothing


@pytest.mark.parametrize(("ban", "barred"), [(MILITARY, []), (TOTAL, ["target"])])
def test_licences_are_without_use_under_a_ban_on_everybody(
    ban: dict[str, str], barred: list[str]
) -> None:
    banned = play_round(new_game(1, length=3), {"exporter": [{**ban, "whom": "target"}]})
    assert seats_under_ban(banned) == barred
