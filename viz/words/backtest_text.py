"""The backtest in words and cells: for the terminal and the page.

From a document as `coercivity backtest --json` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from coercivity.experiments.backtest.evidence_targets import LOGS
from coercivity.viz.words.language import noted, numeral, say, semicolons
from coercivity.viz.words.terminal import text

SHORT: Final[Mapping[str, str]] = {
    "in": "in",
    "kept_back": "kept",
    "out": "out",
    "all": "all",
    "start": "start",
}
NAMES: Final[Mapping[str, str]] = {
    "no_change": noted("no change"),
    "proportional": noted("proportional"),
    "exponential": noted("exponential return"),
}
SAMPLES: Final[Mapping[str, str]] = {
    "in": noted("in the sample of the fit"),
    "kept_back": noted("kept back"),
    "out": noted("after 2025"),
    "start": noted("balanced start, no test"),
}
COLUMNS: Final = ("target", "record", "median (5-95%)", "verdict", " err none prop  exp")
SAMPLE_COLUMNS: Final = (
    "sample",
    "targets",
    "PASS",
    "PARTIAL",
    "FAIL",
    "pass",
    "pass or partial",
    "median error",
)
NAIVE_COLUMNS: Final = (
    "sample",
    "against",
    "targets",
    "series",
    "wins",
    "ties",
    "losses",
    "error",
    "its",
    "p",
    "same",
    "left out",
)
KIND_COLUMNS: Final = ("kind", *NAIVE_COLUMNS)
MIXTURE_COLUMNS: Final = (
    "kind",
    "sample",
    "series",
    "chosen by the fit",
    "model",
    "reckoning",
    "mixture",
    "nearer",
)
BAND_COLUMNS: Final = (
    "sample",
    "kind",
    "rows",
    "in the band",
    "wider by, tolerances",
    "in the wider band",
)
LEGEND: Final = tuple(
    """\
