"""The summary of a run or a comparison as plain text cells, made once for the terminal and for the
report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coercivity.experiments.lab.histories import count_differences
from coercivity.experiments.quantities.headlines import (
    EXPORTER,
    FOCUS,
    PRICED_GOODS,
    Headline,
    focal_date,
    focal_event,
    headline_table,
    name_in_id,
)
from coercivity.experiments.worlds.goods_in_focus import rows_of_goods, values_of_goods
from coercivity.experiments.worlds.headline_tables import FinishedRun, compute_headlines
from coercivity.experiments.worlds.idle_at_start import idle_by_sector
from coercivity.experiments.worlds.spreads import (
    Spread,
    headline_spreads,
    spread,
)
from coercivity.model.basis.facts import Facts
from coercivity.viz.words.idle_at_start_text import (
    under_words,
)
from coercivity.viz.words.range_text import ends_in_table

GOOD_LABELS: Final = {
    "ndpr": "NdPr oxide",
    "dy": "Dy oxide",
    "tb": "Tb oxide",
    "heat_resistant_magnet": "Heat-resistant magnets",
}

LEVEL: Final = (
    "Level: what happens in the world itself, not less its twin; lost for good: what is made up "
    "later is not in it."
)


@dataclass(frozen=True)
class Section:
    """One small table: a title, column heads, rows of text, and a line below it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """What is said about a run: a heading, where the count begins, sections, and how to read the
    ranges.
    """

    title: str
    why: str
    measure: str
    ranges: str
    sections: tuple[Section, ...]


def number(value: float | None, unit: str, signed: bool = False) -> str:
    """Return *value* as text with its unit: '30 days', '75%', '4.1 times'; a dash when it is not
    defined.
    """
    if value is None:
        return "–"
    plus = "+" if signed and value > 0 else ""
    match unit:
        case "share":
            return f"{plus}{100 * value:.0f}%"
        case "points":
            return f"{plus}{100 * value:.0f} points"
        case "% of GDP":
            text = f"{value:.2f}"
            return "0.00%" if float(text) == 0.0 else f"{plus}{text}%"
        case "multiple":
            return f"{plus}{value:.1f} times" if abs(value) < 100 else f"{plus}{value:.0f} times"
        case "days":
            return f"{plus}{value:.0f} days"
        case "USD bn":
            return f"{plus}{_digits(value)}"
        case "USD/kg":
            return f"{plus}{_digits(value)}"
        case _:
            return f"{plus}{value:.0f}"


def _digits(value: float) -> str:
    return (
        f"{value:,.0f}"
        if abs(value) >= 100
        else f"{value:.1f}"
        if abs(value) >= 1 or value == 0
        else f"{value:.2f}"
    )


def cell(spread: Spread, unit: str, worlds: int, never: str = "–", signed: bool = False) -> str:
    """Return a median with its range in brackets, '30 days (21 to 44)'; *never* where nothing is
    defined, and 'never (54 to never)' where half of the worlds or more have no stop.
    """
    if spread.median is None and spread.p05 is None:
        return never
    text = "never" if spread.median is None else number(spread.median, unit, signed)
    if worlds < 2:
        return text
    low, high = (_number_without_unit(end, unit, signed) for end in ends_in_table(spread, unit))
    same = spread.p05 == spread.p95 == spread.median or low == high == _number_without_unit(
        spread.median, unit, signed
    )
    return text if same else f"{text} ({low} to {high})"


def _number_without_unit(value: float | None, unit: str, signed: bool) -> str:
    if value is None:
        return "never" if unit == "days" else "–"
    return (
        number(value, unit, signed)
        .removesuffix(" days")
        .removesuffix(" times")
        .removesuffix(" points")
        .removesuffix("%")
    )


def label_of(row: Headline) -> str:
    """Return what a headline is called, with its unit where the numbers do not say it; of output
    that is lost that it is so for good, as what is made up later is not in it.
    """
    said, label = ("days", "share", "multiple", "firms", "% of GDP"), row.label
    if row.id.startswith("output_lost"):
        label = label.replace("Output lost in", "Output lost for good in", 1)
    return label if row.unit in said else f"{label}, {row.unit}"


