"""Part `sensitivity`: a screen of every parameter that is not known, then shares of the variance,
densities and a corner on the ten that it picks.

Each step is a sweep that resumes. The rule of the choice was written down before the first screen:
a parameter's score is the largest, over the headlines, of its mu* as a share of that headline's
largest mu*; the ten highest scores go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.sensitivity.analysis import (
    analyse,
    choose_methods,
    choose_outcomes,
    corner_of,
    corner_points,
    to_dict,
)
from coercivity.experiments.sensitivity.corner import read_corner
from coercivity.experiments.sensitivity.sample import Sample, read_sample
from coercivity.experiments.sweep.design import Design, load_design
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.sweep_folder import model_code
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.model.basis.errors import InputError
from tools.docs.kit.documents import Order

SCENARIO: Final = "japan-2026"
OUTCOMES: Final = (
    "first_stop_days",
    "firms_stopped_share",
    "output_lost_24m",
    "price_multiple_dy_japan",
    "dependence_separated_end",
)
CORNER: Final = "firms_stopped_share>0.3"  # in which corner does Japan stop?
Setting = Mapping[str, Any]
SCREEN: Final[Setting] = {
    "months": 60,
    "seeds": 1,
    "method": "morris",
    "samples": 10,
    "parameters": "table",
}  # the design sensitivity-morris, which ships
LATER: Final[Mapping[str, Setting]] = {
    "sobol": {"months": 60, "seeds": 2, "method": "sobol", "samples": 256},
    "lhs": {"months": 60, "seeds": 4, "method": "lhs", "samples": 500},
}
CHOSEN: Final = 10
QUICK_SCREEN: Final[Setting] = {
    "months": 49,
    "samples": 2,
    "parameters": ["over_compliance", "cover_spread", "look_ahead_months", "scarcity_elasticity"],
}
QUICK_LATER: Final[Mapping[str, Setting]] = {
    "sobol": {"months": 49, "seeds": 1, "samples": 4},
    "lhs": {"months": 49, "seeds": 1, "samples": 24},
}
QUICK_CHOSEN: Final = 3


def scenarios() -> tuple[str, ...]:
    """The one scenario."""
    return (SCENARIO,)


def screen_design(quick: bool = False) -> Design:
    """The design of the screen."""
    return _design("sensitivity-morris", {**SCREEN, **(QUICK_SCREEN if quick else {})})


def later_designs(names: list[str], quick: bool = False) -> dict[str, Design]:
    """The designs on the parameters that the screen picks."""
    more: Mapping[str, Setting] = QUICK_LATER if quick else {}
    return {
        f"sensitivity-{method}": _design(
            f"sensitivity-{method}",
            {**setting, **more.get(method, {}), "parameters": sorted(names)},
        )
        for method, setting in LATER.items()
    }


def build(order: Order) -> dict[str, Any]:
    """{chosen, sweeps}: parameters that the screen picks with their scores; for each sweep the
    document of `coercivity sensitivity --json`.
    """
    first = screen_design(order.quick)
    screen = _sweep_sample(order.sweeps, "sensitivity-morris", first, order)
    score = scores(screen)
    names = list(score)[: QUICK_CHOSEN if order.quick else CHOSEN]
    found = [answer("sensitivity-morris", screen)]
    for name, design in later_designs(names, order.quick).items():
        found.append(answer(name, _sweep_sample(order.sweeps, name, design, order)))
    return {
        "chosen": [{"parameter": name, "score": score[name]} for name in names],
        "sweeps": found,
    }


def scores(sample: Sample) -> dict[str, float]:
    """Parameter -> its score in a screen, highest first."""
    found: dict[str, float] = {}
    for one in analyse(sample, choose_outcomes(sample), "morris"):
        rows = one.indices.measured("mu_star") if one.indices else []
        for row in rows:
            found[row.of[0]] = max(found.get(row.of[0], 0.0), row.value / rows[0].value)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def answer(name: str, sample: Sample) -> dict[str, Any]:
    """What one sweep says, with the corner where its points are spread evenly over the ranges."""
    (method,) = choose_methods(sample)
    held: dict[str, Any] = {
        "name": name,
        "design": sample.fingerprint,
        "corner_points": None,
        "no_corner": "",
    }
    corner = None
    if sample.method == "lhs":
        conditions = read_corner(CORNER, tuple(sample.values))
        try:
            corner = corner_of(sample, conditions)
            points, hit, _ = corner_points(sample, conditions)
            held["corner_points"] = {
                "names": list(sample.names),
                "points": points.tolist(),
                "hit": hit.tolist(),
            }
        except InputError as error:
            held["no_corner"] = str(error)
    return {**held, **to_dict(sample, analyse(sample, choose_outcomes(sample), method), corner)}


def _sweep_sample(folder: Path, name: str, design: Design, order: Order) -> Sample:
    """The sample of a sweep, run or resumed in a folder of its own: another design or model has
    another.
    """
    place = folder / f"{name}-{design.fingerprint()[:8]}-{model_code()[:8]}"

    def told(progress: Any) -> None:
        if order.progress is not None:
            order.progress(progress.done, progress.total)

    done = run_sweep(design, place, order.workers, told)
    if not done.ok:
        raise SweepStopped(
            f"sweep '{place.name}' is not complete ({done.missing} of {done.runs} runs are "
            "missing); run the same command again"
        )
    return read_sample(place)


def _design(name: str, setting: Setting) -> Design:
    return load_design({"name": name, "scenario": SCENARIO, "outcomes": list(OUTCOMES), **setting})
