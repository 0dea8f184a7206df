"""What a notebook shows of a run, a comparison and an ensemble: what it is, its headlines with
labels, units and bands, which tables there are, and what to do next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from coercivity.experiments.quantities.headlines import (
    FOCUS,
    Headline,
    focal_date,
    headline_table,
    name_in_id,
)
from coercivity.experiments.worlds.compare import Comparison
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.experiments.worlds.goods_in_focus import (
    goods_in_question,
    rows_of_goods,
    values_of_goods,
)
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.experiments.worlds.idle_at_start import find_idle_at_start
from coercivity.experiments.worlds.spreads import Spread, differences, spread
from coercivity.experiments.worlds.twin import measures_in_question
from coercivity.viz.figures.by_name import ensemble_plots, run_plots
from coercivity.viz.words.card_html import Html, card, code, folded_parts, paragraph, table
from coercivity.viz.words.compare_summary import idle_row
from coercivity.viz.words.idle_at_start_text import (
    NEW_ONLY,
    ONE_BASE,
    STOOD,
    STOP,
    HasSpan,
    before_words,
    not_compared,
)
from coercivity.viz.words.summary import (
    LEVEL,
    cell,
    idle_cell,
    label_of,
    measure_words,
)

CHIEF: Final = (  # what a minister would read first; the others are behind a line
    "first_stop_days",
    "median_stop_days",
    "firms_stopped_share",
    "output_lost_24m",
    "cost_paid_24m",
    "gdp_effect_worst",
    "price_multiple_ndpr_{target}",
    "price_multiple_dy_{target}",
    "dependence_separated_before",
    "dependence_separated_60m",
    "dependence_separated_end",
)
BANDS: Final = "Median, in brackets the 5th to the 95th percentile."
LUCK_ALONE: Final = (
    "One parameter vector, so ranges are of luck alone (an ensemble moves the parameters too)."
)
ONE_PAIR: Final = "One pair of one parameter vector: neither luck nor the parameters are in it."
RARE_EARTHS: Final = (
    "Prices and dependence here are those of rare earths, and the measures are on other goods: "
    'compare(...) shows these, and .plot("prices", good=[...]).'
)
UNTOLD: Final = "No tables and no headlines: the run did not record (record=False)."


class RunFacts(FinishedRun, Protocol):
    """What a card tells of a Result beside its tables."""

    @property
    def version(self) -> str: ...
    @property
    def parameter_hash(self) -> str: ...
    @property
    def world(self) -> str: ...
    def headlines(self) -> dict[str, float | None]: ...


def run_card(result: RunFacts) -> str:
    """The card of a run."""
    about = [
        result.scenario.name,
        _span(result.months),
        f"seed {result.seed}",
        f"version {result.version}",
        f"parameters {result.parameter_hash}",
        "" if result.world == "World" else f"class {result.world}",
    ]
    title = result.scenario.title or result.scenario.name
    if not tuple(result.tables):
        return card("Result", title, about, [paragraph(UNTOLD), code('.save("a-run")')])
    since = focal_date(result.scenario, result.months)
    found = result.headlines() | values_of_goods(result, since, result.scenario)
    spreads = {name: Spread(value, value, value) for name, value in found.items()}
    explained = measures_in_question(result.scenario) != ()
    parts = [
        paragraph(measure_words(result)),
        *_headlines(
            result,
            FOCUS,
            ("",),
            lambda row: (_cell(spreads[row.id], row, 1),),
            (STOOD.format(state=FOCUS), idle_cell([result])),
        ),
        paragraph(f"{LEVEL} {STOP}"),
        _names("Tables", tuple(result.tables)),
        code(
            ".plot()",
            *(f'.plot("{name}")' for name in run_plots(result)[1:2]),
            '.table("prices")',
            *(('.explain("first_stop_days")',) if explained else ()),
            '.save("a-run")',
        ),
    ]
    return card("Result", title, about, parts)


def comparison_card(comparison: Comparison) -> str:
    """The card of a comparison of twins."""
    first, base = comparison.scenario[0], comparison.base[0]
    seeds = comparison.seeds
    about = [
        f"{first.scenario.name} against {base.scenario.name}",
        _span(first.months),
        f"{len(seeds)} pairs with the same luck, seeds {_seeds(seeds)}",
        f"version {first.version}",
    ]
    title = (
        f"{first.scenario.title or first.scenario.name}, against "
        f"{base.scenario.title or base.scenario.name}"
    )
    if not comparison.tables:
        return card("Comparison", title, about, [paragraph(UNTOLD), code('.save("a-comparison")')])
    found, many = comparison.headlines() | _of_goods(comparison), len(seeds) > 1
    stood = find_idle_at_start(
        comparison.base, comparison.scenario, focal_date(first.scenario, first.months)
    )

    def values(row: Headline) -> tuple[str, ...]:
        told, apart = found[row.id], not_compared(row, stood)
        return (
            _cell(spread(told["base"], row.unit), row, len(seeds)),
            _cell(spread(told["scenario"], row.unit), row, len(seeds)),
            apart or _cell(spread(told["difference"]), row, len(seeds), apart=True),
            *(("–" if apart else same_sign(told["difference"]),) * many),
        )

    heads = (base.scenario.name, first.scenario.name, "difference", *(("same sign",) * many))
    already = (*idle_row(stood), *(("",) * many))
    parts = [
        paragraph(measure_words(first)),
        *_headlines(first, FOCUS, heads, values, already),
        paragraph(f"{BANDS} {LUCK_ALONE}" if many else ONE_PAIR),
        paragraph(f"{LEVEL} {ONE_BASE} {STOP}"),
        _names("Tables", comparison.tables),
        code(
            ".plot()",
            '.table("prices")',
            '.explain("first_stop_days")',
            "coercivity.ensemble(scenario, replications=2, base=base)",
            '.save("a-comparison")',
        ),
    ]
    return card("Comparison", title, about, parts)


def ensemble_card(ensemble: Ensemble) -> str:
    """The card of an ensemble."""
    worlds = ensemble.seeds.size
    against = f" against {ensemble.base.name}" if ensemble.base is not None else ""
    about = [
        f"{ensemble.scenario.name}{against}",
        _span(ensemble.months),
        f"{len(ensemble.draws)} draws of the parameters with {ensemble.replications} "
        f"seed{'s' * (ensemble.replications > 1)} each",
        f"counted from {ensemble.since}",
        f"version {ensemble.version}",
        "" if ensemble.world == "World" else f"class {ensemble.world}",
    ]
    kinds = [kind for kind in ("base", "scenario", "difference") if kind in ensemble.kinds]

    def values(row: Headline) -> tuple[str, ...]:
        return tuple(
            _cell(ensemble.spread(row.id, kind), row, worlds, apart=kind == "difference")
            for kind in kinds
        )

    heads = tuple(kinds) if len(kinds) > 1 else ("",)
    drawn = ensemble_plots(ensemble)
    parts = [
        *_headlines(ensemble, ensemble.state, heads, values, goods=False),
        paragraph(RARE_EARTHS if goods_in_question(ensemble.scenario, ensemble.state) else ""),
        paragraph(BANDS if worlds > 1 else ""),
        paragraph(f"{LEVEL} {STOP} {NEW_ONLY}"),
        _names("Figures", drawn),
        code(
            *(f'.plot("{name}")' for name in (*drawn[:1], *drawn[5:6])),
            ".table()",
            *((".series_frame()",) if drawn else ()),
            '.shares("output_lost_24m")',
            '.save("an-ensemble")',
        ),
    ]
    return card("Ensemble", ensemble.scenario.title or ensemble.scenario.name, about, parts)


# ---------------------------------------------------------------- what they share


def _of_goods(comparison: Comparison) -> dict[str, dict[str, list[float | None]]]:
    """Rows of the goods in question as `Comparison.headlines` has its own."""
    asked = comparison.scenario[0].scenario
    since = focal_date(asked, comparison.scenario[0].months)
    base, mine = (
        [
            values_of_goods(run, since, asked, usual=other)
            for run, other in zip(runs, comparison.scenario, strict=True)
        ]
        for runs in (comparison.base, comparison.scenario)
    )
    told = {"base": base, "scenario": mine, "difference": differences(base, mine)}
    return {
        name: {kind: [one[name] for one in of] for kind, of in told.items()} for name in mine[0]
    }


def same_sign(differences: Sequence[float | None]) -> str:
    """In how many pairs a difference has the sign that it has in most: '15 of 16 pairs'."""
    known = [one for one in differences if one is not None]
    most = max(sum(sign * one > 0 for one in known) for sign in (1, -1))
    return f"{most} of {len(differences)} pairs" if any(known) else "–"


def _headlines(
    made: HasSpan,
    state: str,
    heads: Sequence[str],
    values: Callable[[Headline], tuple[str, ...]],
    already: Sequence[str] = (),
    goods: bool = True,
) -> tuple[Html, Html]:
    """The chief headlines as a table, with who stood already below the first stop and rows of the
    goods in question, and all others behind a line.
    """
    chief = [name.format(target=name_in_id(state)) for name in CHIEF]
    rows = {row.id: row for row in headline_table(made.scenario.facts, state)}
    own = rows_of_goods(made.scenario, state) if goods else ()
    if own:  # in place of what tells of rare earths
        chief = [name for name in chief if not name.startswith(("price_", "dependence_"))]
    first = [*(rows[name] for name in chief if name in rows), *own]
    others = [row for row in rows.values() if row not in first]

    def line(row: Headline) -> tuple[str, ...]:
        under = before_words(row, made, state)
        return (f"{label_of(row)} ({under})" if under else label_of(row), *values(row))

    shown, hidden = ([line(row) for row in some] for some in (first, others))
    if already:
        shown.insert(1, tuple(already))
    return table(("", *heads), shown), folded_parts(
        f"{len(others)} more headlines", table(("", *heads), hidden)
    )


def _cell(of: Spread, row: Headline, worlds: int, apart: bool = False) -> str:
    """A headline as text, its band in brackets; a difference has its sign."""
    unit = "points" if apart and row.unit == "share" else row.unit
    never = "never" if unit == "days" and not apart else "–"
    return cell(of, unit, worlds, never, signed=apart)


def _names(label: str, names: Sequence[str]) -> Html:
    """A list of names on one line; nothing for none."""
    return paragraph(f"{label}: {', '.join(names)}." if tuple(names) else "")


def _span(months: Sequence[str]) -> str:
    """'2024-01 to 2026-12 (36 months)'."""
    return f"{months[0]} to {months[-1]} ({len(months)} months)"


def _seeds(seeds: Sequence[int]) -> str:
    """Seeds in few words: '0 to 15', '3, 5'."""
    if len(seeds) > 2 and tuple(seeds) == tuple(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]} to {seeds[-1]}"
    told = ", ".join(map(str, seeds[:8]))
    return f"{told}, ..." if len(seeds) > 8 else told
