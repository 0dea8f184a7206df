"""Rows of the tables of a calibration, each from its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coercivity.viz.words.claim_rows import three_digits

Row = Mapping[str, Any]


def target_rows(results: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row a target: record, shipped vector (of a record that does not judge what is shipped
    now, the one shipped before the fit), range of what is left, whether the record lies in
    it, and how near any run came (deviations).
    """
    rows: list[tuple[str, ...]] = []
    now = results.get("now", {}).get("targets", {})
    for row in results["targets"]:
        rows.append(
            (
                row["id"],
                three_digits(row["record"]),
                _number(now.get(row["id"], row["shipped"])),
                range_text(row["kept"]),
                "yes" if row["inside"] else "no",
                f"{row['least']:.1f}",
            )
        )
    return rows


def parameter_rows(results: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row a calibrated parameter: values shipped before it and now, 5th, 50th and 95th
    percentile of what is left, and the range left.
    """
    rows = []
    now = results.get("now", {}).get("values", {})
    for row in results["parameters"]:
        notes = [
            word
            for word, holds in (
                ("identified", row["identified"]),
                (f"at its {row['at_bound']} bound", row["at_bound"] in ("low", "high")),
            )
            if holds
        ]
        left = (
            "–"
            if row["left"] is None
            else f"{100 * row['left']:.0f}%{' (' + ', '.join(notes) + ')' if notes else ''}"
        )
        rows.append(
            (
                row["name"],
                three_digits(results["shipped_values"][row["name"]]),
                three_digits(now.get(row["name"], results["shipped_values"][row["name"]])),
                *(_number(row[key]) for key in ("p05", "median", "p95")),
                left,
            )
        )
    return rows


def _number(value: float | None) -> str:
    return "undefined" if value is None else three_digits(value)


def range_text(value: Mapping[str, float] | None) -> str:
    """Median and 5th to 95th percentile in words; a dash for none."""
    if value is None:
        return "–"
    low, high = three_digits(value["p05"]), three_digits(value["p95"])
    return f"{three_digits(value['median'])} ({low} to {high})"
