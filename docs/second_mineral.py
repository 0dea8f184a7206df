"""Writes docs/second-mineral.md and its figure: the backtest of gallium and germanium, whose data
folder ships. Run by hand after a change of the model or of the folder (some ten seconds):

    python docs/second_mineral.py
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

MINERAL, EPISODE, DRAWS = "gallium-germanium", "gallium-germanium-2023", 32
HERE = Path(__file__).resolve().parent
PAGE, FIGURE = HERE / "second-mineral.md", HERE / "images" / "second-mineral.png"
FOLDER = HERE.parent / "model" / "data" / "minerals" / MINERAL
TEMPLATE = HERE / "second_mineral_template.md"


def backtest() -> dict[str, Any]:
    """The document of `coercivity backtest --json`, with the episode's figure put in its place."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        command = [sys.executable, "-m", "coercivity", "--data", MINERAL, "backtest", EPISODE]
        options = ["--draws", str(DRAWS), "--json", "--figures", str(figures)]
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, check=True, env=os.environ
        )
        shutil.copy(figures / f"{EPISODE}.png", FIGURE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(found: dict[str, Any]) -> str:
    """The targets, one a line."""
    lines = [
        "| target | record | model, median (5 to 95%) | verdict | err | none | prop | exp |",
        "|---|---:|---:|---|---:|---:|---:|---:|",
    ]
    for one in found["targets"]:
        if one["sample"] == "start":
            continue
        naive = [_short(one["naive"].get(name, {}).get("error")) for name in NAIVE]
        star = "*" if one["imposed"] else ""
        lines.append(
            f"| `{one['id']}` | {_short(one['value'])} {one['unit']} | {_short(one['median'])} "
            f"({_short(one['p05'])} to {_short(one['p95'])}) | {one['verdict']}{star} | "
            f"{_short(one['error'])} | {' | '.join(naive)} |"
        )
    return "\n".join(lines) + "\n"


NAIVE = ("no_change", "proportional", "exponential")


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def counts(found: dict[str, Any]) -> str:
    """The verdicts and the comparison with simpler reckonings, in sentences."""
    kept = next(one for one in found["samples"] if one["sample"] == "kept_back")
    idle = sum(1 for one in found["targets"] if one["imposed"])
    said = [
        f"Of {kept['targets']} targets {kept['PASS']} pass ({idle} of them in every world), "
        f"{kept['PARTIAL']} in part, {kept['FAIL']} fail; the median error is "
        f"{kept['median_error']:.2g} tolerances. All four of the start agree, which is no test."
    ]
    words = {
        "no_change": "that nothing changes",
        "proportional": "output in proportion to supply",
        "exponential": "an exponential return",
    }
    for one in found["benchmarks"]:
        if one["sample"] == "kept_back" and one["benchmark"] in words:
            said.append(
                f"Against {words[one['benchmark']]} it is nearer in {one['wins']} of "
                f"{one['series']} series."
            )
    return " ".join(said)


def rows() -> dict[str, str]:
    """How many rows the folder has, and how many of them are assumed."""
    found = [
        row
        for path in sorted(FOLDER.glob("*.csv"))
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]
    assumed = sum(1 for row in found if row.get("confidence") == "assumed")
    return {"rows": str(len(found)), "assumed": str(assumed)}


def main() -> None:
    """Write the page."""
    found = backtest()
    page = TEMPLATE.read_text(encoding="utf-8")
    told_of = {"draws": str(DRAWS), "counts": counts(found), "table": table(found), **rows()}
    for name, told in told_of.items():
        page = page.replace(f"{{{name}}}", told)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
