"""Pages of the questions: what rules are worth, dependence after an episode, leverage over time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from coercivity.experiments.questions import ablation
from coercivity.viz.pages.text import Document, Row, band, made_by, table
from coercivity.viz.words.findings import short


def pages(document: Document) -> dict[str, str]:
    """The three pages."""
    return {
        "rules-worth.md": worth_page(document),
        "relapse.md": relapse_page(document),
        "leverage.md": leverage_page(document),
    }


def tables(document: Document) -> dict[str, list[Row]]:
    """Every answer, one row a case."""
    results = document["found"]
    names = {
        "ablation": "rules-worth",
        "relapse": "relapse",
        "signals": "leverage-signals",
        "map": "leverage-map",
        "episode": "leverage-episode",
        "third_countries": "leverage-third-countries",
        "frozen": "leverage-frozen",
    }
    return {name: results[key] for key, name in names.items()}


def worth_page(document: Document) -> str:
    """What each rule is worth."""
    results = document["found"]
    plan = ablation.arms_asked()
    parts = [
        _worth_part(scenario, mechanisms, results["ablation"])
        for scenario, mechanisms in plan.items()
    ]
    idle = "; ".join(
        f"in {scenario}: {', '.join(_idle(scenario, mechanisms, results['ablation'])) or 'none'}"
        for scenario, mechanisms in plan.items()
    )
    return f"""# What each rule is worth

One mechanism at a time is switched off, so that the naive thing stands in its place, in {results["draws"]} draws of parameter vector and seed with the same luck. Medians; **bold** with
the 5th to 95th percentile where the difference from the whole model has one sign in at least 80% of the worlds and is at least a tenth of the whole model's median.
The opposite, all rules naive at once, stands under every run (`coercivity run`). {made_by(document)}

Not asked: a rule where it has nothing to act on - no export control (M6, M8), no act of support (M10), no government that decides (M12). M10 is asked where governments spend, M12 where they decide.

Rules that change none of these numbers by that measure, {idle}.

{chr(10).join(part + chr(10) for part in parts)}"""


def _worth_part(scenario: str, mechanisms: Collection[str], every: Sequence[Row]) -> str:
    """One scenario: the whole model's numbers, and below them those with each rule off."""
    rows = [row for row in every if row["scenario"] == scenario]
    names = list(ablation.LABELS)
    whole = {row["number"]: row["whole"] for row in rows}
    lines = [["**whole model**", "", *(band(whole[name]) for name in names)]]
    for arm in ablation.NAIVE if scenario in ablation.SCENARIOS else mechanisms:
        if arm not in mechanisms:
            lines.append([arm, ablation.NAIVE[arm], *("not asked" for _ in names)])
            continue
        by_number = {row["number"]: row for row in rows if row["mechanism"] == arm}
        if by_number:  # else it is asked since the document was made
            cells = (_worth_cell(by_number[name]) for name in names)
            lines.append([arm, ablation.NAIVE[arm], *cells])
    heads = ["off", "in its place", *ablation.LABELS.values()]
    return f"## {scenario}\n\n" + table(heads, lines)


def _worth_cell(row: Row) -> str:
    """The number with a rule off; bold and with its range where the rule is worth something."""
    return f"**{band(row['off'])}**" if row["worth"] else short(row["off"]["median"])


def _idle(scenario: str, mechanisms: Collection[str], every: Sequence[Row]) -> list[str]:
    """Rules that change none of a scenario's numbers."""
    worth = {row["mechanism"] for row in every if row["scenario"] == scenario and row["worth"]}
    return [arm for arm in mechanisms if arm not in worth]


def relapse_page(document: Document) -> str:
    """Fall and relapse, taken apart."""
    results = document["found"]
    years = ("2009", "2012", "2015", "2018", "2024")
    shares = [
        [row["arm"], row["what"], *(band(row[year]) for year in years)]
        for row in results["relapse"]
    ]
    parts = [
        [
            row["arm"],
            *(
                f"{row[name]['median']:.0f}" if name == "lowest_year" else band(row[name])
                for name in ("fall", "lowest_year", "relapse", "left")
            ),
            band(row["fall_due"]),
            band(row["relapse_due"]),
        ]
        for row in results["relapse"]
    ]
    by_arm = {row["arm"]: row for row in results["relapse"]}
    gone = by_arm["no memory"]
    return f"""# Dependence after an episode

China's share of Japan's imports of oxides and metal by tonnage, in worlds started in January 2009 with the acts of the time, over {results["draws"]} draws of vector and seed:
once whole, once with each channel shut, and the twin without acts. The record: 92% in 2008, 58% in 2018, 72 to 80% in 2024, by definition of the product.
{made_by(document)}

{table(["", "what is shut", *years], shares)}

Fall: points lost from 2009 to the lowest year up to 2018. Relapse: points regained from there to 2024. Due to: whole less shut, twin by twin, so a positive number is what
the channel adds; the parts need not add up, as channels work through each other.

{table(["", "fall", "lowest year", "relapse", "2024 less 2009", "fall due to it", "relapse due to it"], parts)}

With memory off, a fall of {band(gone["fall"])} points and a relapse of {band(gone["relapse"])} are left. The acts themselves account for {band(by_arm["no acts"]["fall_due"])} points of the
fall; price for {band(by_arm["no price"]["fall_due"])}, memory for {band(gone["fall_due"])}, the exporter's supply policy for {band(by_arm["no supply policy"]["fall_due"])}.
"""


