"""What the class pages ask worker processes for (see viz/server/lab_jobs.py): each runs the world
of a game and returns one JSON string, the same for all who ask.
"""

from __future__ import annotations

from typing import Any, Final

from coercivity.viz.classroom.engine.game_state import Game, Line, pack_json, predicted_words
from coercivity.viz.server import answer_cache, lab_jobs
from coercivity.viz.server.partial_answers import check_wanted
from coercivity.viz.words.language import SOURCE

ENGINE: Final = "coercivity.viz.classroom.engine"
SINCE: Final = "2026-01-01"  # headlines count from the game's first day


def brief(game: Game, seat: str) -> str:
    """The private brief of one seat for the coming round, with its own score so far: {numbers,
    notes, sentences, acts, score}; a note's sentence and what is filled in stand beside it.
    """
    from coercivity.viz.classroom.engine.team_briefs import brief as told_brief

    told = told_brief(game, seat)
    return pack_json(
        {
            "numbers": told["facts"],
            "notes": told["notes"],
            "sentences": [sentence_of(note) for note in told["notes"]],
            "acts": told["own_acts"],
            "score": told["score"],
        }
    )


def news(game: Game) -> str:
    """The public news of the last round: {lines: [{month, text, sentence, told, actor, kind,
    big}], numbers: [as telling.fact has them]}; sentence: [sentence, what is filled in], or none;
    told: the phrase of what the model tells, or none.
    """
    from coercivity.viz.classroom.engine.team_briefs import reveal

    told = reveal(game)
    lines = [
        {
            "month": "",
            "text": item["text"],
            "sentence": sentence_of(item["text"]),
            "told": None,
            "actor": "",
            "kind": "",
            "big": True,
        }
        for item in told["deals_broken"]
    ]
    lines += [
        {
            "month": item["month"],
            "text": item["text"],
            "sentence": sentence_of(item["text"]),
            "told": item["told"],
            "actor": item["actor"],
            "kind": item["kind"],
            "big": False,
        }
        for item in told["news"]
    ]
    return pack_json({"lines": lines, "numbers": [*told["losses"], *told["prices"]]})


def without_steps(game: Game) -> str:
    """What the buying governments' states lost in the last half-year, USD million, beside the same
    half-year where China does nothing new in the whole game: {moved: whether it did anything new,
    lost: {government: [in the game, in its twin]}}. Two runs.
    """
    from coercivity.viz.classroom.engine.debrief import twin as without_signal
    from coercivity.viz.classroom.engine.game_histories import bare_game, bare_twin
    from coercivity.viz.classroom.engine.game_run import read_game
    from coercivity.viz.classroom.engine.numbers import NumberRequest, value
    from coercivity.viz.classroom.engine.replay import BUYERS

    here, there = read_game(game, game.now), read_game(without_signal(game), game.now)
    asked = {name: NumberRequest("lost", name) for name in BUYERS}
    return pack_json(
        {
            "moved": bare_game(game) != bare_twin(game),
            "lost": {
                name: [value(one, read, game.now) for read in (here, there)]
                for name, one in asked.items()
            },
        }
    )


def scores(game: Game) -> str:
    """Scores of all seats, for the debrief: {seat: {now, later, twin, goals}}: after the last
    round, years later, and years later where China did nothing.
    """
    from coercivity.viz.classroom.engine.debrief import twin as without_signal
    from coercivity.viz.classroom.engine.game_run import read_game
    from coercivity.viz.classroom.engine.scoring import score_all
    from coercivity.viz.classroom.engine.scoring import scores as of_game

    told, quiet = of_game(game), without_signal(game)
    still = score_all(read_game(quiet), quiet, quiet.months)
    later = told.get("follow_up") or {}
    return pack_json(
        {
            seat: {
                "now": score["score"],
                "later": later[seat]["score"] if seat in later else None,
                "twin": still[seat]["score"],
                "goals": score["goals"],
            }
            for seat, score in told["now"].items()
        }
    )


def against_twin(game: Game) -> str:
    """The headline numbers of a game beside its twin without signal, and the answer to the question
    that all predicted, in words.
    """
    from coercivity.viz.classroom.engine.debrief import history

    told = history(game)
    return pack_json(
        {
            "rows": told["headlines"],
            "months": [told["answer"], told["answer_twin"]],
            "answer": predicted_words(told["answer"]),
            "answer_twin": predicted_words(told["answer_twin"]),
        }
    )


def class_history_json(game: Game) -> str:
    """The class's own history as the draws are read (engine/game_histories.py), as JSON."""
    from coercivity.viz.classroom.engine.game_histories import class_history

    return class_history(game).packed()


def draw(game: Game, number: int) -> str:
    """A game's decisions in the world of one draw (engine/game_histories.py), as JSON; makes room
    for what is in more of a hurry, and is kept on disk.
    """
    from coercivity.viz.classroom.engine.game_histories import bare_game, play_in_draw

    asked = bare_game(game)

    def run() -> bytes:
        return play_in_draw(asked, number, check_wanted).packed().encode()

    return answer_cache.cached_answer(("game", asked, number), run, package=ENGINE).decode()


def decision_keys(game: Game) -> str:
    """The decisions of a game in the order of play: {all: [{key, text, why}], first: [keys that a
    debrief asks about at once]}.
    """
    from coercivity.viz.classroom.engine.debrief import choose_decisions, decisions

    return pack_json(
        {
            "all": [
                {"key": key, "text": text, "why": _reason_for_move(game, key)}
                for key, text in decisions(game)
            ],
            "first": choose_decisions(game)[0],
        }
    )


def decision(game: Game, key: str) -> str:
    """What one decision changed: the game less the game without it, {key, scores: {seat: points},
    headlines: {id: difference}}.
    """
    from coercivity.viz.classroom.engine.debrief import what_if

    return pack_json(what_if(game, key))


def charts(game: Game, state: str, whole: bool, code: str = SOURCE) -> str:
    """The lab's charts of the game so far, or with the years after it, in the language of this
    code.
    """
    from coercivity.viz.classroom.engine.game_scenario import scenario_of

    scenario = scenario_of(game, None if whole else game.now)
    return lab_jobs.history(scenario, game.seed, state, SINCE, code)


def twin(game: Game, state: str, whole: bool) -> str:
    """The same where China does nothing new, same luck."""
    from coercivity.viz.classroom.engine.debrief import twin as without_signal
    from coercivity.viz.classroom.engine.game_scenario import scenario_of

    return lab_jobs.twin(
        scenario_of(without_signal(game), None if whole else game.now), game.seed, state, SINCE
    )


def sentence_of(line: str) -> list[Any] | None:
    """The sentence of a line and what is filled in, for a line that knows them."""
    return [line.wording, dict(line.values)] if isinstance(line, Line) else None


def _reason_for_move(game: Game, key: str) -> str:
    """The reason that a team wrote down for a move."""
    number, who, place = key.split(".")
    return "" if who == "deal" else game.rounds[int(number) - 1].of(who)[int(place) - 1].why


def last_half_year(game: Game) -> str:
    """The last half-year of a game month by month (pages/wall_data.py); before the first round
    the half-year before the game.
    """
    from coercivity.viz.classroom.engine.replay import replay
    from coercivity.viz.classroom.pages.wall_data import half_data

    return pack_json(half_data(replay(game)))
