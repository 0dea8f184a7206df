"""What came after 2024, foreseen by models fitted to December 2024: docs/forecast-2025.md.

python -m tools.docs.forecast --freeze BEFORE
    judges once: keeps what docs/results/backtest.json and BEFORE, the same document of an earlier
    version, say of rows after 2024, and what the shipped vector does there (minutes). What is
    judged once is never judged again: it does not write over an earlier judgement
python -m tools.docs.forecast
    writes the page from it (part of `make docs`)
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from coercivity.experiments.backtest.naive import NAMES
from coercivity.experiments.backtest.run_backtest import choose_targets, document, run_survey
from coercivity.experiments.backtest.score import KINDS
from coercivity.experiments.worlds.draws import Draw
from coercivity.viz.words import backtest_text as words
from tools.docs.pages.text import TEMPLATES
from tools.docs.stamp import stamp

ROOT = Path(__file__).resolve().parents[2]
PAGE, JUDGED = ROOT / "docs" / "forecast-2025.md", ROOT / "docs" / "results" / "forecast.json"
BACKTEST = ROOT / "docs" / "results" / "backtest.json"
SEEDS: Final = (1, 2, 3, 4)  # of the shipped vector
Rows = list[dict[str, Any]]


def after_2024(targets: Iterable[Mapping[str, Any]]) -> Rows:
    """Rows that no fit may use."""
    return [dict(target) for target in targets if target["sample"] == "out"]


def judge(before: Path) -> dict[str, Any]:
    """Rows after 2024 by the collection of this version, by its shipped vector and by an earlier
    version.
    """
    found, earlier = (json.loads(path.read_text(encoding="utf-8")) for path in (BACKTEST, before))
    shipped = [Draw((), seed) for seed in SEEDS]
    survey = run_survey(choose_targets(sample="out"), shipped, workers=2)
    return {
        **stamp(),
        "collection": found["collection"],
        "draws": found["worlds"],
        "earlier": earlier["coercivity"],
        "rows": {
            "collection": after_2024(found["found"]["targets"]),
            "shipped": after_2024(document(survey)["targets"]),
            "earlier": after_2024(earlier["found"]["targets"]),
        },
    }


def votes(rows: Rows, name: str = "") -> dict[str, dict[tuple[str, ...], float]]:
    """Median error (tolerances) of the rows of each series, by kind of number: of the model, or of
    a reckoning where it says something.
    """
    series: dict[str, dict[tuple[str, ...], list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        said = row["naive"][name] if name else row
        if said is not None:
            key = tuple(row[part] for part in ("episode", "quantity", "state", "partner", "good"))
            series[KINDS.get(row["quantity"], "flows")][key].append(said["error"])
    return {
        kind: {key: float(np.median(errors)) for key, errors in of.items()}
        for kind, of in series.items()
    }


def by_kind(judged: Mapping[str, Any]) -> list[list[str]]:
    """Kinds of numbers down; across, rows, series and mean error of each model and reckoning."""
    rows = judged["rows"]
    of_models = {name: votes(rows[name]) for name in ("collection", "shipped", "earlier")}
    of_rules = {name: votes(rows["collection"], name) for name in NAMES}
    lines = []
    for kind in of_models["collection"]:
        count = sum(KINDS.get(row["quantity"], "flows") == kind for row in rows["collection"])
        cells = [kind, str(count), str(len(of_models["collection"][kind]))]
        for found in (*of_models.values(), *of_rules.values()):
            errors = [*found.get(kind, {}).values()]
            cells.append(f"{np.mean(errors):.2f}" if errors else "–")
        lines.append(cells)
    return lines


def against(judged: Mapping[str, Any], kind: str) -> dict[str, tuple[int, int]]:
    """Series of a kind that the collection wins and loses against each reckoning and the earlier
    version.
    """
    mine = votes(judged["rows"]["collection"])[kind]
    others = {name: votes(judged["rows"]["collection"], name) for name in NAMES}
    others["earlier"] = votes(judged["rows"]["earlier"])
    found = {}
    for name, of in others.items():
        pairs = [(mine[key], error) for key, error in of.get(kind, {}).items() if key in mine]
        wins, losses = (sum(a < b for a, b in two) for two in (pairs, [(b, a) for a, b in pairs]))
        found[name] = (wins, losses)
    return found


def page(judged: Mapping[str, Any]) -> str:
    """The page."""
    rows = judged["rows"]
    others = {name: {row["id"]: row for row in rows[name]} for name in ("shipped", "earlier")}
    medians = {name: float(np.median([row["error"] for row in rows[name]])) for name in rows}
    contained = np.mean([row["p05"] <= row["value"] <= row["p95"] for row in known(rows)])
    return TEMPLATES.get_template("forecast.md").render(
        judged=judged,
        rows=rows["collection"],
        others=others,
        medians=medians,
        contained=float(contained),
        passes={name: sum(row["verdict"] == "PASS" for row in of) for name, of in rows.items()},
        kinds=by_kind(judged),
        against={kind: against(judged, kind) for kind in votes(rows["collection"])},
        names=words.NAMES,
        words=words,
    )


def known(rows: Mapping[str, Rows]) -> Rows:
    """Rows of the collection with a band."""
    return [row for row in rows["collection"] if row["p05"] is not None and row["p95"] is not None]


def main(arguments: list[str]) -> int:
    """Judge once, or write the page."""
    if arguments[:1] == ["--freeze"]:
        if JUDGED.exists():
            print(f"{JUDGED} is judged already, and once")
            return 1
        text = json.dumps(judge(Path(arguments[1])), indent=1, ensure_ascii=False)
        JUDGED.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(JUDGED.read_text(encoding="utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
