"""Histories of several levers moved together, reckoned from those of each alone, until the model's
own are there.

Draw by draw, as all settings share their draws: what each lever does to a draw alone is added up,
for prices multiplied. Where levers help or hinder each other this is wrong;
`tools/benchmarks/emulator_error.py` says by how much, and the pages say what is reckoned.

    x = x_0 + sum_l (x_l - x_0)        prices and their multiples: x = x_0 prod_l x_l / x_0
    first stop: 1/d = 1/d_0 + sum_l (1/d_l - 1/d_0), none where this is not above zero

x_0, d_0: with no lever moved; x_l, d_l: with lever l alone; d in days
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.lab.histories import DrawnHistory, Histories
from coercivity.experiments.lab.levers import find_lever
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.quantities.headlines import FOCUS, headline_table
from coercivity.model.basis.facts import Facts

LEAST: Final = 1e-9  # a price or a rate below it is none
SIGNED: Final = "% of GDP"  # the only unit of which a headline may be below zero


def single_lever_settings(setting: LabSetting) -> tuple[LabSetting, ...]:
    """The settings that a setting is reckoned from: no lever moved, then each of its levers alone;
    a measure against another state than the story's and how long it lasts together, as the length
    is nothing by itself. () where nothing is to be reckoned: fewer than two of these, or something
    else was set too.
    """
    also = setting.changes or setting.assumptions or setting.own or setting.acts
    parts: dict[tuple[str, str], dict[str, float]] = {}
    for name, value in setting.levers:
        lever = find_lever(name)
        lasts = lever.role in ("measure", "months") and lever.owner != FOCUS
        parts.setdefault(("measure", lever.owner) if lasts else ("", name), {})[name] = value
    if len(parts) < 2 or also:
        return ()
    own = {"scenario": setting.scenario, "seed": setting.seed, "state": setting.state}
    return (
        check_setting(**own),  # type: ignore[arg-type]
        *(check_setting(levers=part, **own) for part in parts.values()),  # type: ignore[arg-type]
    )


def emulate_histories(base: Histories, singles: Sequence[Histories], state: str) -> Histories:
    """Histories of all levers together, for the draws that all of them have to the end."""
    units = {row.id: row.unit for row in headline_table(Facts.default(), state)}
    found = Histories(base.at)
    for number, at_rest in base.drawn.items():
        moved = [single.drawn.get(number) for single in singles]
        if not at_rest.whole or not all(one is not None and one.whole for one in moved):
            continue
        there = [one for one in moved if one is not None]
        found.add(number, _add_lever_effects(at_rest, there, units))
    return found


def _add_lever_effects(
    base: DrawnHistory, moved: Sequence[DrawnHistory], units: Mapping[str, str]
) -> DrawnHistory:
    headlines = {
        name: _headline(value, [one.headlines.get(name) for one in moved], units.get(name, ""))
        for name, value in base.headlines.items()
    }
    series = {
        name: _line(name, values, [one.series[name] for one in moved])
        for name, values in base.series.items()
        if all(name in one.series for one in moved)
    }
    return DrawnHistory(headlines, series, True, base.months, estimated=True)


def _headline(base: float | None, moved: Iterable[float | None], unit: str) -> float | None:
    """One number of several levers; None where one of those it needs is not defined."""
    values = list(moved)
    if unit == "days":
        rate = _rate(base) + sum(_rate(value) - _rate(base) for value in values)
        return 1.0 / rate if rate > LEAST else None
    known = [value for value in values if value is not None]
    if base is None or len(known) < len(values):
        return None
    if unit in ("multiple", "USD/kg"):
        return base * float(np.prod([value / base for value in known])) if base > LEAST else base
    found = base + sum(value - base for value in known)
    if unit == "share":
        return min(max(found, 0.0), 1.0)
    return found if unit == SIGNED else max(found, 0.0)


def _rate(days: float | None) -> float:
    """How often something comes, a day; 0 where it never does."""
    return 0.0 if days is None else 1.0 / max(days, 1.0)


def _line(name: str, base: FloatArray, moved: Sequence[FloatArray]) -> FloatArray:
    """One series of several levers, by month."""
    if name.startswith("prices/"):
        with np.errstate(divide="ignore", invalid="ignore"):
            found = base * np.prod([line / base for line in moved], axis=0)
        return np.where(base > LEAST, found, np.nan)
    found = base + np.sum([line - base for line in moved], axis=0)
    return np.maximum(found, 0.0)
