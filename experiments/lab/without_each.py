"""A setting without each of the measures that were set in it, the others as they stand: what one of
several adds is the difference, history by history.

What measures add one by one need not sum to what they do together: a stock lasts until a plant
opens, and with neither a line stands as long as without one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from coercivity.experiments.lab.acts import Act
from coercivity.experiments.lab.levers import find_lever
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.quantities.headlines import FOCUS
from coercivity.model.basis.errors import InputError

MOST: Final = 8  # measures that are asked about: each is an ensemble of its own

Lever = tuple[str, float]
Change = tuple[str, str, float]


@dataclass(frozen=True)
class RemovedPart:
    """What is taken out of a setting, and the setting without it: levers that are nothing without
    each other, an act of one's own, or a later change.
    """

    without: LabSetting
    levers: tuple[Lever, ...] = ()
    act: Act | None = None
    change: Change | None = None


def without_each(setting: LabSetting) -> tuple[RemovedPart, ...]:
    """The parts in which a setting differs from its twin, each with the setting that goes without
    it. () where these are fewer than two; a part without which the rest fits no scenario is left
    out.
    """
    parts = _changes(setting) if setting.changes else [*_levers(setting), *_acts(setting)]
    found = tuple(part for part in parts if _is_valid_setting(part.without))
    return found[:MOST] if len(parts) > 1 else ()


def _levers(setting: LabSetting) -> list[RemovedPart]:
    together: dict[tuple[str, str], list[Lever]] = {}
    for name, value in setting.levers:
        lever = find_lever(name)
        lasts = lever.role in ("measure", "months") and lever.owner != FOCUS
        together.setdefault(("measure", lever.owner) if lasts else ("", name), []).append(
            (name, value)
        )
    return [
        RemovedPart(
            replace(setting, levers=tuple(one for one in setting.levers if one not in held)),
            levers=tuple(held),
        )
        for held in together.values()
    ]


def _acts(setting: LabSetting) -> list[RemovedPart]:
    acts = setting.acts
    return [
        RemovedPart(replace(setting, acts=acts[:place] + acts[place + 1 :]), act=act)
        for place, act in enumerate(acts)
    ]


def _changes(setting: LabSetting) -> list[RemovedPart]:
    changes = setting.changes
    return [
        RemovedPart(replace(setting, changes=changes[:place] + changes[place + 1 :]), change=change)
        for place, change in enumerate(changes)
    ]


def _is_valid_setting(setting: LabSetting) -> bool:
    try:
        setting.asked()
    except InputError:
        return False
    return True