err: |median - record| / tolerance, at most 10. none, prop, exp: the same of no change, of output in
proportion to supply and of an exponential return to what was before; - where it says nothing.
PASS: the median agrees within the tolerance; PARTIAL: only the 5 to 95% band does; FAIL: neither.
start: the start is balanced to these numbers, so they are no test and count in no other line.
wins, ties, losses: one vote a series and episode, the median error of its rows; errors are means.
p: chance of so many wins if either were as good (sign test); descriptive, as series of an episode
share its history, and none for what was fitted. same: it says what a reckoning above says, which
counts alone. left out: it says nothing of these.""".splitlines()
)


def record_cell(target: Mapping[str, Any]) -> str:
    """Value, tolerance and unit: '81.6 ± 7 %', '120 ×1.28 USD/kg' for a tolerance in logs."""
    value, tolerance = float(target["value"]), float(target["tolerance"])
    unit = (
        ""
        if target["unit"] in ("log", "ratio", "share", "relative")
        else f" {say(target['unit'].split()[0])}"
    )
    if target["tolerance_kind"] == "log" and target["statistic"] not in LOGS:
        return numeral(f"{text(value)} ×{target['high'] / value:.2f}{unit}")
    room = tolerance * abs(value) if target["tolerance_kind"] == "relative" else tolerance
    return numeral(f"{text(value)} ± {three_digits(room)}{unit}")


def band_cell(target: Mapping[str, Any]) -> str:
    """Median and band; 'never' for a stop that half of the draws do not have."""
    nothing = say("never") if target["statistic"] == "first_day" else say("undefined")
    if target["median"] is None:
        return nothing
    low, high = (
        nothing if target[name] is None else numeral(three_digits(target[name]))
        for name in ("p05", "p95")
    )
    middle = numeral(three_digits(target["median"]))
    if "-" not in low + high:
        return f"{middle} ({low}-{high})"
    return say("{middle} ({low} to {high})", middle=middle, low=low, high=high)


def verdict_cell(target: Mapping[str, Any]) -> str:
    """The verdict, with a star where every world gives the same."""
    return f"{target['verdict']}{'*' if target.get('imposed') else ''}"


def imposed_words(results: Mapping[str, Any], mark: str = "*") -> str:
    """Which verdicts test nothing, and why, after the mark that they bear; '' where all test
    something.
    """
    rows = [target for target in results["targets"] if target.get("imposed")]
    if not rows:
        return ""
    passed = sum(row["verdict"] == "PASS" for row in rows)
    said = semicolons(
        say("{id} ({reason})", id=row["id"], reason=say(row["imposed"])) for row in rows
    )
    return say(
        "{mark} {passed} of these PASS and {others} other verdicts test nothing, as every world "
        "gives the same: {said}.",
        mark=mark,
        passed=passed,
        others=len(rows) - passed,
        said=said,
    )


def errors_cell(target: Mapping[str, Any]) -> str:
    """Scaled errors of the model and of the three benchmarks, under each other in a column."""
    errors = [
        target["error"],
        *(
            None if target["naive"][name] is None else target["naive"][name]["error"]
            for name in NAMES
        ),
    ]
    return " ".join(
        f"{'-' if error is None else '10' if error >= 9.95 else f'{error:.1f}':>4}"
        for error in errors
    )


def target_rows(results: Mapping[str, Any], episode: str, sample: str) -> list[list[str]]:
    """Cells of COLUMNS for each target of an episode and sample."""
    return [
        [
            target["id"],
            record_cell(target),
            band_cell(target),
            verdict_cell(target),
            errors_cell(target),
        ]
        for target in results["targets"]
        if (target["episode"], target["sample"]) == (episode, sample)
    ]


def sample_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """Cells of SAMPLE_COLUMNS: verdicts by sample."""
    return [
        [
            SHORT[row["sample"]],
            *(str(row[name]) for name in ("targets", "PASS", "PARTIAL", "FAIL")),
            f"{row['pass_share']:.0%}",
            f"{row['not_failed_share']:.0%}",
            f"{row['median_error']:.2f}",
        ]
        for row in results["samples"]
    ]


def naive_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """Cells of NAIVE_COLUMNS: the model against each benchmark, by sample that is scored; errors
    are means over series.
    """
    return _compared(results["benchmarks"])


def kind_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """The same with prices, flows, stops and approvals told apart: cells of KIND_COLUMNS."""
    return [
        [row["kind"], *cells]
        for row, cells in zip(results["kinds"], _compared(results["kinds"]), strict=True)
    ]


def band_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """How often the record lies in the band of 80%, and in one that is wider: cells of
    BAND_COLUMNS.
    """

    def percent(share: float | None) -> str:
        return "" if share is None else f"{100.0 * share:.0f}%"

    return [
        [
            SHORT[row["sample"]],
            row["kind"],
            str(row["rows"]),
            percent(row["inside"]),
            "" if row["wider"] is None else f"{row['wider']:.2f}",
            percent(row["inside_wider"]),
        ]
        for row in results["bands"]
    ]


def mixture_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """Errors of model, reckoning and mixture: cells of MIXTURE_COLUMNS."""
    return [
        [
            row["kind"],
            SHORT[row["sample"]],
            str(row["series"]),
            "the model alone" if row["holds"] is None else _mixed(row),
            *(f"{row[name]:.2f}" for name in ("model", "alone", "mixture")),
            "" if row["holds"] is None else "yes" if row["holds"] else "no",
        ]
        for row in results["mixtures"]
    ]


def _mixed(row: Mapping[str, Any]) -> str:
    return f"{100.0 * row['weight']:.0f}% {NAMES[row['reckoning']]}"


def _compared(rows: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [
            SHORT[row["sample"]],
            NAMES[row["benchmark"]],
            *(str(row[name]) for name in ("targets", "series", "wins", "ties", "losses")),
            *(
                "" if row[name] is None else f"{row[name]:.2f}"
                for name in ("model_error", "naive_error")
            ),
            ""
            if row["p_value"] is None
            else "<0.001"
            if row["p_value"] < 0.001
            else f"{row['p_value']:.3f}",
            str(row["same"]),
            str(row["left_out"]),
        ]
        for row in rows
    ]


def three_digits(value: float) -> str:
    """Three digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
