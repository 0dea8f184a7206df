"""Asks the PRIM of the EMA workbench for a box on the points of ema_prim.json and writes its
answers there: `python tests/experiments/ema_answers.py`, in an environment that has ema_workbench
(it needs nothing of Coercivity). test_ema.py holds ours against them.

Of the workbench's trajectory the box with the greatest lift is taken, as experiments/sensitivity
takes it of its own: coverage less the share of misses inside.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("ema_prim.json")


def answer(held: dict[str, Any]) -> dict[str, Any]:
    """The workbench's box over one set of points, with its measures and quasi-p values."""
    import numpy as np
    import pandas as pd
    from ema_workbench.analysis import prim
    from ema_workbench.analysis.prim import PRIMObjectiveFunctions

    points = pd.DataFrame(np.array(held["points"]), columns=held["names"])
    hit = np.array(held["hit"], dtype=bool)
    original = PRIMObjectiveFunctions.ORIGINAL
    box = prim.Prim(
        points, hit, peel_alpha=0.05, paste_alpha=0.05, obj_function=original
    ).find_box()
    steps = box.peeling_trajectory
    missed = (steps["mass"] * len(hit) - steps["coverage"] * hit.sum()) / (~hit).sum()
    best = int((steps["coverage"] - missed).to_numpy().argmax())
    limits, whole = box.box_lims[best], box.box_lims[0]
    bounds = {
        name: [
            float(limits[name].iloc[side]) if limits[name].iloc[side] != end else None
            for side, end in enumerate(whole[name])
        ]
        for name in held["names"]
    }
    found = {name: pair for name, pair in bounds.items() if pair != [None, None]}
    chances = box._calculate_quasi_p(best, list(found))
    return {
        "bounds": found,
        **{key: float(steps[key].iloc[best]) for key in ("coverage", "density", "mass")},
        "quasi_p": {
            name: [
                None if bound is None else float(chances[name][side])
                for side, bound in enumerate(pair)
            ]
            for name, pair in found.items()
        },
    }


def main() -> None:
    """Renew the answers."""
    import ema_workbench

    held = json.loads(FILE.read_text(encoding="utf-8"))
    held["ema_workbench"] = ema_workbench.__version__
    for one in held["sets"].values():
        one["answer"] = answer(one)
    text = json.dumps(held, separators=(",", ":")).replace('"names":', '\n"names":')
    FILE.write_text(text.replace('"answer":', '\n"answer":') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