def headlines_of(
    results: Sequence[FinishedRun],
    since: str | None = None,
    state: str = FOCUS,
    usual: Sequence[FinishedRun] = (),
) -> list[dict[str, float | None]]:
    """Return the headlines of each world, seen from a state; usual: as `compute_headlines` has it,
    for each world.
    """
    pairs = zip(results, usual or results, strict=True)
    return [compute_headlines(result, since, state, base) for result, base in pairs]


def naive_and_sheet_section(
    facts: Facts,
    headlines: Sequence[Mapping[str, float | None]],
    naive: Sequence[Mapping[str, float | None]],
    sheet: Sequence[Mapping[str, float | None]],
    state: str = FOCUS,
) -> Section:
    """The same headlines from the model with every rule naive and from a stock-and-cover sheet
    (medians), and where the agents add nothing.
    """
    from coercivity.experiments.questions.simpler_models import (
        adds_nothing,
        compared_headlines,
        medians,
    )

    rows = {row.id: row for row in headline_table(facts, state)}
    lines, nothing = [], []
    for name in compared_headlines(state):
        unit = rows[name].unit
        model, plain, simple = (
            medians(numbers, name, unit) for numbers in (headlines, naive, sheet)
        )
        lines.append(
            (
                rows[name].label,
                *(
                    _number_without_unit(value, unit, False) if value is not None else "–"
                    for value in (model, plain, simple)
                ),
            )
        )
        if adds_nothing(model, plain, unit) or adds_nothing(model, simple, unit):
            nothing.append(rows[name].label)
    note = (
        "Where a simpler reckoning says the same within a tenth, the agents add nothing: "
        f"{'; '.join(nothing) or 'nowhere here'}."
    )
    return Section(
        "The same, reckoned more simply (medians)",
        ("", "the model", "every rule naive", "stock-and-cover sheet"),
        tuple(lines),
        note,
    )


class _HeadlineCells:
    """The headlines of one or several worlds as cells, by name, seen from a state."""

    def __init__(
        self, facts: Facts, headlines: Sequence[Mapping[str, float | None]], state: str
    ) -> None:
        self.state, self._worlds, self.sectors = state, len(headlines), facts.sector_labels
        self._found = headline_spreads(facts, headlines, state)
        self._units = {row.id: row.unit for row in headline_table(facts, state)}

    def __call__(self, name: str, never: str = "–") -> str:
        return cell(self._found[name], self._units[name], self._worlds, never)


class _DifferenceCells:
    """The headlines of several worlds above their twins as cells, by name."""

    def __init__(
        self, facts: Facts, apart: Sequence[Mapping[str, float | None]], state: str
    ) -> None:
        self._found, self._apart = headline_spreads(facts, apart, state), apart
        self._units = {row.id: row.unit for row in headline_table(facts, state)}

    def __call__(self, name: str) -> str:
        """The median with its sign and range; a difference that is not beyond luck is told as
        none.
        """
        spread = self._found[name]
        unit = "points" if self._units[name] == "share" else self._units[name]
        if spread.p05 is None or spread.p95 is None:
            return "–"
        if spread.p05 == spread.p95 == 0.0:
            return "none"
        between = count_differences([v for one in self._apart if (v := one[name]) is not None])
        if between is None or between.stands_out:
            return cell(spread, unit, len(self._apart), signed=True)
        low, high = (_number_without_unit(end, unit, True) for end in ends_in_table(spread, unit))
        return f"none ({low} to {high})"


