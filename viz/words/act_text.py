"""What an act that a visitor wrote says of itself, in his language."""

from __future__ import annotations

from coercivity.experiments.lab.act_words import BEGINS, ENDS
from coercivity.experiments.lab.acts import Act, in_words
from coercivity.model.basis.fixed_names import MOMENTS
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.language import numeral, say


def act_words(act: Act) -> str:
    """What an act is, without its dates."""
    return in_words(act, say, numeral)


def dates_in_words(act: Act) -> str:
    """When an act is in force."""
    said = act.said()
    if ENDS in said:
        return say(
            "from {first} until {last}",
            first=date_in_words(said[BEGINS]),
            last=date_in_words(said[ENDS]),
        )
    if act.kind in MOMENTS:
        return say("in {month}", month=date_in_words(said[BEGINS]))
    return say("from {first} on", first=date_in_words(said[BEGINS]))


def dated_act(act: Act) -> str:
    """An act with its dates."""
    return say("{when}: {what}", when=dates_in_words(act), what=act_words(act))
