"""What the lab says of a setting: what its twin is."""

from __future__ import annotations

from typing import Final

from coercivity.experiments.lab.setting import LabSetting

TWINS: Final = {
    "changes": "before the later changes",
    "levers": "no lever moved",
    "assumptions": "shipped assumptions",
    "": "nothing new happens",
}


def twin_words(setting: LabSetting) -> str:
    """What the twin is, as the page says it."""
    return TWINS[setting.base_without()]
