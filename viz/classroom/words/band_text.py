"""What luck made of a class's game and what is its own, in words: of each headline number and each
seat's score the class's history, the band of the same decisions in other draws, the twin's, and the
difference draw by draw; and what the class predicted beside the game's own answer.

Numbers are written as the lab writes ranges (`range_text.range_in_words`): no end of a band has
more digits than the band bears.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from coercivity.experiments.findings.lab_answers import LEAST
from coercivity.experiments.lab.histories import PairedDifference, Range
from coercivity.experiments.worlds.idle_at_start import FEWEST_PAIRS
from coercivity.viz.classroom.engine.debrief import HEADLINES
from coercivity.viz.classroom.engine.game_histories import (
    DRAWS,
    Draws,
    History,
    Place,
    place,
    place_numbers,
)
from coercivity.viz.classroom.engine.game_state import unit_of
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.words.game_text import predicted_words, seat_name, twin_in_words
from coercivity.viz.words.ensemble_position_text import exact_number, lies_in
from coercivity.viz.words.lab_cards import paired_difference_words
from coercivity.viz.words.language import join_names, join_sentences, say, says, semicolons
from coercivity.viz.words.range_text import number_in_words, range_in_words, written_ends

Plain = dict[str, Any]
ANSWER: Final = "stood_target"  # the headline that answers the question that all predict
HEADS: Final = frozenset(name for name, _, _ in HEADLINES)
SMALL: Final = 0.01  # share of a number by which it has to move to be told of
SHOWN: Final = 3  # numbers that are told of a decision
EDGE: Final = 0.06  # of a strip, that stays empty at both of its ends


def lab_unit(unit: str) -> tuple[str, float]:
    """The lab's unit of a headline's, and what a number is multiplied by to be in it."""
    if unit.startswith("%"):
        return "share", 0.01
    return (unit, 1.0) if unit in LEAST else ("points", 1.0)


def headline_labels() -> dict[str, str]:
    """What the headline numbers are called, as the rows of the debrief have them."""
    rows = [{"id": name, "label": label, "unit": unit} for name, label, unit in HEADLINES]
    told = json.loads(twin_in_words(json.dumps({"rows": rows, "months": [0.0, 0.0]})))
    return {row["id"]: row["label"] for row in told["rows"]}


def units() -> dict[str, str]:
    """The unit of every number that has a band: headlines have theirs, scores are points."""
    found = {name: unit for name, _, unit in HEADLINES}
    return found | {f"{when}_{seat}": "points" for when in ("now", "end") for seat in SEATS}


def scale_range(found: Range | None, factor: float) -> Range | None:
    """A range in another unit."""
    if found is None:
        return None
    return Range(found.low * factor, found.middle * factor, found.high * factor, found.of)


def difference_in_words(between: PairedDifference | None, unit: str) -> str:
    """A difference in words, as the lab says it; '' while the pairs are too few."""
    name, factor = lab_unit(unit)
    if between is None:
        return ""
    told = scale_range(between.range, factor)
    return paired_difference_words(replace(between, range=told), name) if told else ""


# ---------------------------------------------------------------- a number and its band


def row(found: Place, unit: str, of_seat: bool = False) -> Plain:
    """A number of the class's history: its value, the band of luck, the twin's and what is the
    class's own in words ('' while that is not known), whether it stands out, and where all of it
    lies on a strip from 0 to 100. of_seat: whether it is a seat's score, which is China's doing and
    not the seat's.
    """
    name, factor = lab_unit(unit)
    luck, quiet = (scale_range(one, factor) for one in (found.luck, found.quiet))
    own = found.own
    return {
        "value": exact_number(found.value * factor, name, luck),
        "luck": _luck(found, luck, name, factor),
        "quiet": say("With nothing from China: {range}.", range=range_in_words(quiet, name))
        if quiet
        else "",
        "own": _own_difference_sentence(own, unit, of_seat) if own else "",
        "usual": luck is not None and not _outside_band_sentences(found, luck, name, factor),
        "stands_out": own.stands_out if own else None,
        **_strip(found.value * factor, luck, quiet),
    }


def _own_difference_sentence(own: PairedDifference, unit: str, of_seat: bool) -> str:
    """What is the class's own, or what China's moves did to a seat."""
    difference = difference_in_words(own, unit)
    if not own.stands_out:
        return (
            say("What China's moves changed: {difference}.", difference=difference)
            if of_seat
            else say("Yours, against the twin: {difference}.", difference=difference)
        )
    if of_seat:
        return say("What China's moves typically changed: {difference}.", difference=difference)
    return say("Yours, against the twin, typically: {difference}.", difference=difference)


def _luck(found: Place, luck: Range | None, unit: str, factor: float) -> str:
    """The band of the same decisions, and that the class's number is outside of it where it is."""
    if luck is None:
        return ""
    band = say(
        "In {inside} of {of} histories of the same decisions: {range}.",
        inside=found.inside,
        of=luck.of,
        range=range_in_words(luck, unit),
    )
    return join_sentences([band, *_outside_band_sentences(found, luck, unit, factor)])