def leverage_page(document: Document) -> str:
    """Leverage after signals, after an episode, with reach into third countries, and frozen
    restrictions.
    """
    results = document["found"]
    half = results["episode"][0]["half_life"]
    return f"""# Leverage over time

Leverage: what a cut-off of Japan by China for twelve months would cost Japan in 36 months, output lost and extra cost paid, measured by forking a world
(`coercivity leverage SCENARIO --at YYYY-MM`). Over {results["draws"]} draws of vector and seed; twins share their luck. {made_by(document)}

## After 0 to 3 signals, in January 2030

Threats in January 2025, 2026 and 2027; carried out: three months without heavy rare earths and their magnets, two months after each.

{_signals_table(results["signals"])}

## Where signals speed rivals up and where they stall them

Capacity outside China in January 2030 (separation, metal, magnets, built and being built) after three signals, over the twin without, %. A signal raises the price that is expected
and the hurdle of uncertainty. `hurdle_weight`: how much of the real-options multiple investors demand; `signal_alarm`: how far a threat alarms.

{_rivals_table(results["map"])}

## After a year-long ban of the controlled goods in 2026

{_episode_table(results["episode"])}

Half-life of what was lost: {"more than the years shown" if half is None else f"{short(half)} years after the deepest loss"} (by the medians).

## A ban on one target, with and without reach into third countries

From January 2026, in `licensing-2025`, shipped parameters. USD million in 36 months (sales to the target: 12 months); GDP in % of a year.

{_reach_table(results["third_countries"])}

## Restrictions frozen for ten years against a free twin

Exports held at half of the twin's from January 2026, once of NdPr oxide and metal, once of Dy and Tb oxide. Power: price paid in Japan over the twin's, less 1. Share: China's
part of what the world makes of it, points above the twin. {_lasting(results["frozen"])}.

{_frozen_table(results["frozen"])}
"""


def _signals_table(rows: Sequence[Row]) -> str:
    """Leverage and rivals after each number of signals."""
    names = {
        "leverage": "leverage, USD million",
        "change": "change from no signal, %",
        "sender_cost": "sender's exports lost by then, USD million",
        "rivals": "rival capacity, % of twin",
    }
    return table(
        ["signals", "carried out", *names.values(), "draws in which rivals stall"],
        (
            [
                str(row["signals"]),
                "yes" if row["carried_out"] else "no",
                *(band(row[name]) for name in names),
                f"{row['stalled']:.0%}",
            ]
            for row in rows
        ),
    )


def _rivals_table(rows: Sequence[Row]) -> str:
    """Rivals' capacity over how investors weigh uncertainty and how far a threat alarms."""
    return table(
        [
            "hurdle_weight",
            "signal_alarm",
            "threats only",
            "carried out",
            "worlds with less than the twin",
        ],
        (
            [
                short(row["hurdle_weight"]),
                short(row["signal_alarm"]),
                band(row["threats"]),
                band(row["carried_out"]),
                f"{row['stalled']:.0%}",
            ]
            for row in rows
        ),
    )


def _episode_table(rows: Sequence[Row]) -> str:
    """Leverage year by year after a ban has ended."""
    return table(
        ["years after its end", "change of leverage from the twin, %"],
        ([str(row["years_after"]), band(row["change"])] for row in rows),
    )


def _reach_table(rows: Sequence[Row]) -> str:
    """What a ban costs both sides, with and without the rule for third countries."""
    names = {
        "output_lost": "output lost",
        "cost_paid": "cost paid",
        "gdp_share": "GDP, worst year",
        "sales_lost": "sender's sales to the target lost",
        "exports_lost": "sender's exports lost",
    }
    return table(
        ["rule", "compliance", *names.values()],
        (
            [
                "yes" if row["rule"] else "no",
                "–" if row["compliance"] is None else short(row["compliance"]),
                *(band(row[name]) for name in names),
            ]
            for row in rows
        ),
    )


def _frozen_table(rows: Sequence[Row]) -> str:
    """Power and share year by year under a restriction that stays as it is."""
    return table(
        ["", "year", "power", "share"],
        (
            [row["element"], str(row["year"]), band(row["power"]), band(row["share"])]
            for row in rows
        ),
    )


def _lasting(rows: Sequence[Row]) -> str:
    """How long the power of each frozen restriction lasts, in words."""
    by_element = {row["element"]: row for row in rows}
    return "; ".join(
        (
            f"{name}: {band(row['lasts'])} years from the peak to half of it, never within ten "
            f"years in {row['never_halves']:.0%} of the draws"
        )
        for name, row in by_element.items()
    )
