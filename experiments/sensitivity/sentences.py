"""The sentences that numbers allow: each is made from indices and their intervals, and says no more
than the intervals do.

Rules: an order is stated only where intervals do not overlap; an effect only where its interval
leaves zero (or what luck gets); "negligible" only where the whole interval is small; a pair only at
an interval widened for the number of pairs looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from coercivity.experiments.sensitivity.corner import Corner
from coercivity.experiments.sensitivity.indices import LEVEL, Index, Indices
from coercivity.experiments.sensitivity.replications import Luck, percent
from coercivity.experiments.sensitivity.tornado import Swing, Tornado
from coercivity.experiments.sweep.sampling import LEAST_SAMPLES

# share of the variance (or of the largest effect) below which a parameter is called negligible
SMALL: Final = 0.05
MOST_NAMED: Final = 4  # parameters in a sentence
FEWEST_SAMPLES: Final = LEAST_SAMPLES["sobol"]
FEWEST_TRAJECTORIES: Final = LEAST_SAMPLES["morris"]
# a 95% interval of this width of the largest total effect says hardly more than that there is one
WIDE: Final = 0.5
STILL_LUCK: Final = 0.1  # share of the variance of point means that is luck from which it is said
RANGES: Final = "Over these ranges"


def number(value: float) -> str:
    """A number for a sentence: three digits, thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def join_names(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def interval(row: Index, unit: str = "") -> str:
    """Value with its interval."""
    return (
        f"{number(row.value)}{unit and ' ' + unit}, 95% interval {number(row.low)} to "
        f"{number(row.high)}"
    )


def leaders(rows: Sequence[Index]) -> list[Index]:
    """The largest and every other whose interval reaches into its own."""
    return [row for row in rows if row is rows[0] or row.high >= rows[0].low]


def luck_sentence(luck: Luck | None, seeds: int) -> str:
    """How much of single runs is luck."""
    if luck is None:
        why = "one seed a point" if seeds < 2 else "nothing varies"
        return f"How much of this is luck cannot be said ({why})."
    text = (
        f"Luck alone (the seed) gives {percent(luck.share)} (95% interval {percent(luck.low)} "
        f"to {percent(luck.high)}) of the variance of single runs"
    )
    if luck.left > STILL_LUCK:
        text += (
            f", and {percent(luck.left)} of that of means over {luck.seeds} seeds, in which it "
            "looks like parameters that act together"
        )
    return text + "."


def sobol_sentences(label: str, indices: Indices) -> list[str]:
    """What total and first order allow, then the pairs."""
    if indices.groups < FEWEST_SAMPLES:
        return [
            (
                f"{indices.groups} base samples are too few for a statement; run at least "
                f"{FEWEST_SAMPLES}, 256 is a good number."
            )
        ]
    totals, firsts = indices.measured("total"), {row.of: row for row in indices.measured("first")}
    said = [_largest_effect_sentence(label, totals, "total effect", 0.0)]
    sharp = totals[0].high - totals[0].low < WIDE
    if not sharp:
        said.append(
            f"With {indices.groups} base samples the intervals are wide: no statement on "
            "sizes; run more."
        )
    elif totals[0].low > 0.0:
        for row in leaders(totals)[:MOST_NAMED]:
            least, most = row.low - firsts[row.of].high, row.high - firsts[row.of].low
            if least > 0.0:
                said.append(
                    f"At least {percent(least)} of the variance is {row.of[0]} at work "
                    "together with other parameters."
                )
            elif most < SMALL:
                said.append(
                    f"{row.of[0]} acts by itself: at most {percent(max(0.0, most))} of the "
                    "variance is its interplay with others."
                )
    small = [row.of[0] for row in totals if row.high < SMALL and sharp]
    if small:
        said.append(
            f"Each of these gives less than {percent(SMALL)} of the variance, interplay "
            f"included: {join_names(sorted(small))}."
        )
    pairs = indices.measured("second")
    if pairs:
        wider = _interval_widening(len(pairs))
        sure = [row for row in pairs if row.value - wider * (row.value - row.low) > 0.0]
        shown = "; ".join(
            f"{row.of[0]} with {row.of[1]} ({number(row.value)})" for row in sure[:MOST_NAMED]
        )
        none = f"No pair of parameters can be shown to act together (of {len(pairs)} looked at)."
        said.append(
            f"Pairs that act together, at intervals widened for {len(pairs)} pairs: {shown}."
            if sure
            else none
        )
    return said


def morris_sentences(label: str, unit: str, indices: Indices) -> list[str]:
    """What a screening allows: a ranking, not shares of the variance."""
    if indices.groups < FEWEST_TRAJECTORIES:
        return [
            (
                f"{indices.groups} trajectories are too few for a statement; run at least "
                f"{FEWEST_TRAJECTORIES}, 10 to 20 are usual."
            )
        ]
    rows = indices.measured("mu_star")
    mean, spread = (
        {row.of: row.value for row in indices.measured(name)} for name in ("mu", "sigma")
    )
    said = [
        _largest_effect_sentence(label, rows, "mean effect of a move across its range", 0.0, unit)
    ]
    if rows[0].low <= 0.0:
        return said
    lead = leaders(rows)[:MOST_NAMED]
    depends = [row.of[0] for row in lead if spread[row.of] > row.value]
    one_way = [
        f"{row.of[0]} ({'up' if mean[row.of] > 0 else 'down'})"
        for row in lead
        if abs(mean[row.of]) > 0.9 * row.value and row.low > 0.0
    ]
    if depends:
        said.append(
            f"How strongly {join_names(depends)} {'acts' if len(depends) == 1 else 'act'} "
            "depends on where the other parameters stand (sigma above mu*)."
        )
    if one_way:
        said.append(f"Nearly always in one direction as it rises: {join_names(one_way)}.")
    small = [row.of[0] for row in rows if row.high < SMALL * rows[0].low]
    if small:
        shown = (
            join_names(sorted(small))
            if len(small) <= MOST_NAMED
            else f"{len(small)} of {len(rows)} parameters"
        )
        said.append(
            f"Mean effects below {percent(SMALL)} of the largest: {shown}. A screening "
            "ranks; it does not share out a variance."
        )
    return said


def density_sentences(label: str, indices: Indices) -> list[str]:
    """What delta or PAWN allows: parameters that stand out from columns of luck."""
    rows, floor = indices.measured(indices.method), indices.floor or 0.0
    said = [_largest_effect_sentence(label, rows, indices.method, floor)]
    above = [row.of[0] for row in rows if row.low > floor]
    if above and len(above) < len(rows):
        said.append(
            f"{len(rows) - len(above)} of {len(rows)} parameters cannot be told from "
            f"columns of pure luck (up to {number(floor)} with {indices.points} points)."
        )
    return said


def tornado_sentences(label: str, unit: str, tornado: Tornado) -> list[str]:
    """What one-at-a-time moves allow; nothing about interplay."""
    sure = [swing for swing in tornado.swings if swing.certain]
    where = f"From a base of {number(tornado.base)} {unit}".rstrip()
    if not sure:
        return [
            (
                f"{where}, no parameter moved alone shifts '{label}' in one direction in 5% to "
                f"95% of the {tornado.seeds} worlds."
            )
        ]
    first, others = sure[0], [swing for swing in tornado.swings if swing is not sure[0]]
    same = [
        swing.parameter for swing in others if _reach(swing) >= min(abs(end) for end in _arm(first))
    ]
    value = first.high_value if _arm(first) is first.high_band else first.low_value
    effect = first.high if _arm(first) is first.high_band else first.low
    words = (
        f"{first.parameter} at {number(value)} shifts '{label}' by {effect:+.3g} {unit}".rstrip()
    )
    text = (
        f"{where}, {words} ({_arm(first)[0]:+.3g} to {_arm(first)[1]:+.3g} over {tornado.seeds} "
        "worlds)"
    )
    if same:
        shown = join_names(same) if len(same) <= MOST_NAMED else f"{len(same)} others"
        return [
            f"{text}; no statement that this is the most: the band of {shown} reaches as far.",
            _ALONE,
        ]
    return [f"{text}, more than any other parameter moved alone.", _ALONE]


_ALONE: Final = (
    "One parameter at a time, the others at their base: nothing is said about parameters that "
    "act together."
)


def corner_sentences(corner: Corner) -> list[str]:
    """What a corner allows: its box where luck seldom gives one as good, else that there is no
    statement.
    """
    base = (
        f"'{corner.condition}' holds in {percent(corner.base_rate)} of the {corner.points} points"
    )
    if not corner.found:
        return [
            (
                f"{base}. No box on few parameters is told from luck (a shuffled target gives "
                f"one as good in {percent(corner.as_good)} of the draws): no statement."
            )
        ]
    box = " and ".join(
        f"{bound.parameter} {'at least' if bound.side == 'low' else 'at most'} "
        f"{number(bound.value)}"
        for bound in corner.bounds
    )
    said = [
        (
            f"{base}, and in {percent(corner.density)} of those with {box}; that box holds "
            f"{percent(corner.coverage)} of all such points."
        ),
        "Boxes made on one half of the points and measured on the other: density "
        f"{percent(corner.held_out_density)}, "
        f"coverage {percent(corner.held_out_coverage)} (medians). "
        f"A shuffled target gives a box as good in at most {percent(corner.as_good)} of the draws.",
    ]
    weak = [
        f"{bound.parameter} ({'low' if bound.side == 'low' else 'high'})"
        for bound in corner.bounds
        if bound.again < 0.5
    ]
    if weak:
        said.append(
            f"No weight on the bound of {join_names(weak)}: fewer than half of the half "
            "samples find it again."
        )
    return said


def _largest_effect_sentence(
    label: str, rows: Sequence[Index], what: str, floor: float, unit: str = ""
) -> str:
    top = rows[0]
    if top.low <= floor:
        than = "zero" if floor == 0.0 else f"luck (up to {number(floor)})"
        return (
            f"{RANGES}, no parameter can be said to move '{label}': the largest, {top.of[0]} "
            f"({what} {interval(top, unit)}), is not told from {than}."
        )
    lead = leaders(rows)
    if len(lead) == 1:
        return f"{RANGES}, {top.of[0]} moves '{label}' most ({what} {interval(top, unit)})."
    if len(lead) <= MOST_NAMED:
        names = [row.of[0] for row in lead]
        shown = "; ".join(f"{row.of[0]} {interval(row, unit)}" for row in lead)
        return (
            f"{RANGES}, the parameter that moves '{label}' most is one of {join_names(names)}, no "
            f"statement on their order: intervals overlap ({what}: {shown})."
        )
    others = f"the intervals of {len(lead) - 1} others overlap with it"
    return (
        f"{RANGES}, {top.of[0]} moves '{label}' ({what} {interval(top, unit)}); no statement "
        f"that it moves it most: {others}."
    )


def _interval_widening(count: int) -> float:
    """Factor from a 95% interval to one that holds for *count* of them together (Bonferroni)."""
    from scipy.stats import norm

    return float(norm.ppf(1.0 - (1.0 - LEVEL) / 2 / count) / norm.ppf(0.5 + LEVEL / 2))


def _arm(swing: Swing) -> tuple[float, float]:
    """Band of the larger effect."""
    return swing.low_band if abs(swing.low) > abs(swing.high) else swing.high_band


def _reach(swing: Swing) -> float:
    """How far the bands of a swing reach from the base."""
    return max(abs(end) for end in (*swing.low_band, *swing.high_band))