def _outside_band_sentences(found: Place, luck: Range, unit: str, factor: float) -> list[str]:
    """That a number lies outside the band of its own decisions, as both are written; nothing where
    it does not.
    """
    value, of = found.value * factor, luck.of
    if lies_in(value, luck, unit):
        return []
    if value < luck.low:
        return [
            say(
                "Yours is less than in {times} of these {of}: not your doing.",
                times=found.above,
                of=of,
            )
        ]
    return [
        say(
            "Yours is more than in {times} of these {of}: not your doing.", times=found.below, of=of
        )
    ]


def _strip(value: float, luck: Range | None, quiet: Range | None) -> Plain:
    """Where value and bands lie on a strip, % of its width; None where there is no band."""
    ends = [value, *(end for one in (luck, quiet) if one for end in (one.low, one.high))]
    low, wide = min(ends), max(ends) - min(ends)

    def at(number: float) -> float:
        share = (number - low) / wide if wide > 0.0 else 0.5
        return round(100.0 * (EDGE + (1.0 - 2.0 * EDGE) * share), 1)

    def span(one: Range | None) -> list[float] | None:
        return [at(one.low), at(one.high)] if one else None

    return {"at": at(value), "luck_at": span(luck), "quiet_at": span(quiet)}


# ---------------------------------------------------------------- the whole debrief


def bands_in_words(
    own: History, mine: Draws, quiet: Draws, moved: bool, settled: bool = False
) -> Plain:
    """What is told of luck and of the class's own: {state, moved, summary, rows: {id: row}}.
    moved: whether China did anything new in this game, else it is its own twin; settled:
    whether no more histories come.
    """
    kinds, count = units(), min(len(mine), len(quiet))
    places = place_numbers(own, mine, quiet)
    rows = {
        name: row(places[name], kinds[name], of_seat=name not in HEADS)
        for name in kinds
        if name in places
    }
    if not moved:  # the twin is the same game
        rows = {
            name: told | {"quiet": "", "own": "", "quiet_at": None} for name, told in rows.items()
        }
    heads = [rows[name] for name, _, _ in HEADLINES if name in rows]
    return {
        "state": state_words(count, settled),
        "moved": moved,
        "summary": _summary(heads, count, moved),
        "rows": rows,
    }


def state_words(count: int, settled: bool) -> str:
    """From how many histories all of this is told."""
    if settled or count >= DRAWS:
        return say("From {count} histories of your decisions.", count=count)
    return say(
        "From {count} histories of your decisions so far; computing up to {all} …",
        count=count,
        all=DRAWS,
    )


def _summary(rows: Sequence[Plain], count: int, moved: bool) -> str:
    """In how many numbers the game stands out from luck."""
    if not moved:
        return say(
            "China did nothing new in your game: it is its own twin, and in no history does any "
            "number differ from it."
        )
    if count < FEWEST_PAIRS:
        return ""
    sure = sum(row["stands_out"] is True for row in rows)
    return says(
        "{count} of {of} numbers stands out from luck: there your game and its twin differ the "
        "same way in nearly every history.",
        "{count} of {of} numbers stand out from luck: there your game and its twin differ the "
        "same way in nearly every history.",
        sure,
        of=len(rows),
    )


