"""What `coercivity licences` and `coercivity trace` print: tables of tonnes and shares, and of one
firm's applications.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU, WORLD
from coercivity.viz.words.backtest_text import band_cell, record_cell, verdict_cell
from coercivity.viz.words.names import trade_of

if TYPE_CHECKING:
    from coercivity.experiments.questions.applicants import Applicant
    from coercivity.experiments.questions.firm_month import Application
    from coercivity.experiments.questions.firm_trace import FirmTrace
    from coercivity.experiments.questions.licence_flows import LicenceFlows
    from coercivity.model.scenario.scenario import Scenario

Rows = list[tuple[Any, ...]]
BY: Final = ("month", "year")
SHORT: Final = 36  # months of a run that are told one by one
WINDOWS: Final = ((1, 2), (3, 12), (13, 24))  # months under the first export control
TURNED_DOWN: Final = ("refused_t", "returned_t", "passed_over_t", "lapsed_t")
PARTS_OF_A_FIRM: Final = ("What it saw", "What it chose", "What it rejected")
APPLICATIONS: Final = (
    "good",
    "supplier",
    "exporter",
    "applied\nt",
    "filed",
    "decided",
    "outcome",
    "went\nt",
    "in months",
    "licence ended",
)
RECORD: Final = ("target", "months", "record", "model: median (5-95%)", "verdict")
ON_LANES: Final[Mapping[str, Sequence[str]]] = {  # quantity of a target: goods where it names none
    "raw_exports": ("oxides", "metals"),
    "magnet_exports": ("magnets",),
    "approvals": ("controlled_2025",),
}
SOME: Final = 5  # destinations; asked about more, what is on record of all stands beside
APPLICANTS: Final = ("firm", "state", "does", "applications", "granted", "ever watched")

WHAT_WAITS: Final = (
    "Open: applied for and not decided, at the end of the month; turned down: refused, "
    "returned, passed over or lapsed. Orders wait whether anything was applied for or not. "
    "Under a new rule nothing is decided in the first two months: that is the clock, in every "
    "world. Each quantity, and every band: --json or --csv."
)


def periods(flows: LicenceFlows, by: str) -> list[tuple[str, range]]:
    """Name and months of each row: years of the run, or its months from the one before the first
    export control.
    """
    if by == "month":
        first = max(flows.act - 1, 0)
        return [(flows.months[at], range(at, at + 1)) for at in range(first, len(flows.months))]
    years = dict.fromkeys(month[:4] for month in flows.months)
    return [
        (year, range(at[0], at[-1] + 1))
        for year in years
        if (at := [k for k, month in enumerate(flows.months) if month[:4] == year])
    ]


def windows(flows: LicenceFlows) -> list[tuple[str, range]]:
    """Name and months of each part of the first two years under the rule that the run reaches,
    counted as the flows are.
    """
    since = flows.act if flows.since is None else flows.since
    end, found = len(flows.months), list[tuple[str, range]]()
    for first, last in WINDOWS:
        months = range(first - 1, min(last, end - since))
        if months:
            found.append((f"months {first}-{months[-1] + 1}", months))
    return found


def counted_from(flows: LicenceFlows) -> str:
    """Month from which months under the rule are counted; the first and the last where worlds
    differ.
    """
    if flows.since is not None:
        return flows.months[flows.since]
    acts = sorted({act for act in flows.acts if act is not None})
    if len(acts) < 2:
        return flows.months[flows.act]
    return f"each world's first control ({flows.months[acts[0]]} to {flows.months[acts[-1]]})"


def flow_title(flows: LicenceFlows) -> str:
    """Who sends what to whom, in which scenario."""
    to = flows.importers[0] if len(flows.importers) == 1 else f"{len(flows.importers)} states"
    goods = flows.goods[0] if len(flows.goods) == 1 else f"{len(flows.goods)} goods"
    unit = "t a month; open and waiting: t at the end"
    return f"{flows.exporter} to {to}, {goods}, under licences ({flows.scenario.name}), {unit}"


def flow_table(flows: LicenceFlows, by: str) -> tuple[tuple[str, ...], Rows]:
    """Column heads and one row a period, over all lanes that are asked about: medians, the share of
    the twin with its band. A row fits on 100 columns.
    """
    from coercivity.experiments.questions.licence_flows import QUANTITIES, band

    chosen = periods(flows, by)
    values = flows.over((), (), [months for _, months in chosen])
    at = {name: place for place, name in enumerate(QUANTITIES)}
    down = band(values[:, [at[name] for name in TURNED_DOWN]].sum(axis=1))[0]
    found = band(values)
    tonnes = ("applied_t", "approved_t")
    later = ("open_t", "waiting_t", "shipped_t", "under_licence_t")
    columns = (
        by,
        "applied",
        "approved",
        "turned\ndown",
        "open",
        "orders\nwait",
        "shipped",
        "under\nlicence",
        "of the twin",
        "of base",
    )
    rows: Rows = [
        (
            name,
            *(three_digits(found[0, at[one], k]) for one in tonnes),
            three_digits(down[k]),
            *(three_digits(found[0, at[one], k]) for one in later),
            share_text(found[:, at["of_twin"], k]),
            share_text(found[:1, at["of_base"], k]),
        )
        for k, (name, _) in enumerate(chosen)
    ]
    return columns, rows


def record_rows(
    flows: LicenceFlows, targets: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str, str, str, str]]:
    """Rows under RECORD: what the evidence holds of these lanes in this scenario, with the model's
    band and verdict over the draws of the backtest (`targets` of its document).
    """
    whole, asked = len(flows.importers) > SOME, set(flows.goods)
    facts = flows.scenario.facts
    return [
        (
            row["id"],
            row["from"] if row["from"] == row["to"] else f"{row['from']} to {row['to']}",
            record_cell(row),
            band_cell(row),
            verdict_cell(row),
        )
        for row in targets
        if (row["scenario"], row["state"]) == (flows.scenario.name, flows.exporter)
        and row["quantity"] in ON_LANES
        and asked & _goods(facts, row)
        and (
            _states(facts, row["partner"]) & {*flows.importers}
            if _names_one_partner(row)
            else whole
        )
    ]


def _names_one_partner(target: Mapping[str, Any]) -> bool:
    return target["partner"] not in ("", WORLD)


def _states(facts: Facts, partner: str) -> set[str]:
    return set(facts.eu_states) if partner == EU else {partner}


def _goods(facts: Facts, target: Mapping[str, Any]) -> set[str]:
    named = target["good"].split("+") if target["good"] else ON_LANES[target["quantity"]]
    return set(facts.expand_goods(named))


def group_table(flows: LicenceFlows, of: str) -> tuple[tuple[str, ...], Rows]:
    """Column heads and one row a destination or good: what the twin sends in these months, and
    shares of it; largest first.
    """
    from coercivity.experiments.questions.licence_flows import QUANTITIES, band

    chosen = windows(flows)
    whole = range(chosen[0][1][0], chosen[-1][1][-1] + 1)
    asked = [whole, *(months for _, months in chosen)]
    rows = []
    for name in flows.importers if of == "destination" else flows.goods:
        states, goods = ((name,), ()) if of == "destination" else ((), (name,))
        values = band(flows.over(states, goods, asked, since_act=True))
        twin, part = QUANTITIES.index("shipped_twin_t"), QUANTITIES.index("of_twin")
        cells = [share_text(values[:, part, k + 1]) for k in range(len(chosen))]
        rows.append((float(values[0, twin, 0]), (name, *cells)))
    rows.sort(key=lambda row: -row[0])
    columns = (of, "in the twin\nt/month", *(name for name, _ in chosen))
    return columns, [(name, three_digits(tonnes), *cells) for tonnes, (name, *cells) in rows]


def flow_note(flows: LicenceFlows) -> str:
    """What the shares are of, over how many worlds, and what a value above 1 means."""
    from coercivity.experiments.questions.licence_flows import FEW

    count = len(flows.seeds)
    of = (
        f"{count} runs, each with a vector and a seed of its own"
        if flows.drawn
        else f"{count} worlds, seeds {flows.seeds[0]} to {flows.seeds[-1]}"
        if count > 1
        else f"one world, seed {flows.seeds[0]}"
    )
    ends = "lowest-highest" if count < FEW else "5-95%"
    spread = f"medians ({ends}) of " if count > 1 else ""
    bases = dict.fromkeys(base.words() for base in flows.bases)
    base = next(iter(bases)) if len(bases) == 1 else "the year before each world's first control"
    still = f", {flows.exporter} takes no act of its own" if flows.keeps_still else ""
    return (
        f"Shares: tonnes shipped, any way, over those of the twin (same seed and parameters, no "
        f"act restricts exports{still}) and over the base (mean of {base}); {spread}{of}. Above 1: "
        "more goes than there, as stocks are filled again or buyers come from elsewhere."
    )


def share_text(values: Iterable[float]) -> str:
    """'0.72 (0.61-0.80)' from median, 5th and 95th percentile and how many; the median alone where
    it is given alone, or is of one world; '' where undefined.
    """
    median, *rest = (float(value) for value in values)
    if math.isnan(median):
        return ""
    if not rest or rest[-1] < 2:
        return f"{median:.2f}"
    return f"{median:.2f} ({rest[0]:.2f}-{rest[1]:.2f})"


def three_digits(value: float) -> float:
    """Three digits."""
    return float(f"{float(value):.3g}")


# ---------------------------------------------------------------- one firm


def trace_title(trace: FirmTrace, scenario: Scenario, seed: int) -> str:
    """Who it is, and what came of its applications."""
    from coercivity.experiments.questions.applicants import granted_share

    count, share = len(trace.applications), granted_share(trace.applications)
    granted = "" if share is None else f", {share:.0%} of those with an answer granted"
    told = f"{count} application{'s' * (count != 1)} for licences" if count else "no application"
    who = f"{trace.firm} ({trace.state}, {trade_of(scenario.facts, trace.does)})"
    return f"{who}, {scenario.name}, seed {seed}: {told}{granted}"


def application_rows(trace: FirmTrace, at: int | None = None) -> Rows:
    """One row an application, in the order of filing, under APPLICATIONS; of all, or of those that
    were open, decided or used in a month.
    """
    months = [month.month for month in trace.months]
    return [
        _application(one, months) for one in trace.applications if at is None or _of_month(one, at)
    ]


def _of_month(one: Application, at: int) -> bool:
    """Whether an application was open or decided in a month, or a part went under its licence."""
    asked = one.filed <= at and (one.decided is None or at <= one.decided)
    return asked or at in (month for month, _ in one.went)


def _application(one: Application, months: Sequence[str]) -> tuple[Any, ...]:
    """How an application went, from its filing to the last tonne under its licence."""
    went = [month for month, _ in one.went]
    first, last = (months[went[0]], months[went[-1]]) if went else ("", "")
    return (
        one.good.replace("_", " "),
        one.supplier,
        one.exporter,
        three_digits(one.tonnes),
        months[one.filed],
        "" if one.decided is None else months[one.decided],
        one.outcome,
        three_digits(sum(tonnes for _, tonnes in one.went)) if went else None,
        first if first == last else f"{first} to {last}",
        "" if one.ended is None else f"{one.end}, {months[one.ended]}",
    )


def watch_line(trace: FirmTrace) -> str:
    """Which part of the firm is on a watch list, and since when."""
    told, before = [], 0.0
    for month, part in zip(trace.months, trace.watched, strict=True):
        if abs(part - before) > 5e-4:
            told.append(f"{part:.1%} of it since {month.month}")
        before = part
    return f"On a watch list: {', '.join(told)}." if told else "No part of it is on a watch list."


def applicant_rows(facts: Facts, found: Sequence[Applicant]) -> Rows:
    """One row a firm that ever applied, by state and then most applications first."""
    ordered = sorted(found, key=lambda one: (facts.state_row[one.state], -len(one.applications)))
    return [
        (
            one.firm,
            one.state,
            trade_of(facts, one.does),
            len(one.applications),
            "" if one.granted_share is None else f"{one.granted_share:.0%}",
            f"{one.watched:.1%}" if one.watched else "",
        )
        for one in ordered
    ]
