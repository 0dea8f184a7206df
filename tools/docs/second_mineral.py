"""Writes docs/second-mineral.md and its figure: the backtest of gallium and germanium, whose data
folder ships. Run by hand after a change of the model or of the folder (a minute):

    python -m tools.docs.second_mineral
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tools.docs.second_mineral_stops import stops  # beside this file

MINERAL, EPISODE, DRAWS = "gallium-germanium", "gallium-germanium-2023", 32
HERE = Path(__file__).resolve().parents[2] / "docs"
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


WORDS = {
    "no_change": "“no change”",
    "proportional": "“in proportion to supply”",
    "exponential": "“an exponential return”",
}


def counts(found: dict[str, Any]) -> str:
    """The verdicts of the model and of simpler reckonings, in sentences."""
    rows = [one for one in found["targets"] if one["sample"] != "start"]
    passed = [one for one in rows if one["verdict"] == "PASS"]
    kinds = {kind: sum(one["verdict"] == kind for one in rows) for kind in ("PARTIAL", "FAIL")}
    tested = [one for one in passed if not one["imposed"]]
    easy = [one["id"] for one in tested if one["naive"]["no_change"]["verdict"] == "PASS"]
    telling = [one["id"] for one in tested if one["id"] not in easy]
    naive = {name: [one["naive"][name] for one in rows if one["naive"][name]] for name in NAIVE}
    right = {name: sum(said["verdict"] == "PASS" for said in naive[name]) for name in NAIVE}
    middle = {name: f"{median(said['error'] for said in naive[name]):.1f}" for name in NAIVE}
    own = median(one["error"] for one in rows)
    said = [
        f"Of {len(rows)} targets {len(passed)} pass, {kinds['PARTIAL']} in part, "
        f"{kinds['FAIL']} fail. **Simpler reckonings pass more** by the same tolerance: "
        f"{_each(right)}. Of the model's {len(passed)}, {len(passed) - len(tested)} pass in every "
        f"world and {len(easy)} ({_listed(easy)}) are passed by “no change” too; "
        f"{len(telling)} carry information: {_listed(telling)}. "
        f"**In the median the model is nearer**: {own:.1f} tolerances away, against "
        f"{_each(middle)}. All four targets of the start agree, which is no test."
    ]
    wins = {
        one["benchmark"]: f"{one['wins']} of {one['series']}"
        for one in found["benchmarks"]
        if one["sample"] == "kept_back" and one["benchmark"] in WORDS
    }
    said.append(
        f"Series by series it is the nearer one in {_each(wins, 'against')}, each counted where it "
        "says something else than those before it."
    )
    return " ".join(said)


def _each(numbers: dict[str, Any], of: str = "for") -> str:
    return ", ".join(f"{number} {of} {WORDS[name]}" for name, number in numbers.items())


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


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
    told_by_name = {"draws": str(DRAWS), "counts": counts(found), "table": table(found), **rows()}
    for name, told in {**told_by_name, **stops(MINERAL, EPISODE)}.items():
        page = page.replace(f"{{{name}}}", told)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
