"""What the lab says of a setting: what its twin is, and what a visitor of an old link must know."""

from __future__ import annotations

from typing import Final

from coercivity.experiments.lab.link import misfit
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.errors import shorten
from coercivity.model.results.result import model_version

TWINS: Final = {
    "changes": "before the later changes",
    "levers": "no lever moved",
    "assumptions": "shipped assumptions",
    "": "nothing new happens",
}
REMARKS: Final = {
    "": "",
    "scenario": "This link was changed by hand, or its scenario has changed since: the numbers may "
    "not be those that its sender saw.",
    "model": "This link was made with other facts or rules than those here, and the numbers may "
    "differ.",
}


def twin_words(setting: LabSetting) -> str:
    """What the twin is, as the page says it."""
    return TWINS[setting.base_without()]


def remark(search: str | None, setting: LabSetting) -> str:
    """What a visitor of an old or changed link must know; empty where the link fits this version,
    or names none.
    """
    what, version = misfit(search, setting)
    if what == "version":
        return (
            f"This link was made with version {shorten(version, 20)} of the model; this is "
            f"{model_version()}, and the numbers may differ."
        )
    return REMARKS[what]
