"""What is said of levers: those of the state looked at, those of others that are moved too, and why
a state has not all of them.
"""

from __future__ import annotations

from typing import Any, Final

from coercivity.experiments.lab.levers import find_lever, lever_table
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.lab.state_levers import SHARED_PURSE, in_sentence, missing_lever_reason
from coercivity.experiments.quantities.headlines import FOCUS
from coercivity.experiments.worlds import twin
from coercivity.model.basis.facts import Facts
from coercivity.viz.words.lab_text import by_name
from coercivity.viz.words.language import noted, numeral, say

TEN: Final = 10
STORY: Final = noted(
    "The measure against {story} that this scenario is about stays as it is. Look at {story} to "
    "move it."
)


def heading(state: str) -> str:
    """What stands above the levers of a state."""
    count = len(lever_table(state))
    return say("Ten levers") if count == TEN else say("The levers that there are: {n}", n=count)


def levers_notes(setting: LabSetting) -> list[str]:
    """What is to be known of the levers of the state looked at: who pays, what is not there, and
    what the story is about.
    """
    state, notes = setting.state, []
    if state in Facts.default().eu_states:
        notes.append(say(SHARED_PURSE, the_state=say(in_sentence(state))))
    if (why := missing_lever_reason(state)) is not None:
        text, names = why
        notes.append(say(text, **{name: say(value) for name, value in names.items()}))
    if state != FOCUS and any(map(by_name, twin.measures_in_question(setting.shipped))):
        notes.append(say(STORY, story=say(FOCUS)))
    return [note[:1].upper() + note[1:] for note in notes]


def levers_elsewhere(setting: LabSetting) -> list[dict[str, Any]]:
    """The moved levers that are not those of the state looked at, with their values."""
    mine = {lever.id for lever in lever_table(setting.state)}
    return [
        {
            "id": name,
            "label": lever_in_words(name, setting.state),
            "value": value_in_words(name, value),
        }
        for name, value in setting.levers
        if name not in mine
    ]


def lever_in_words(name: str, state: str) -> str:
    """What a lever is called where a state is looked at: one of another state with its group."""
    lever = find_lever(name)
    label = lever.said("label", say)
    if any(name == one.id for one in lever_table(state)):
        return label
    return say("{group}, {label}", group=lever.said("group", say), label=label)


def value_in_words(name: str, value: float) -> str:
    """A value of a lever as the page writes it."""
    lever = find_lever(name)
    if lever.options:
        return say(lever.options[int(value)])
    return say("{number} {unit}", number=numeral(f"{value:g}"), unit=say(lever.unit))
