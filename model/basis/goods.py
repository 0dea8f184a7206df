"""Goods and processes as arrays, read once from their tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import (
    ELEMENTS,
    GOOD_STAGE,
    GOODS,
    PROCESS_STAGE,
    PROCESSES,
    SECTORS,
    STAGES,
    STATES,
)

GOOD = {name: i for i, name in enumerate(GOODS)}
STATE = {name: i for i, name in enumerate(STATES)}
SECTOR = {name: i for i, name in enumerate(SECTORS)}
PROCESS = {name: i for i, name in enumerate((*PROCESSES, *SECTORS))}
CHINA = STATE["China"]
FIRST_SECTOR = len(PROCESSES)

# Elements are followed from the mine to metal; a magnet's content is booked when it is pressed.
ELEMENT_GOODS = tuple(
    g for g in range(len(GOODS)) if GOOD_STAGE[GOODS[g]] in ("mining", "separation", "metal")
)


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
    stage: IntArray
    heading: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ProcessTable:
    """`inputs` and `outputs` are processes x goods, t per t of run; `stage` per process (end uses
    follow the processes).
    """

    inputs: FloatArray
    outputs: FloatArray
    stage: IntArray


@lru_cache(maxsize=1)
def goods() -> GoodTable:
    """The goods table as arrays."""
    rows = {row["good"]: row for row in load_table("goods")}
    ordered = [rows[good] for good in GOODS]

    def column(name: str) -> FloatArray:
        return np.array([float(row[name]) for row in ordered])

    return GoodTable(
        content=content(),
        lead=column("lead"),
        pricing=tuple(str(row["pricing"]) for row in ordered),
        shelf=column("shelf_months"),
        floor=column("floor"),
        vat_wedge=column("vat_wedge"),
        qualification=column("qualification_months"),
        sensitivity=column("sensitivity"),
        leak=column("leak"),
        stage=np.array([STAGES.index(GOOD_STAGE[good]) for good in GOODS]),
        heading=tuple(headings()[good] for good in GOODS),
        labels=tuple(str(row["label"]) for row in ordered),
    )


def content() -> FloatArray:
    """Oxide equivalent of each element in a good, t per t (goods x elements); from content.csv."""
    out = np.zeros((len(GOODS), len(ELEMENTS)))
    for row in load_table("content"):
        out[GOOD[row["good"]], ELEMENTS.index(row["element"])] = row["tonnes_per_tonne"]
    return out


@lru_cache(maxsize=1)
def headings() -> dict[str, str]:
    """Customs heading by good, from headings.csv. Raises InputError for a good that it leaves out
    or gives no heading of six digits, with file, row, column and fix.
    """
    found = {str(row["good"]): str(row["heading"]) for row in load_table("headings")}
    for good in GOODS:
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


def _made_by() -> dict[str, list[str]]:
    """Goods by the process that makes them."""
    made: dict[str, list[str]] = {}
    for row in load_table("recipes").where(role="output"):
        made.setdefault(row["process"], []).append(row["good"])
    return made


# Processes that make several goods at once, from an ore whose worth is theirs; what they make; and
# by ore who works it up.
JOINT = tuple(p for p in PROCESSES if len(_made_by().get(p, ())) > 1)
OXIDES = tuple(sorted({GOOD[good] for process in JOINT for good in _made_by()[process]}))
PLANT_OF = {
    row["good"]: row["process"]
    for row in load_table("recipes").where(role="input")
    if row["process"] in JOINT
}
# Mines of these ores, and who works up what they dig.
ORE_MINES = {
    row["process"]: PLANT_OF[row["good"]]
    for row in load_table("recipes").where(role="output")
    if row["good"] in PLANT_OF
}


@lru_cache(maxsize=1)
def processes() -> ProcessTable:
    """The process table as arrays; end uses have no rows here, their needs come from the start's
    end-use table.
    """
    inputs = np.zeros((len(PROCESS), len(GOODS)))
    outputs = np.zeros_like(inputs)
    for row in load_table("recipes"):
        (inputs if row["role"] == "input" else outputs)[
            PROCESS[row["process"]], GOOD[row["good"]]
        ] = float(row["coefficient"])
    stage = [STAGES.index(PROCESS_STAGE[p]) for p in PROCESSES] + [STAGES.index("end_use")] * len(
        SECTORS
    )
    return ProcessTable(inputs, outputs, np.array(stage))
