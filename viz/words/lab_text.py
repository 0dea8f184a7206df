"""What the lab says of a setting: what its twin is."""

from __future__ import annotations

from typing import Final

from coercivity.experiments.lab.setting import LabSetting

TWINS: Final = {
    "changes": "without the later changes",
    "levers": "with no lever moved",
    "assumptions": "with the shipped assumptions",
    "": "with nothing new",
}


def twin_words(setting: LabSetting) -> str:
    """What the twin is, as the end of a sentence."""
    return TWINS[setting.base_without()]