def run_summary(
    results: Sequence[FinishedRun],
    headlines: Sequence[Mapping[str, float | None]],
    beside: Section | None = None,
    apart: Sequence[Mapping[str, float | None]] = (),
    twin: str = "",
    state: str = FOCUS,
) -> Summary:
    """Return the summary of one or several worlds of one scenario, seen from a state; apart: their
    headlines above the twins, twin: what these go without.
    """
    say = _HeadlineCells(results[0].facts, headlines, state)
    above = _DifferenceCells(results[0].facts, apart, state) if apart else None
    return Summary(
        title=title_of(results[0]),
        why=results[0].scenario.why,
        measure=measure_words(results[0], state),
        ranges=ranges_of(results),
        sections=(
            _stops_section(say, above, _stops_note(results, twin, state)),
            _costs_section(say, above, twin),
            _goods_section(results, state) or _prices_section(say, before_note(results[0], state)),
            *((_dependence_section(say),) if state != EXPORTER else ()),
            _end_section(say),
            *((beside,) if beside else ()),
        ),
    )


def _stops_note(results: Sequence[FinishedRun], twin: str, state: str) -> str:
    """What the twin is, and how many makers stood already, whose lines cannot stop any more."""
    stood = idle_cell(results, state)
    already = f"New stops only: {stood} of the makers stood already when the count began."
    return " ".join(filter(None, ("" if stood == "0" else already, _twin_note(twin))))


def _stops_section(
    say: _HeadlineCells, above: _DifferenceCells | None = None, note: str = ""
) -> Section:
    """When lines stop, sector by sector; above: the share of firms that stop less that of the
    twin.
    """

    def stops(label: str, suffix: str) -> tuple[str, ...]:
        return (
            label,
            say(f"first_stop_days{suffix}", "none stops"),
            say(f"median_stop_days{suffix}", "not half"),
            say(f"firms_stopped_share{suffix}"),
            *((above(f"firms_stopped_share{suffix}"),) if above else ()),
        )

    return Section(
        f"When lines stop in {say.state}, counted from the measure",
        (
            "makers of",
            "first stop",
            "half have stopped",
            "firms that stop",
            *(("above the twin",) if above else ()),
        ),
        (
            stops("All sectors", ""),
            *(stops(label, f"_{sector}") for sector, label in say.sectors.items()),
        ),
        note,
    )


def _twin_note(twin: str) -> str:
    """What the twin is, as a line below a table."""
    return f"The twin: the same world with the same luck {twin}." if twin else ""


def _costs_section(
    say: _HeadlineCells, above: _DifferenceCells | None = None, twin: str = ""
) -> Section:
    """What is lost and paid, and the effect on GDP: above the twin, and as levels, which hold what
    was lost or caught up anyway.
    """
    labels = {
        "output_lost": "Output lost for good",
        "made_up": "Output made up later",
        "cost_paid": "Extra cost paid",
    }
    spans = {"24m": "first 24 months", "total": "whole run"}
    levels = (
        f"{say('gdp_effect_12m')} in the first 12 months, {say('gdp_effect_worst')} in the worst 12"
    )
    if above is None:
        return Section(
            f"What it costs {say.state}, USD bn: levels",
            ("", *spans.values()),
            tuple(
                (label, *(say(f"{flow}_{span}") for span in spans))
                for flow, label in labels.items()
            ),
            f"GDP effect, level: {levels}, of the GDP of the same months. "
            "The script has no measure to compare with.",
        )
    return Section(
        f"What it costs {say.state}, USD bn above the twin",
        ("", *(head for span in spans.values() for head in (span, "level"))),
        tuple(
            (
                label,
                *(
                    text
                    for span in spans
                    for text in (above(f"{flow}_{span}"), say(f"{flow}_{span}"))
                ),
            )
            for flow, label in labels.items()
        ),
        f"GDP effect above the twin: {above('gdp_effect_12m')} in the first 12 months, "
        f"{above('gdp_effect_worst')} in the worst 12, of the GDP of the same months "
        f"(level: {levels}). {_twin_note(twin)}",
    )


def _goods_section(results: Sequence[FinishedRun], state: str) -> Section | None:
    """What the headlines tell of rare earths, of the goods that the measures are on where these are
    others; None where they are not.
    """
    scenario = results[0].scenario
    if not (rows := rows_of_goods(scenario, state)):
        return None
    since = focal_date(scenario, results[0].months, state)
    found = [values_of_goods(one, since, scenario, state) for one in results]
    return Section(
        "The goods under the measure: peak price over the half year before, and who they come from",
        ("", ""),
        tuple(
            (row.label, cell(spread([of[row.id] for of in found]), row.unit, len(found)))
            for row in rows
        ),
    )


