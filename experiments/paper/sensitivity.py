"""Part `sensitivity`: a screen of every parameter that is not known, then Sobol' indices of the few that are asked about, from sweeps that resume."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from coercivity.experiments.paper.order import Order
from coercivity.experiments.sensitivity.analysis import analyse, choose_methods, choose_outcomes, corner_of, corner_points, to_dict
from coercivity.experiments.sensitivity.discovery import read_corner
from coercivity.experiments.sensitivity.sample import Sample, read_sample
from coercivity.experiments.sweep.design import Design, load_design
from coercivity.experiments.sweep.folder import model_code
from coercivity.experiments.sweep.local import run_sweep
from coercivity.model.errors import InputError

OUTCOMES: Final = ("first_stop_days", "firms_stopped_share", "output_lost_24m", "cost_paid_24m", "price_multiple_dy_japan")
SIX: Final = ("licence_clock_months", "over_compliance", "cover_spread", "alarm_cover_gain", "price_eta", "qualification_time")
SCENARIO: Final = "japan-2026"
CORNER: Final = "firms_stopped_share>0.3"  # in which corner does Japan stop?
DESIGNS: Final[Mapping[str, Mapping[str, Any]]] = {
    "screen": {
        "name": "screen", "scenario": SCENARIO, "months": 60, "seeds": 1, "method": "morris", "samples": 20, "parameters": "table", "outcomes": list(OUTCOMES),
    },
    "shares": {
        "name": "shares", "scenario": SCENARIO, "months": 60, "seeds": 2, "method": "sobol", "samples": 512, "second_order": True, "parameters": list(SIX),
        "outcomes": list(OUTCOMES),
    },
}  # fmt: skip
QUICK: Final[Mapping[str, Mapping[str, Any]]] = {
    "screen": {"months": 49, "samples": 2, "parameters": list(SIX)},
    "shares": {"months": 49, "samples": 4, "seeds": 1, "second_order": False, "parameters": list(SIX[:4])},
}


def scenarios() -> tuple[str, ...]:
    """The one scenario."""
    return (SCENARIO,)


def designs(quick: bool) -> dict[str, Design]:
    """Name -> design of each sweep."""
    return {name: load_design({**raw, **(QUICK[name] if quick else {})}) for name, raw in DESIGNS.items()}


def build(order: Order) -> dict[str, Any]:
    """{sweeps: [...]}: for each design the document of `coercivity sensitivity --json`; the Sobol' design also with the points of the corner."""
    if order.sweeps is None:
        with TemporaryDirectory() as folder:
            return _all(Path(folder), order)
    return _all(order.sweeps, order)


def _all(folder: Path, order: Order) -> dict[str, Any]:
    held = designs(order.quick)
    total, before, found = sum(design.run_count for design in held.values()), 0, []
    for name, design in held.items():
        place = folder / f"{name}-{design.fingerprint()[:8]}-{model_code()[:8]}"  # another design or model has another folder

        def told(progress: Any, before: int = before) -> None:
            if order.progress is not None:
                order.progress(before + progress.done, total)

        done = run_sweep(design, place, order.workers, told)
        if not done.ok:
            raise InputError(f"sweep '{place.name}' is not complete ({done.missing} of {done.runs} runs are missing); run the same command again")
        found.append({"name": name, "design": design.fingerprint(), **_analysed(read_sample(place))})
        before += design.run_count
    return {"sweeps": found}


def _analysed(sample: Sample) -> dict[str, Any]:
    (method,) = choose_methods(sample)
    findings = analyse(sample, choose_outcomes(sample), method)
    held: dict[str, Any] = {"corner_points": None, "no_corner": ""}
    corner = None
    if sample.method == "sobol":
        conditions = read_corner(CORNER, tuple(sample.values))
        try:
            corner = corner_of(sample, conditions)
            points, hit, _ = corner_points(sample, conditions)
            held["corner_points"] = {"names": list(sample.names), "points": points.tolist(), "hit": hit.tolist()}
        except InputError as error:
            held["no_corner"] = str(error)
    return {**to_dict(sample, findings, corner), **held}
