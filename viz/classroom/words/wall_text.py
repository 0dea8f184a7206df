"""What the wall of a class says of a half-year, in few words, in the language that is spoken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from coercivity.viz.classroom.engine import team_briefs
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.engine.game_tables import deal_kinds
from coercivity.viz.classroom.engine.replay import BUYERS, PRICED, PRICED_IN
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.words.firm_names import firm_name
from coercivity.viz.words.language import Name, list_names, noted, numeral, say, says
from coercivity.viz.words.names import named_in_sentence

Plain = dict[str, Any]
GROUPS: Final[Mapping[str, str]] = {  # what flows are called above the map
    "heavy_oxides": noted("Heavy oxides"),
    "magnets": noted("Magnets"),
    "motors": noted("Motors"),
}
SHIPS: Final[Mapping[str, str]] = {
    "heavy_oxides": noted(
        "China ships {after} t of heavy oxides a month to {state}; before it was {before} t."
    ),
    "magnets": noted(
        "China ships {after} t of magnets a month to {state}; before it was {before} t."
    ),
    "motors": noted(
        "China ships motors with {after} t of magnets in them a month to {state}; before it was "
        "{before} t."
    ),
}
LEAST: Final = 0.05  # t a month below which nothing is told of a flow


def half_year_in_words(text: str) -> str:
    """A half-year (pages/wall_data.py) with its words."""
    if not text.startswith("{"):
        return text
    told = json.loads(text)
    for group in told["map"]["groups"]:
        group["label"] = say(GROUPS[group["id"]])
    for firm in told["map"]["firms"]:
        firm[2] = capitalise_line(firm_name(firm[0]))
    told["places"] = {name: say(name) for name in told["map"]["states"]}
    told["buyers"] = {name: say(name) for name in BUYERS}
    told["priced"] = {
        good: list_names([named_in_sentence(good), say(PRICED_IN)]) for good in PRICED
    }
    told["happens"] = events_by_frame(told)
    told["breaks"] = [broken_word_sentence(one) for one in told["broken"]]
    for one in told["broken"]:
        one |= {"stamp_by": say("Breaks its word"), "stamp_other": say("Word broken")}
    told["sentences"] = sentences(told)
    return pack_json(told)


def events_by_frame(told: Plain) -> list[Plain]:
    """What happens by frame, in words: lines that stop, then plants that open."""
    stops = [
        {
            "frame": one["frame"],
            "bad": True,
            "text": capitalise_line(
                say(
                    "{name} stops: no {missing}",
                    name=firm_name(one["name"]),
                    missing=say(one["missing"]),
                )
            ),
        }
        for one in told["stops"]
    ]
    opened = [
        {
            "frame": one["frame"],
            "bad": False,
            "text": say(team_briefs.SENTENCES["opened"], name=firm_name(one["name"])),
        }
        for one in told["opened"]
    ]
    return [*stops, *opened]


def capitalise_line(text: str) -> str:
    """A text that begins a line: 'Car maker 1 in Japan'."""
    return text[:1].upper() + text[1:]


def broken_word_sentence(one: Plain) -> str:
    """Whose word is broken, and which."""
    return say(
        "{who} breaks its word: {deal}",
        who=seat_name(one["by"]),
        deal=say(deal_kinds()[one["kind"]].label),
    )


def sentences(told: Plain) -> list[str]:
    """The half-year in three sentences: lines, trade, prices."""
    return [_lines(told), _trade(told), _prices(told)]


def loss_without_in_words(text: str) -> str:
    """What the state that the game is about would have lost, as one more line of what it lost; ''
    while it is not there, and where China did nothing new.
    """
    told: Plain = json.loads(text) if text.startswith("{") else {"moved": False}
    if not told["moved"]:
        return ""
    return say("without China's new steps: {value}", value=_digits(told["lost"][PRICED_IN][1]))


def loss_in_words(text: str) -> str:
    """What the state that the game is about lost in a half-year, and what it would have lost
    without China's new steps (game_jobs.without_steps); '' while it is not there.
    """
    if not text.startswith("{"):
        return ""
    told = json.loads(text)
    here, there = (_digits(lost) for lost in told["lost"][PRICED_IN])
    if not told["moved"]:
        return say(
            "In the half-year Japan loses output of USD {lost} million; China has taken no new "
            "step.",
            lost=here,
        )
    return say(
        "In the half-year Japan loses output of USD {lost} million; without China's new steps it "
        "would be {without}.",
        lost=here,
        without=there,
    )


def _lines(told: Plain) -> str:
    """How many lines stop, and how many stood when the half-year began and stand when it ends."""
    count = len(told["stops"])
    begun, ended = (
        round(sum(lines[place] for lines in told["standing"].values())) for place in (0, -1)
    )
    if not count and not begun and not ended:
        return say("No line in Japan, the United States or the EU stops, and none stands.")
    if not count:
        return say(
            "No line in Japan, the United States or the EU stops anew. Lines that stand: {begun} "
            "when the half-year begins, {ended} when it ends.",
            begun=begun,
            ended=ended,
        )
    return says(
        "{count} line in Japan, the United States or the EU stops. Lines that stand: {begun} when "
        "the half-year begins, {ended} when it ends.",
        "{count} lines in Japan, the United States or the EU stop. Lines that stand: {begun} when "
        "the half-year begins, {ended} when it ends.",
        count,
        begun=begun,
        ended=ended,
    )


def _trade(told: Plain) -> str:
    """The buyer to whom China's shipments are moved most, in the goods that the map shows."""
    group = told["map"]["chosen"]
    shipped: dict[str, list[float]] = told["from_china"][group]
    state = max(shipped, key=lambda name: abs(shipped[name][-1] - shipped[name][0]))
    before, after = shipped[state][0], shipped[state][-1]
    if max(before, after) < LEAST:
        return say("China ships nothing of these goods to Japan, the United States or the EU.")
    return say(SHIPS[group], state=Name(state), before=_digits(before), after=_digits(after))


def _prices(told: Plain) -> str:
    heavy, light = (told["prices"][good] for good in PRICED)
    return say(
        "In Japan a kilogram of dysprosium oxide costs USD {heavy} (before: {heavy_before}), of "
        "NdPr oxide USD {light} (before: {light_before}).",
        heavy=_digits(heavy[-1]),
        heavy_before=_digits(heavy[0]),
        light=_digits(light[-1]),
        light_before=_digits(light[0]),
    )


def _digits(value: float | None) -> str:
    """Three digits, whole numbers from a thousand on, as the pages show numbers."""
    if value is None:
        return "–"
    rounded = float(f"{value:.3g}")
    return numeral(f"{value:,.0f}" if abs(rounded) >= 1000 else f"{rounded:g}")