def decision_in_words(
    found: Plain, here: Mapping[str, float], labels: Mapping[str, str], seats: Sequence[str]
) -> str:
    """What a decision changed in the class's one history: points of each seat, and the numbers that
    moved most for their size. here: the class's numbers.
    """
    moved = points_moved(found, seats)
    first = (
        say("In your one history, points: {points}.", points=join_names(moved))
        if moved
        else say("In your one history hardly any point changes.")
    )
    kinds, changes = units(), found.get("headlines", {})
    parts = {
        name: abs(by) / max(abs(here[name]), abs(here[name] - by), 1e-9)
        for name, by in changes.items()
        if name in here and name in labels and name in kinds
    }
    order = sorted((name for name in parts if parts[name] >= SMALL), key=lambda name: -parts[name])
    told = [
        say("{label}: {change}", label=labels[name], change=words)
        for name in order[:SHOWN]
        if (words := by_how_much(changes[name], kinds[name]))
    ]
    return join_sentences([first, *([say("{numbers}.", numbers=semicolons(told))] if told else [])])


def points_moved(found: Plain, seats: Sequence[str], most: int = 0) -> list[str]:
    """The seats whose points a decision changed, and by how much: "Japan −3"; at *most* so many,
    those that it changed most first.
    """
    points = {seat: round(found.get("scores", {}).get(seat, 0.0)) for seat in seats}
    changed = [seat for seat, by in points.items() if by]
    if most:
        changed = sorted(changed, key=lambda seat: -abs(points[seat]))[:most]
    return [f"{seat_name(seat)} {_signed_number(points[seat])}" for seat in changed]


def by_how_much(by: float, unit: str) -> str:
    """A difference of one history in words; '' where it is too small to be shown."""
    name, factor = lab_unit(unit)
    size = abs(by * factor)
    if size < LEAST[name]:
        return ""
    points = round(100 * size)
    how = (
        says("{count} point", "{count} points", points)
        if name == "share"
        else number_in_words(size, name, 2)
    )
    return say("{how} more", how=how) if by > 0 else say("{how} less", how=how)


def _signed_number(by: int) -> str:
    return f"+{by}" if by > 0 else f"−{-by}"


def changes_in_words(
    between: Mapping[str, PairedDifference], labels: Mapping[str, str], most: int = 4
) -> str:
    """What a decision changed over several histories: the numbers that stand out, those that move
    most for their size first; '' while the pairs are too few.
    """
    if not between:
        return ""
    kinds, of = units(), next(iter(between.values())).range.of
    sure = [name for name in labels if name in between and between[name].stands_out]
    sure.sort(key=lambda name: -_relative_difference(between[name]))
    if not sure:
        return say("Over {of} histories: no difference beyond luck.", of=of)
    told = [
        say(
            "{label}: {change}",
            label=labels[name],
            change=difference_in_words(between[name], kinds[name]),
        )
        for name in sure[:most]
    ]
    return say("Over {of} histories: {differences}.", of=of, differences=semicolons(told))


def _relative_difference(between: PairedDifference) -> float:
    """How large a difference is beside how far it varies."""
    found = between.range
    return abs(found.middle) / max(found.high - found.low, 1e-9)


# ---------------------------------------------------------------- what was predicted


def predictions_in_words(
    predictions: Sequence[Plain], found: Place | None, months: Sequence[float] = ()
) -> Plain:
    """What each seat predicted before and after the game beside the game's own answer and its band:
    {answer, twin, within, nobody, seats: [{seat, actor, before, after, change}]}. predictions: as
    `rooms/views.py` has them; months: the game's answer and the twin's, none while they
    are not there.
    """
    luck = found.luck if found else None
    told = [_predicted_row(one, luck) for one in predictions]
    return {
        "answer": _answer(months[0], found) if months else "",
        "twin": say(
            "A side remark: in the twin, with nothing from China, {months}.",
            months=exact_number(months[1], "months"),
        )
        if months
        else "",
        "within": [
            words
            for when in ("before", "after")
            if (words := _who_was_within(predictions, luck, when))
        ],
        "nobody": no_prediction_sentence(predictions),
        "seats": told,
    }


