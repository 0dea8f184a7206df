"""Goods and processes as arrays, read once from their tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import STAGES


@dataclass(frozen=True)
class GoodTable:
    """One entry per good; `content` is goods x elements, t of oxide equivalent per t."""

    content: FloatArray
    lead: FloatArray
    pricing: tuple[str, ...]
    shelf: FloatArray
    floor: FloatArray
    vat_wedge: FloatArray
    qualification: FloatArray
    sensitivity: FloatArray
    leak: FloatArray
    redesign: FloatArray
    stage: IntArray
    heading: tuple[str, ...]


@dataclass(frozen=True)
class ProcessTable:
    """`inputs`, `outputs`: processes and sectors x goods, t per t of run; `stage` of each."""

    inputs: FloatArray
    outputs: FloatArray
    stage: IntArray


@cached_by_facts
def goods(facts: Facts) -> GoodTable:
    """The goods table as arrays."""
    rows = {row["good"]: row for row in facts.table("goods")}
    ordered = [rows[good] for good in facts.goods]

    def column(name: str) -> FloatArray:
        return np.array([float(row[name]) for row in ordered])

    return GoodTable(
        content=content(facts),
        lead=column("lead"),
        pricing=tuple(str(row["pricing"]) for row in ordered),
        shelf=column("shelf_months"),
        floor=column("floor"),
        vat_wedge=column("vat_wedge"),
        qualification=column("qualification_months"),
        sensitivity=column("sensitivity"),
        leak=column("leak"),
        redesign=column("redesign"),
        stage=np.array([STAGES.index(facts.good_stage[good]) for good in facts.goods]),
        heading=tuple(headings(facts)[good] for good in facts.goods),
    )


def content(facts: Facts) -> FloatArray:
    """Oxide equivalent of each element in a good, t per t (goods x elements); from content.csv."""
    out = np.zeros((len(facts.goods), len(facts.elements)))
    for row in facts.table("content"):
        good, element = facts.good_row[row["good"]], facts.elements.index(row["element"])
        out[good, element] = row["tonnes_per_tonne"]
    return out


@cached_by_facts
def headings(facts: Facts) -> dict[str, str]:
    """Customs heading by good, from headings.csv. Raises InputError for a good that it leaves out
    or gives no heading of six digits, with file, row, column and fix.
    """
    found = {str(row["good"]): str(row["heading"]) for row in facts.table("headings")}
    for good in facts.goods:
        heading = found.get(good, "")
        if not re.fullmatch(r"\d{4}\.\d{2}", heading, re.ASCII):
            raise InputError(
                "'{value}' is no heading" if heading else "missing",
                "give the customs heading of {good}, e.g. 2846.90",
                where=Phrase.of("headings.csv, row '{good}', column heading", good=good),
                value=heading,
                good=good,
            )
    return found


@cached_by_facts
def processes(facts: Facts) -> ProcessTable:
    """The process table as arrays; end uses have no rows here, their needs come from the start's
    end-use table.
    """
    inputs = np.zeros((len(facts.process_row), len(facts.goods)))
    outputs = np.zeros_like(inputs)
    for row in facts.table("recipes"):
        table = inputs if row["role"] == "input" else outputs
        process, good = facts.process_row[row["process"]], facts.good_row[row["good"]]
        table[process, good] = float(row["coefficient"])
    stages = [facts.process_stage[p] for p in facts.processes] + ["end_use"] * len(facts.sectors)
    return ProcessTable(inputs, outputs, np.array([STAGES.index(stage) for stage in stages]))