def _prices_section(say: _HeadlineCells, note: str = "") -> Section:
    """Peak prices, good by good; those of the exporter stand once. note: what is said of the half
    year before.
    """
    own = name_in_id(say.state)
    rows = tuple(
        (label, say(f"price_multiple_{good}_{own}"), say(f"price_multiple_{good}_china"))
        for good, label in GOOD_LABELS.items()
    )
    title = "Peak price over the half year before"
    if say.state == EXPORTER:
        return Section(title, ("", "at home in China"), tuple(row[:2] for row in rows), note)
    return Section(title, ("", f"in {say.state}", "at home in China"), rows, note)


def _dependence_section(say: _HeadlineCells) -> Section:
    """China's share of purchases, by both ways of counting it."""
    labels = {"origin": "where it was shipped from", "separated": "where it was separated"}
    return Section(
        f"Share of {say.state}'s purchases that comes from China, by tonnage",
        ("", "before", "after 12 months", "after 60 months", "at the end"),
        tuple(
            (
                label,
                *(say(f"dependence_{basis}_{when}") for when in ("before", "12m", "60m", "end")),
            )
            for basis, label in labels.items()
        ),
    )


def _end_section(say: _HeadlineCells) -> Section:
    """What the world has come to."""
    return Section(
        "The world at the end",
        ("", ""),
        (
            ("NdPr oxide outside China, USD/kg", say("world_price_ndpr_end")),
            ("Dy oxide outside China, USD/kg", say("world_price_dy_end")),
            ("China's share of separation", say("china_separation_share_end")),
        ),
    )


def idle_cell(results: Sequence[FinishedRun], state: str = FOCUS) -> str:
    """How many makers stood already when the count of runs of one scenario began."""
    since = focal_date(results[0].scenario, results[0].months, state)
    counts = [float(idle_by_sector(one, since, state)[""]) for one in results]
    return cell(spread(counts), "firms", len(counts))


def before_note(result: FinishedRun, state: str = FOCUS) -> str:
    """Of which goods the usual price is one under an earlier measure, as a sentence below a table;
    '' for none.
    """
    since, under = focal_date(result.scenario, result.months, state), dict[str, list[str]]()
    for key, label in GOOD_LABELS.items():
        words = under_words(result, since, PRICED_GOODS[key], state)
        under.setdefault(words, []).append(label)
    return " ".join(f"{', '.join(of)}: {words}." for words, of in under.items() if words)


def measure_words(result: FinishedRun, state: str = FOCUS) -> str:
    """Return one sentence on the day from which the headlines of a state count."""
    event = focal_event(result.scenario, result.months, state)
    since = focal_date(result.scenario, result.months, state)
    if event is None:
        return f"No event; counted from the start, {since}."
    doer = f"{event.actor}: " if event.actor else ""
    return f"Counted from {since}: {event.text or doer + event.kind.replace('_', ' ')}"


def title_of(result: FinishedRun) -> str:
    """Return what a run is called: the title of its scenario, else its name."""
    return result.scenario.title or result.scenario.name


def ranges_of(results: Sequence[FinishedRun], of_difference: bool = False) -> str:
    """Return one sentence on which worlds ran and what the ranges are."""
    seeds, months = [result.seed for result in results], results[0].months
    span = f"{months[0]} to {months[-1]}"
    if len(seeds) == 1:
        return f"One world, seed {seeds[0]}, {span}. Ask for several with --worlds to see ranges."
    twins = "; differences are between twins with the same seed" if of_difference else ""
    only = "one parameter vector, so ranges are of luck alone (--draws moves the parameters too)"
    return (
        f"{len(seeds)} worlds, seeds {seeds[0]} to {seeds[-1]}, {span}: the median, in brackets "
        f"the 5th to the 95th percentile{twins}; {only}."
    )
