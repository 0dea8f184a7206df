"""What the door draws, as plain JSON: facts of the tables, and what many histories say.

    {words: {name: text},
     steps: [{id, title, china: "70%", share: "70% in China", words, source: {text, url},
       places: [{state, share: 0 to 1, label}]}],
     acts: [{date, words, url}], elements: [[symbol, name]],
     months: [YYYY-MM ...], marks: [[index, label]],
     stops: [[value, label]] of the lever, in the order of the hand}

and of the histories so far

    {of, came, draws, sentence, waits, so_far, words, band: [low, middle, high] or null,
     twin: middle or null, twin_words}
    {of, came, draws, sentence, waits, so_far, rest: [USD bn ...], mine: [USD bn ...]}

Lines are lists of a number or null, one a month of `months`.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.histories import DRAWS, FEWEST, SOON, Histories, Range
from coercivity.experiments.lab.levers import find_lever, lever_table, story_day
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.experiments.quantities.stage_shares import STEPS, rows_of, shares
from coercivity.model.basis.calendar import month_index, month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.scenario.event import Event
from coercivity.viz.page_data.chain_data import FACTS
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs
from coercivity.viz.page_data.lab_charts_of_one_history import number, numbers
from coercivity.viz.words import door_text as text
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.language import Name, language, list_names, say
from coercivity.viz.words.range_text import number_in_words, written_ends

ELSEWHERE: Final = "Rest of world"
HEAVY: Final = ("separate_heavy",)
NAMED: Final = 0.04  # of the world: who makes less has a circle without a name
LICENCE, BAN = "T041", "T059"  # acts of the timeline, and of the scenario
LEVER: Final = "china_measure"
# Its options as a hand moves over them, the mildest first; rest, which is what China did, has its
# place among them (docs/monotone.md: none loses less than a milder one by more than luck).
STOPS: Final = (1.0, 2.0, 3.0, 0.0, 4.0, 5.0)
BEFORE: Final = 12  # months of the chart before the story, of as many as the scenario has
SERIES: Final = "output/all"


def facts_json() -> str:
    """What stands in tables, in the visitor's language: read once."""
    return _facts(language())


