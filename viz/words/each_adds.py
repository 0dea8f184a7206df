"""How a measure of several is called where what each adds is told."""

from __future__ import annotations

from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.lab.without_each import Part
from coercivity.viz.words.act_text import dated
from coercivity.viz.words.briefing_title import at
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.language import joined, say
from coercivity.viz.words.lever_text import lever_said


def part_words(part: Part, setting: LabSetting) -> str:
    """A measure with its value: "Stocks at firms: 6 months of use"."""
    if part.act is not None:
        return dated(part.act)
    if part.change is not None:
        month, name, value = part.change
        return say(
            "{lever}, from {month}: {value}",
            lever=lever_said(name, setting.state),
            month=date_said(month),
            value=at(name, value),
        )
    return joined(
        [
            say("{lever}: {value}", lever=lever_said(name, setting.state), value=at(name, value))
            for name, value in part.levers
        ]
    )
