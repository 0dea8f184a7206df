"""The parts of the class page, each a template beside this file.

Large props are single JSON strings (rooms/views.py, pages/game_jobs.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import solara

from coercivity.viz.classroom.engine.game_state import Game, pack_json, round_month
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.hooks import FAILED
from coercivity.viz.classroom.words.game_text import brief_in_words, news_in_words
from coercivity.viz.classroom.words.wall_text import loss_without_in_words
from coercivity.viz.screens.hooks import Answer, use_job
from coercivity.viz.screens.template import say_failed, template
from coercivity.viz.server.worker_pool import LEVER
from coercivity.viz.words.language import language, say

STATES_SHOWN: Final = ("Japan", "United States", "Germany", "France", "China")
Told = Callable[[dict[str, Any]], None]


@template("entry.vue")
def Entry(
    choices: str,
    found: str,
    problem: str,
    lost: str,
    event_look: Callable[[str], None],
    event_join: Told,
    event_make: Told,
    event_load: Told,
    event_go: Callable[[str], None],
) -> None:
    """Make a room, join one, or play on one screen. lost: a token that opens nothing any more."""


@template("gone.vue")
def Gone(words: str, code: str) -> None:
    """Why this page is nobody's any more, and the way back into the room."""


@template("ways_in.vue")
def Way(
    code: str,
    opened: bool,
    reach: str,
    wall: str,
    lead: str,
    event_see: Callable[[Any], None],
) -> None:
    """How phones come in: code, address, and the code that they read; and the link of the wall."""


@template("top.vue")
def Top(page: str, time: str, who: str, remember: str, event_end: Callable[[Any], None]) -> None:
    """Round, phase, clock, code and seats."""


@template("brief.vue")
def Brief(
    own: str, brief: str, played: bool, short: bool, first: bool, busy: bool, problem: str
) -> None:
    """A seat's private brief and its own score; *short*: two numbers, and the rest behind a tap.
    first: its points by goal come before all else.
    """


@template("team.vue")
def TeamPart(
    own: str,
    can: bool,
    problem: str,
    event_vote: Told,
    event_withdraw: Callable[[Any], None],
    event_ready: Callable[[Any], None],
    event_captain: Callable[[Any], None],
    event_step: Callable[[Any], None],
) -> None:
    """A team of several phones: proposals and votes, who seals, who is in it."""


@template("sheet.vue")
def Sheet(
    choices: str,
    own: str,
    place: str,
    can: bool,
    paper: bool,
    most: int,
    waiting: str,
    problem: str,
    event_seal: Callable[[list[Any]], None],
    event_unseal: Callable[[Any], None],
    event_propose: Callable[[Any], None] | None = None,
) -> None:
    """Cards and the sheet that is sealed; or the cards that somebody proposes to his team."""


@template("deals.vue")
def Deals(
    page: str,
    choices: str,
    own: str,
    seat: str,
    can: bool,
    paper: bool,
    problem: str,
    event_offer: Told,
    event_answer: Told,
) -> None:
    """Deals in force, offers, answers."""


@template("predict.vue")
def Predict(
    when: str, question: str, made: str, seats: str, months: int, problem: str, event_predict: Told
) -> None:
    """One prediction."""


@template("news.vue")
def News(page: str, news: str, without: str, busy: bool, problem: str) -> None:
    """What everybody did, and what came of it. without: what the state that the game is about would
    have lost without China's new steps, in words.
    """


@template("scores.vue")
def Scores(page: str, scores: str, busy: bool) -> None:
    """The points of all seats after a round, for who reads them aloud."""


@template("facilitator.vue")
def Facilitator(page: str, sheets: str, saved: str, problem: str, event_act: Told) -> None:
    """The facilitator's controls."""


@template("charts.vue")
def Charts(
    page: str,
    ghost: str,
    state: str,
    states: str,
    until: str,
    heading: str,
    twin_words: str,
    busy: bool,
    problem: str,
    event_look: Callable[[str], None],
) -> None:
    """The lab's four charts of the game's history."""


@template("debrief.vue")
def Debrief(
    page: str,
    scores: str,
    twin: str,
    bands: str,
    decisions: str,
    rounds: str,
    predictions: str,
    file: str,
    shown: int,
    busy: bool,
    problem: str,
    event_take: Callable[[str], None],
    event_every: Callable[[Any], None],
) -> None:
    """The whole game looked back upon, and its files."""


@template("result.vue")
def Result(
    leads: bool,
    rests: str,
    file: str,
    shown: int,
    busy: bool,
    problem: str,
    event_page: Callable[[str], None],
) -> None:
    """The page of a team to take home."""


@template("pick.vue")
def Pick(
    what: str,
    words: str,
    note: str,
    seats: str,
    chosen: str,
    opened: bool,
    event_pick: Callable[[str], None],
    event_toggle: Callable[[Any], None],
) -> None:
    """Whose sheet or brief is on the screen."""


def show_refusal(words: str) -> None:
    """Why there is nothing on this page; '' where it could not be put together."""
    if words:
        solara.v.Html(tag="p", class_="cv-problem", attributes={"role": "alert"}, children=[words])
    else:
        say_failed(say(FAILED))


def show_gone(words: str, code: str) -> None:
    """What has become of the place of this page; its phone forgets it and may join anew."""
    Gone(words=words, code=code)


def show_news(last: str, news: Answer, game: Game) -> None:
    """The news of the *last* round of a game (`last_round`)."""
    _NewsBesideTwin(last=last, news=news, game=game)


@solara.component
def _NewsBesideTwin(last: str, news: Answer, game: Game) -> None:
    """The news, and as soon as it is there what would have been lost without China's new steps."""
    quiet = use_job(game_jobs.without_steps, game, priority=LEVER, wanted=not news.busy)
    News(
        page=last,
        news=news_in_words(news.settled),
        without=loss_without_in_words(quiet.settled),
        busy=news.busy,
        problem=news.problem,
    )


def show_brief(
    own: str, brief: Answer, played: bool, short: bool = False, first: bool = False
) -> None:
    """A brief, and below it how the seat stands where a round was *played*; *short* beside a
    sheet. first: its points by goal come before all else.
    """
    Brief(
        own=own,
        brief=brief_in_words(brief.settled),
        played=played,
        short=short,
        first=first,
        busy=brief.busy,
        problem=brief.problem,
    )


@solara.component
def HistoryCharts(game: Game, whole: bool) -> None:
    """Four charts of one state."""
    state, set_state = solara.use_state(STATES_SHOWN[0])
    line = use_job(game_jobs.charts, game, state, whole, language())
    ghost = use_job(game_jobs.twin, game, state, whole, wanted=not line.busy)
    Charts(
        page=line.settled,
        ghost=ghost.settled if not line.busy else "",
        state=state,
        states=pack_json([[name, say(name)] for name in STATES_SHOWN]),
        until=round_month(game.played + 1),
        heading=say("The whole history") if whole else say("So far"),
        twin_words=say("China does nothing new"),
        busy=line.busy,
        problem=line.problem,
        event_look=lambda choice: set_state(choice if choice in STATES_SHOWN else state),
    )
