"""How a measure of several is called where what each adds is told."""

from __future__ import annotations

from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.lab.without_each import RemovedPart
from coercivity.viz.words.act_text import dated_act
from coercivity.viz.words.briefing_title import lever_value_words
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.language import join_names, say
from coercivity.viz.words.lever_text import lever_in_words


def part_words(part: RemovedPart, setting: LabSetting) -> str:
    """A measure with its value: "Stocks at firms: 6 months of use"."""
    if part.act is not None:
        return dated_act(part.act)
    if part.change is not None:
        month, name, value = part.change
        return say(
            "{lever}, from {month}: {value}",
            lever=lever_in_words(name, setting.state),
            month=date_in_words(month),
            value=lever_value_words(name, value),
        )
    return join_names(
        [
            say(
                "{lever}: {value}",
                lever=lever_in_words(name, setting.state),
                value=lever_value_words(name, value),
            )
            for name, value in part.levers
        ]
    )
