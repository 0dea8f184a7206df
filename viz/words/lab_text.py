"""What the lab says of a setting: what its twin is, and what its histories are looked at for."""

from __future__ import annotations

from typing import Final

from coercivity.experiments.lab.setting import LabSetting
from coercivity.viz.words.lab_answer import Question

TWINS: Final = {
    "changes": "without the later changes",
    "levers": "with no lever moved",
    "assumptions": "with the shipped assumptions",
    "": "with nothing new",
}


def twin_words(setting: LabSetting) -> str:
    """What the twin is, as the end of a sentence."""
    return TWINS[setting.base_without()]


def question_of(setting: LabSetting) -> Question:
    """What the histories are looked at for."""
    return Question(setting.state, twin_words(setting))


def nothing_new(setting: LabSetting) -> str:
    """What "with nothing new" leaves out, in brackets; '' where the twin is another."""
    if setting.base_without():
        return ""
    return f" (nobody takes any measure from {setting.shipped.start} on)"