def place_of(name: str, own: History, mine: Draws, quiet: Draws) -> Place | None:
    """One number of the class's history among the others; None where it has none of this name."""
    return place(name, own.values[name], mine, quiet) if name in own.values else None


def _answer(months: float, found: Place | None) -> str:
    """The game's own answer as its row among the headlines has it, with its band."""
    answer = exact_number(months, "months", found.luck if found else None)
    if found is None or found.luck is None:
        return say("In this game: {months}.", months=answer)
    return say(
        "In this game: {months}. In {inside} of {of} histories of the same decisions: {range}.",
        months=answer,
        inside=found.inside,
        of=found.luck.of,
        range=range_in_words(found.luck, "months"),
    )


def no_prediction_sentence(predictions: Sequence[Plain]) -> str:
    """Where no seat predicted; '' where some did at both ends."""
    before, after = (
        any(_number(one, when) is not None for one in predictions) for when in ("before", "after")
    )
    if not before and not after:
        return say("Nobody predicted a number, neither before nor after the game.")
    if not before:
        return say("Nobody predicted a number before the game.")
    if not after:
        return say("Nobody predicted a number after the game.")
    return ""


def judge_prediction(number: float, luck: Range) -> str:
    """Whether a predicted number lies in the band: within, low or high."""
    low, high = written_ends(luck, "months")
    return "within" if low <= number <= high else "low" if number < low else "high"


def _number(one: Plain, when: str) -> float | None:
    """The number of months that a seat predicted; none where it was asked for a year."""
    told = one[when]
    number = told["number"] if told else None
    return number if number is not None and unit_of(number) == "months" else None


def _predicted_row(one: Plain, luck: Range | None) -> Plain:
    before, after = _number(one, "before"), _number(one, "after")
    return {
        "seat": one["seat"],
        "actor": one["actor"],
        **{when: _guess(one[when], _number(one, when), luck) for when in ("before", "after")},
        "change": "" if before is None or after is None else _change(after - before),
    }


def _guess(told: Plain | None, number: float | None, luck: Range | None) -> Plain:
    """What was predicted in words, the reason, and how it lies to the band."""
    if told is None:
        return {"said": "", "text": "", "judged": ""}
    words = {"within": say("within the band"), "low": say("too low"), "high": say("too high")}
    verdict = "" if number is None or luck is None else words[judge_prediction(number, luck)]
    said = told["said"]
    if number is not None and told.get("of"):
        said = say("{months} (of {all})", months=said, all=told["of"])
    return {"said": said, "text": told["text"], "judged": verdict}


def _change(by: float) -> str:
    """How far a prediction moved from before to after the game."""
    if by == 0.0:
        return say("unchanged")
    how = predicted_words(abs(by))
    return say("{how} more", how=how) if by > 0 else say("{how} less", how=how)


def _who_was_within(predictions: Sequence[Plain], luck: Range | None, when: str) -> str:
    """Which seats were within the band, before or after the game; '' where nobody predicted."""
    numbers = {one["seat"]: _number(one, when) for one in predictions}
    known = {seat: number for seat, number in numbers.items() if number is not None}
    if luck is None or not known:
        return ""
    within = [seat for seat, number in known.items() if judge_prediction(number, luck) == "within"]
    names = join_names(seat_name(seat) for seat in within)
    if when == "before":
        if not within:
            return say("Before the game nobody of {of} was within that band.", of=len(known))
        return say("Before the game within that band: {seats}.", seats=names)
    if not within:
        return say("After the game nobody of {of} was within that band.", of=len(known))
    return say("After the game within that band: {seats}.", seats=names)