@cache
def _facts(code: str) -> str:
    return json.dumps(facts_data(), separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def facts_data() -> dict[str, Any]:
    """The same as a dictionary."""
    setting = LabSetting()
    start = setting.shipped.start
    steps = [step_data(name, processes, FACTS) for name, processes in STEPS.items()]
    names = elements()
    at = month_index(start, story_day(setting.shipped))
    acts = [act_of(setting, one) for one in (LICENCE, BAN)]
    months = list(month_names(start, setting.shipped.months))[shown_from(at) : at + SOON + 1]
    return {
        "words": words_of(setting, steps, len(names)),
        "steps": steps,
        "acts": [
            {"date": text.day(act.date), "words": say(words, count=len(names)), "url": act.source}
            for act, words in zip(acts, (text.LICENCE, text.BAN), strict=True)
        ],
        "elements": names,
        "months": months,
        "marks": [
            [months.index(act.date[:7]), say(label)]
            for act, label in zip(acts, text.STORY_MARKS, strict=True)
            if act.date[:7] in months
        ],
        "stops": stops_of_lever(),
    }


def words_of(setting: LabSetting, steps: list[dict[str, Any]], count: int) -> dict[str, str]:
    """The texts of the panels."""
    share = dict(shares(Facts.default(), HEAVY, FACTS))[EXPORTER]
    year, years = FACTS[:4], setting.shipped.months // 12
    more = {"levers": len(lever_table()) - 1, "states": len(Facts.default().states), "years": years}
    state = Name(setting.state)
    return {
        "question": say(text.QUESTION),
        "magnet": say(text.MAGNET, share=steps[-1]["china"]),
        "made": say(text.MADE, year=year),
        "onward": say(text.ONWARD),
        "steps_title": say(text.STEPS_TITLE),
        "steps": say(text.STEPS, share=text.percent(share), year=year),
        "acts_title": say(text.ACTS_TITLE),
        "tiles": say(text.TILES, count=count),
        "story_title": say(text.STORY_TITLE),
        "story": say(text.STORY, draws=DRAWS),
        "chart": say(text.STORY_CHART, state=state),
        "band": say(text.STORY_BAND),
        "middle": say(text.STORY_MIDDLE),
        "caveat": say(text.STORY_CAVEAT),
        "record": say(text.STORY_RECORD),
        "turn_title": say(text.TURN_TITLE),
        "lever": say(find_lever(LEVER).label),
        "rest": say(text.TURN_REST),
        "hint": say(text.TURN_HINT),
        "dots": say(text.TURN_DOTS),
        "open": say(text.TURN_OPEN),
        "more": say(text.TURN_MORE, **more),
        "waiting": say(text.WAITING),
        "source": say(text.SOURCE_OF),
        "reckoned": say(text.RECKONED),
    }


# ---------------------------------------------------------------- who makes it


def step_data(name: str, processes: tuple[str, ...], start: str) -> dict[str, Any]:
    """One map: a circle for each state that has a part in a step; the source is that of the
    exporter's largest row.
    """
    facts = Facts.default()
    found = shares(facts, processes, start)
    mine = [row for row in rows_of(facts, processes, start) if row["state"] == EXPORTER]
    largest = max(mine, key=lambda row: float(row["tonnes_per_year"]))
    places = [
        {
            "state": state,
            "share": number(share),
            "label": named_place(text.SHORT.get(state, state), share) if share >= NAMED else "",
        }
        for state, share in found
        if state != ELSEWHERE  # many places, and no one of them
    ]
    title, china = say(text.STEP_TITLES[name]), text.percent(dict(found)[EXPORTER])
    named = list_names(named_place(state, share) for state, share in found if share >= NAMED)
    return {
        "id": name,
        "title": title,
        "china": china,
        "share": say(text.STEP_SHARE, share=china, state=Name(EXPORTER)),
        "words": say(text.MAP_WORDS, step=title, places=named),
        "source": {"text": text.short_source(largest["source"]), "url": largest["url"]},
        "places": places,
    }


def named_place(state: str, share: float) -> str:
    """A state and its share, in words."""
    return say(text.PLACE, state=say(state), share=text.percent(share))


# ---------------------------------------------------------------- what was banned


def act_of(setting: LabSetting, name: str) -> Event:
    """An act of the scenario by its id in the timeline."""
    return next(event for event in setting.shipped.events if event.id == name)


def elements() -> list[list[str]]:
    """Symbol and name of each rare earth under licence: the symbols stand in the timeline's row,
    the names in the scenario's act. Raises InputError where they do not fit.
    """
    (row,) = load_table("timeline").where(id=LICENCE)
    listed = re.search(r"licences for ((?:[A-Z][a-z]?, )+)", row["action"])
    act = act_of(LabSetting(), LICENCE).text
    named = re.search(r"shipment of ([a-z, ]+?) and ([a-z]+), and of magnets", act)
    symbols = listed[1].rstrip(", ").split(", ") if listed else []
    names = [*named[1].split(", "), named[2]] if named else []
    if not symbols or len(symbols) != len(names):
        raise InputError(
            "{count} symbols and {other} names of rare earths do not fit",
            "name the same ones in the timeline and in the scenario's act",
            where=f"timeline {LICENCE}",
            count=len(symbols),
            other=len(names),
        )
    return [[symbol, say(name)] for symbol, name in zip(symbols, names, strict=True)]


# ---------------------------------------------------------------- what happened, and the lever


def stops_of_lever() -> list[list[Any]]:
    """Value and words of each stop of the door's lever, the mildest first."""
    lever = find_lever(LEVER)
    return [
        [value, say(text.TURN_REST if value == lever.rest else lever.options[int(value)])]
        for value in STOPS
    ]


def story_json(held: HistoryPairs, mark: str, asked: FindingRequest) -> str:
    """What happened: the answer of the histories so far, and the band of the chart."""
    return _story(held, held.count, language(), mark, asked)


@lru_cache(maxsize=8)
def _story(held: HistoryPairs, count: int, code: str, mark: str, asked: FindingRequest) -> str:
    """Made once for what has come: a page is drawn more often."""
    came = len(held.mine) if len(held.mine) >= FEWEST else 0
    band = window(held.mine)
    same = held.twin.drawn.keys() == held.mine.drawn.keys()  # else their luck is another
    twin = window(held.twin) if same else None
    found = {
        "of": mark,
        "came": came,
        "draws": DRAWS,
        "sentence": text.stop_sentence(held.mine, held.twin, asked) if came else "",
        "waits": text.waits(held.mine, held.twin, asked, DRAWS) if came else "",
        "band": [numbers(line) for line in band] if band is not None else None,
        "twin": numbers(twin[1]) if twin is not None else None,
        "twin_words": asked.twin,
        "words": "" if band is None or twin is None else chart_words(band, twin[1], asked),
        "so_far": say(text.SO_FAR, came=came, draws=DRAWS) if came < DRAWS else "",
    }
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def window(histories: Histories) -> np.ndarray | None:
    """The band of the chart in its months; None while the histories are too few."""
    band = histories.band(SERIES)
    return None if band is None else band[:, shown_from(histories.at) : histories.at + SOON + 1]


def shown_from(at: int) -> int:
    """The first month of the chart, of a story that begins in month *at*."""
    return max(at - BEFORE, 0)


def chart_words(band: np.ndarray, twin: np.ndarray, asked: FindingRequest) -> str:
    """The chart in words, for who does not see it: the month from the ban on in which the middle
    lies farthest below the twin's.
    """
    data = facts_data()
    months, begins = data["months"], data["marks"][-1][0]
    worst = begins + int(np.nanargmin((band[1] - twin)[begins:]))
    low, middle, high = band[:, worst].tolist()
    return say(
        text.STORY_WORDS,
        state=Name(asked.state),
        since=date_in_words(months[begins]),
        twin=asked.twin,
        quiet=number_in_words(float(twin[worst]), "share"),
        first=date_in_words(months[0]),
        last=date_in_words(months[-1]),
        month=date_in_words(months[worst]),
        middle=number_in_words(middle, "share"),
        low=number_in_words(written_ends(Range(low, middle, high, DRAWS), "share")[0], "share"),
    )


def turn_json(moved: HistoryPairs, happened: HistoryPairs, mark: str, asked: FindingRequest) -> str:
    """The answer to the lever: a sentence, and what is lost in each history, there and as it
    happened.
    """
    came = (moved.count, happened.count)
    return _turn_json(moved, happened, came, language(), mark, asked)


@lru_cache(maxsize=8)
def _turn_json(
    moved: HistoryPairs,
    happened: HistoryPairs,
    counts: tuple[int, int],
    code: str,
    mark: str,
    asked: FindingRequest,
) -> str:
    came = len(moved.mine) if len(moved.mine) >= FEWEST else 0
    found = {
        "of": mark,
        "came": came,
        "draws": DRAWS,
        "sentence": text.lost_sentence(moved.mine, moved.twin, asked) if came else "",
        "waits": text.waits(moved.mine, moved.twin, asked, DRAWS) if came else "",
        "mine": loss_by_history(moved.mine) if came else [],
        "rest": loss_by_history(happened.mine),
        "so_far": say(text.SO_FAR, came=came, draws=DRAWS) if came < DRAWS else "",
    }
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def loss_by_history(histories: Histories) -> list[float | None]:
    """What is lost in each history, by its number. USD bn."""
    return [number(value) for _, value in sorted(histories.values(text.LOST).items())]
