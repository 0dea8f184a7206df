"""How far histories of several levers that are reckoned from those of each alone
(`experiments/lab/lever_emulator.py`) are off the model's own: `python -m
tools.benchmarks.emulator_error [--settings 500] [--draws 4] [--workers 2]`.

Settings are drawn with a fixed seed: two to four levers of `japan-2026` at stops of their own, the
rest at rest. Each is run with the first draws of the lab and reckoned with the same. Reported by
number of the cards: the middle absolute error over settings and draws, beside the middle effect of
the setting itself and the half width of the lab's range; and how often the reckoned middle of a
setting has the right sign where the model's own stands out. Answers are kept as the pages keep
them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

import numpy as np

from coercivity.experiments.findings.lab_answers import Measure, measures
from coercivity.experiments.lab.histories import DrawnHistory, Histories
from coercivity.experiments.lab.lever_emulator import emulate_histories, single_lever_settings
from coercivity.experiments.lab.levers import lever_table, stops_near, story_day
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.luck import uniforms
from coercivity.viz.server import lab_jobs
from coercivity.viz.words.lab_cards import label_of
from coercivity.viz.words.lab_text import question_of


def settings(count: int) -> Iterator[LabSetting]:
    """So many settings of two to four levers, always the same."""
    luck = iter(uniforms(16, "settings to be reckoned", 0, 60 * count).tolist())
    table = lever_table()
    made = 0
    while made < count:
        levers = {}
        for lever in sorted(table, key=lambda _: next(luck))[: 2 + int(3 * next(luck))]:
            stops = stops_near(lever, lever.rest)
            levers[lever.id] = stops[int(next(luck) * len(stops))]
        try:
            setting = check_setting(levers=levers)
            setting.asked()
        except InputError:
            continue  # levers that contradict each other
        made += 1
        yield setting


def one(setting: LabSetting, number: int) -> bytes:
    """A whole history, from the disk where it is kept."""
    day = story_day(setting.shipped)
    return lab_jobs.draw(setting.asked(), (), number, setting.state, day, False)


@cache
def held(setting: LabSetting, draws: int) -> Histories:
    """The first draws of a setting."""
    found = Histories(month_index(setting.shipped.start, story_day(setting.shipped)))
    for number in range(draws):
        found.add(number, DrawnHistory.unpacked(one(setting, number)))
    return found


def main() -> None:
    """Run what is not kept, reckon, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--settings", type=int, default=500)
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    every = list(settings(asked.settings))
    parts = {part for setting in every for part in single_lever_settings(setting)}
    wanted = [(one_of, number) for one_of in (*parts, *every) for number in range(asked.draws)]
    print(
        f"{len(every)} settings, {len(parts)} of one lever or none, {len(wanted)} histories",
        flush=True,
    )
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as pool:
        for done, _ in enumerate(pool.map(one, *zip(*wanted, strict=True), chunksize=4), start=1):
            if done % 500 == 0:
                print(f"  {done} histories are there", flush=True)
    report(every, asked.draws)


def report(every: list[LabSetting], draws: int) -> None:
    """A line a number."""
    print(
        "number | middle error | 90th percentile | middle effect | half width of the range | sign"
    )
    asked = question_of(LabSetting())
    for measure in measures(asked):
        errors, effects, widths, signs = [], [], [], []
        for setting in every:
            error, effect, width, sign = compared(setting, measure, draws)
            errors += error
            effects += effect
            widths.append(width)
            signs += sign
        told = [
            f"{value:.3g}"
            for value in (
                np.median(errors),
                np.quantile(errors, 0.9),
                np.median(effects),
                np.nanmedian(widths),
            )
        ]
        print(
            " | ".join(
                (label_of(measure.id, asked), *told, f"{np.mean(signs):.0%} of {len(signs)}")
            ),
            flush=True,
        )


def compared(
    setting: LabSetting, measure: Measure, draws: int
) -> tuple[list[float], list[float], float, list[bool]]:
    """Absolute errors and effects by draw, half the spread of the draws, and whether the reckoned
    middle effect has the sign of the model's where all draws agree on it.
    """
    base, *singles = (held(part, draws) for part in single_lever_settings(setting))
    reckoned = measure.read(emulate_histories(base, singles, setting.state))
    real, rest = measure.read(held(setting, draws)), measure.read(base)
    both = [number for number in real if number in reckoned and number in rest]
    errors = [abs(reckoned[number] - real[number]) for number in both]
    effects = [real[number] - rest[number] for number in both]
    values = [real[number] for number in both]
    width = (max(values) - min(values)) / 2 if values else float("nan")
    agree = bool(effects) and (min(effects) > 0 or max(effects) < 0)
    guessed = (
        float(np.median([reckoned[number] - rest[number] for number in both])) if both else 0.0
    )
    return (
        errors,
        [abs(effect) for effect in effects],
        width,
        ([guessed * effects[0] > 0] if agree else []),
    )


if __name__ == "__main__":
    main()
