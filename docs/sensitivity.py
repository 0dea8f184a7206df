"""Write docs/sensitivity.md and its figures from docs/results/sensitivity-study.json.

    coercivity sweep run docs/designs/sensitivity-morris.yaml --out runs/sensitivity-morris
    python docs/sensitivity.py choose runs/sensitivity-morris     writes docs/designs/sensitivity-sobol.yaml and sensitivity-lhs.yaml on the ten that it picks
    coercivity sweep run docs/designs/sensitivity-sobol.yaml --out runs/sensitivity-sobol
    coercivity sweep run docs/designs/sensitivity-lhs.yaml --out runs/sensitivity-lhs
    python docs/sensitivity.py read runs/sensitivity-morris runs/sensitivity-sobol runs/sensitivity-lhs
    python docs/sensitivity.py                                    writes page and figures again

The rule of the choice, written down before the first screen: a parameter's score is the largest, over the headlines, of its mu* as a share of that headline's
largest mu*; the ten highest scores go on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.experiments.sensitivity.analysis import analyse, choose_methods, choose_outcomes, corner_of, corner_points, to_dict
from coercivity.experiments.sensitivity.discovery import read_corner
from coercivity.experiments.sensitivity.sample import Sample, read_sample
from coercivity.model.errors import InputError
from coercivity.viz.pages.sensitivity import part
from coercivity.viz.sensitivity_figures import corner_figure, figures_of

DOCS = Path(__file__).parent
RESULTS, PAGE, IMAGES, DESIGNS = DOCS / "results" / "sensitivity-study.json", DOCS / "sensitivity.md", DOCS / "images" / "sensitivity", DOCS / "designs"
CHOSEN = 10
CORNER = "firms_stopped_share>0.3"  # in which corner does Japan stop?
OTHERS = {
    "sobol": ("How much of the variance of each headline does each of the ten parameters of the screen give, alone and with the others?", 4, 256),
    "lhs": ("The same ten, spread evenly, for whole densities and for the corner in which Japan stops.", 4, 1000),
}


def scores(sample: Sample) -> dict[str, float]:
    """Parameter -> its score in a screen, highest first."""
    found: dict[str, float] = {}
    for one in analyse(sample, choose_outcomes(sample), "morris"):
        rows = one.indices.measured("mu_star") if one.indices else []
        for row in rows:
            found[row.of[0]] = max(found.get(row.of[0], 0.0), row.value / rows[0].value)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def choose(folder: str) -> None:
    """Write the designs on the parameters that the screen in *folder* picks."""
    sample = read_sample(folder)
    choose_methods(sample, "morris")
    names = list(scores(sample))[:CHOSEN]
    for method, (why, seeds, samples) in OTHERS.items():
        lines = [
            f"name: sensitivity-{method}",
            f"why: {why}",
            f"scenario: {sample.scenario}",
            f"months: {sample.months}",
            f"seeds: {seeds}",
            f"method: {method}",
        ]
        lines += [f"samples: {samples}", "parameters:", *(f"  {name}: table" for name in sorted(names)), f"outcomes: [{', '.join(sample.values)}]"]
        (DESIGNS / f"sensitivity-{method}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Wrote sensitivity-sobol.yaml and sensitivity-lhs.yaml on: {', '.join(names)}")


def answer(folder: str) -> dict[str, Any]:
    """What one sweep says, with the corner where its points are spread over the ranges."""
    sample = read_sample(folder)
    (method,) = choose_methods(sample)
    held: dict[str, Any] = {"name": Path(folder).name, "design": sample.fingerprint, "corner_points": None, "no_corner": ""}
    corner = None
    if sample.method == "lhs":
        conditions = read_corner(CORNER, tuple(sample.values))
        try:
            corner = corner_of(sample, conditions)
            points, hit, _ = corner_points(sample, conditions)
            held["corner_points"] = {"names": list(sample.names), "points": points.tolist(), "hit": hit.tolist()}
        except InputError as error:
            held["no_corner"] = str(error)
    return {**held, **to_dict(sample, analyse(sample, choose_outcomes(sample), method), corner)}


def rounded(value: Any) -> Any:
    """Numbers with five digits."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def write(found: dict[str, Any]) -> None:
    """Page and figures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for sweep in found["sweeps"]:
        figures = {f"{sweep['name']}-{one['outcome'].replace(':', '-')}-{name}": figure for one in sweep["outcomes"] for name, figure in figures_of(one)}
        held = sweep["corner_points"]
        if held:
            figures[f"{sweep['name']}-corner"] = corner_figure(sweep["corner"], held["names"], np.array(held["points"]), np.array(held["hit"], dtype=bool))
        for name, figure in figures.items():
            figure.savefig(IMAGES / f"{name}.svg", metadata={"Date": None})
    names = ", ".join(f"`{sweep['name']}`" for sweep in found["sweeps"])
    head = f"""# Which parameters move the headlines

From the sweeps {names} (designs in `docs/designs/`) over the documented ranges; what is not moved stands at its shipped value. A sentence stands here
only where its interval allows it. Made by `python docs/sensitivity.py`, whose first lines give the commands.
"""
    PAGE.write_text("\n".join([head, *(part(sweep) for sweep in found["sweeps"])]).rstrip() + "\n", encoding="utf-8")
    print(f"Wrote {PAGE.name} and its figures")


def main(arguments: list[str]) -> None:
    """Choose, read, or write again."""
    if arguments and arguments[0] == "choose":
        choose(arguments[1])
        return
    if arguments and arguments[0] == "read":
        found = rounded({"sweeps": [answer(folder) for folder in arguments[1:]]})
        RESULTS.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace('},{"', '},\n{"') + "\n", encoding="utf-8")
    write(json.loads(RESULTS.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(sys.argv[1:])
