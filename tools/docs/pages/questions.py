"""Pages of the questions: what rules are worth, dependence after an episode, leverage over time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from coercivity.experiments.questions import ablation
from coercivity.experiments.questions.ablation_evidence import SAMPLES, EvidenceWorth
from coercivity.viz.words.ablation_text import evidence_cell
from coercivity.viz.words.claim_rows import three_digits
from tools.docs.kit.documents import Document
from tools.docs.pages.text import Row, band, render, table

KEPT: Final = {  # why a rule stays that brings no sample nearer and moves no number
    "M8": "smuggling is on record (20,300 t in 2011) and understated, so without it a row of the "
    "record could not be asked at all, and what third countries re-sell is asked in "
    "[leverage](leverage.md)",
}
TABLES: Final = {
    "ablation": "rules-worth",
    "ablation_evidence": "rules-worth-record",
    "relapse": "relapse",
    "signals": "leverage-signals",
    "map": "leverage-map",
    "episode": "leverage-episode",
    "third_countries": "leverage-third-countries",
    "frozen": "leverage-frozen",
}


def pages(document: Document) -> dict[str, str]:
    """Return the three pages."""
    results = document["found"]
    worth = {
        scenario: worth_of(
            scenario,
            mechanisms,
            [row for row in results["ablation"] if row["scenario"] == scenario],
        )
        for scenario, mechanisms in ablation.switched_off_arms().items()
    }
    arms = {row["arm"]: row for row in results["relapse"]}
    lasting = {row["element"]: row for row in results["frozen"]}
    return {
        "rules-worth.md": render(
            "rules-worth",
            document,
            worth=worth,
            record=record_table(results["ablation_evidence"]),
            unearned=unearned(results),
            kept=KEPT,
        ),
        "relapse.md": render("relapse", document, arms=arms),
        "leverage.md": render("leverage", document, lasting=lasting),
    }


def tables(document: Document) -> dict[str, list[Row]]:
    """Return every answer, one row a case."""
    return {name: document["found"][key] for key, name in TABLES.items()}


def worth_of(scenario: str, mechanisms: Collection[str], rows: Sequence[Row]) -> dict[str, Any]:
    """Return the whole model's numbers with those of each rule off below, and the rules that change
    none; bold, with its range, is a number for which a rule is worth something.
    """
    names = list(ablation.LABELS)
    whole = {row["number"]: row["whole"] for row in rows}
    lines = [["**whole model**", "", *(band(whole[name]) for name in names)]]
    for arm in ablation.NAIVE if scenario in ablation.SCENARIOS else mechanisms:
        off = {row["number"]: row for row in rows if row["mechanism"] == arm}
        cells = ["not asked"] * len(names)
        if arm in mechanisms:
            if not off:  # asked since the document was made
                continue
            cells = [
                f"**{band(off[name]['off'])}**"
                if off[name]["worth"]
                else three_digits(off[name]["off"]["median"])
                for name in names
            ]
        lines.append([arm, ablation.NAIVE[arm], *cells])
    worth = {row["mechanism"] for row in rows if row["worth"]}
    return {
        "table": table(["off", "in its place", *ablation.LABELS.values()], lines),
        "idle": [arm for arm in mechanisms if arm not in worth],
    }


def record_table(rows: Sequence[Row]) -> str:
    """Return what each rule is worth to the record: a line a rule, a column a sample."""
    cells = {(row["mechanism"], row["sample"]): evidence_cell(EvidenceWorth(**row)) for row in rows}
    names = dict.fromkeys(row["mechanism"] for row in rows)
    lines = [
        [name, ablation.NAIVE[name], *(cells[name, sample] for sample in SAMPLES)] for name in names
    ]
    return table(["off", "in its place", *SAMPLES.values()], lines)


def unearned(results: Mapping[str, Any]) -> list[str]:
    """Return rules that bring the model nearer to no sample of the record and move no number."""
    record = [EvidenceWorth(**row) for row in results["ablation_evidence"]]
    earns = {row.mechanism for row in record if row.helps}
    earns |= {row["mechanism"] for row in results["ablation"] if row["worth"]}
    return [name for name in dict.fromkeys(row.mechanism for row in record) if name not in earns]
