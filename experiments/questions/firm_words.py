"""A month of one firm in words: what it saw, what it chose, what it rejected. Numbers in, sentences
out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from coercivity.agents.tables import MOTHBALLED, OPEN, OPTION
from coercivity.model.results.event_tables import words

if TYPE_CHECKING:
    from coercivity.experiments.questions.firm_month import (
        FirmMonth,
        InputChoice,
        Paper,
        ProjectLook,
        Supplier,
    )

Words = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


class Halt(str):
    """A line that tells that a firm halts or runs short: pages tell it of no real firm by name."""

    __slots__ = ()


FELT: Final = 0.05  # alarm or distrust below it is not told
PART: Final = 0.03  # smaller parts of an order are not named
MANY: Final = 3  # suppliers named on either side
SMALL: Final = 0.10  # a supplier that is given less than this part counts as rejected
LEAST: Final = 1e-9
DONE: Final = {
    "build": "built",
    "wait": "waited",
    "go on": "went on building",
    "give up": "gave up",
}


def month_in_words(
    month: FirmMonth,
    states: Sequence[str],
    *,
    maker: bool,
    looked: tuple[str, ProjectLook] | None = None,
) -> Words:
    """(saw, chose, rejected). states: names of those that the month numbers; maker: whether the
    firm sells what it makes to other firms; looked: when its owner last looked at a project, with
    what result.
    """
    if month.status == OPTION and month.capacity <= LEAST:
        return _not_built(month, looked)
    saw, chose = _belief_sentences(month, states, maker), _chose(month, states, maker)
    return tuple(saw), tuple(chose), tuple(_rejected_suppliers(month, states))


def _not_built(month: FirmMonth, looked: tuple[str, ProjectLook] | None) -> Words:
    look = month.look
    under_way = month.building > LEAST and not (look and look.done == "build")
    saw = [
        f"A plant of {_tonnes(12 * month.building)} t a year under way."
        if under_way
        else "A plan, no plant."
    ]
    if look is None:
        last = (
            (
                f" {looked[0]}: value {looked[1].value:.2f} of the cost, hurdle "
                f"{looked[1].hurdle:.2f}; it {DONE[looked[1].done]}."
            )
            if looked
            else ""
        )
        return tuple(saw), (f"Owners look once a year.{last}",), ()
    saw.append(
        f"Expected earnings over the cost of building: {look.value:.2f}. Asked for in this "
        f"uncertainty: {look.hurdle:.2f}."
    )
    chose = {
        "build": f"Builds {_tonnes(12 * month.built)} t a year.",
        "wait": "Waits.",
        "go on": "Goes on building.",
        "give up": "Gives the project up.",
    }
    return tuple(saw), (chose[look.done],), (_other_way(look),)


def _other_way(look: ProjectLook) -> str:
    if look.done == "build":
        return f"Waiting: the value clears the hurdle by {look.value - look.hurdle:.2f}."
    if look.done == "wait":
        return f"Building: the value is {look.hurdle - look.value:.2f} short of the hurdle."
    return (
        "Giving up."
        if look.done == "go on"
        else f"Going on: the value is {look.value:.2f} of the cost, and money or luck ran out."
    )


def _belief_sentences(month: FirmMonth, states: Sequence[str], maker: bool) -> list[str]:
    felt = [
        (state, alarm, distrust)
        for state, alarm, distrust in month.beliefs
        if max(alarm, distrust) >= FELT
    ]
    felt.sort(key=lambda row: -max(row[1:]))
    out = [
        f"{states[state]}: alarm {_share(alarm)}, distrust {_share(distrust)}."
        for state, alarm, distrust in felt[:MANY]
    ]
    if month.needs and not felt:
        out.append("No alarm about the states of its suppliers.")
    out += [_need_sentence(need) for need in month.needs]
    out += [
        _licence_answer_sentence(paper) for paper in month.papers if paper.outcome or paper.filed
    ]
    if maker:
        change = (
            ""
            if math.isnan(month.price)
            else f"It asks {month.price:.2f} times the price of the start; "
        )
        out.append(f"{change}{'margin' if change else 'Margin'} {_share(month.margin)} over cost.")
    return out


def _need_sentence(need: InputChoice) -> str:
    cover = need.stock / need.expected if need.expected > LEAST else math.nan
    stock = "uses none" if math.isnan(cover) else f"{cover:.1f} months of use in stock"
    price = need.paid / need.reference
    price_words = "usual price" if abs(price - 1.0) < 0.05 else f"price {price:.2f} times the usual"
    return (
        f"{_capitalise_first(words(need.good))}: {stock}, {_share(need.fill)} of its orders "
        "delivered, "
        f"{price_words}."
    )


def _licence_answer_sentence(paper: Paper) -> str:
    """What the office says of an application, or that it says nothing."""
    of = f"Licence for {words(paper.good)} from {paper.supplier}"
    said = {
        "granted": f"granted, {_tonnes(paper.covers + paper.went)} t may go in all",
        "refused": "refused",
        "returned": "returned, more papers are asked for",
        "lapsed": "the application has lapsed",
        "passed over": "laid aside, as the firm is on a watch list",
    }
    if paper.outcome:
        return f"{of}: {said[paper.outcome]}."
    months = "month" if paper.filed == 1 else "months"
    return f"{of}: no answer for {paper.filed} {months}, {paper.place} applications before it."


def _chose(month: FirmMonth, states: Sequence[str], maker: bool) -> list[str]:
    out: list[str] = []
    if month.status == OPTION:
        return ["Builds; nothing runs yet."]
    if month.status not in (OPTION, OPEN):
        why = "mothballed" if month.status == MOTHBALLED else "its owner is bankrupt"
        return [Halt(f"The plant stands: {why}.")]
    out += [_order(need, states) for need in month.needs]
    out += [
        f"Applies for a licence for {_tonnes(paper.applied)} t of {words(paper.good)} from "
        f"{paper.supplier}."
        for paper in month.papers
        if paper.applied > LEAST and not paper.filed
    ]
    out += [
        f"Under its licence {_tonnes(paper.went)} t of {words(paper.good)} leave {paper.supplier}; "
        f"{_tonnes(paper.covers)} t may still go in {paper.months} months."
        for paper in month.papers
        if paper.went > LEAST
    ]
    short = month.plan > LEAST and month.run < 0.999 * month.plan
    missing = [words(need.good) for need in month.needs if need.lacking]
    pace = (
        f"{_share(month.run / month.plan)} of what it wants to"
        if month.plan > LEAST
        else "not at all"
    )
    if short and month.run <= 0.005 * month.plan:
        out.append(Halt(f"The line stands: no {' and no '.join(missing) or 'capacity'}."))
    elif short:
        lacking = f"{' and '.join(missing)} lacking" if missing else "no more capacity"
        out.append(Halt(f"Runs at {pace}; {lacking}."))
    elif maker:
        out.append(
            f"Runs {_tonnes(month.run)} t of {_tonnes(month.capacity)} t a month that it could."
        )
    else:
        out.append(f"Runs as planned, at {month.run:.2f} times the output of the start.")
    saved = [
        f"{words(need.good)} {need.saving - 1.0:+.0%}"
        for need in month.needs
        if abs(need.saving - 1.0) >= 0.02
    ]
    if saved:
        out.append(f"Uses per unit, against the start: {', '.join(saved)}.")
    if month.built > LEAST and maker:
        out.append(f"Begins to build {_tonnes(12 * month.built)} t a year more.")
    return out


def _order(need: InputChoice, states: Sequence[str]) -> str:
    if need.ordered <= LEAST:
        return (
            f"Orders no {words(need.good)}: what it has and what is on its way is enough for "
            f"{need.target:.1f} months."
        )
    parts = sorted((s for s in need.suppliers if s.share >= PART), key=lambda s: -s.share)
    shares = ", ".join(f"{name_supplier(s, states)} {_share(s.share)}" for s in parts[:MANY])
    rest = len(parts) - MANY
    habit = need.target / need.habit if need.habit > LEAST else 1.0
    aim = f"aims at {need.target:.1f} months of stock" + (
        f", {habit:.1f} times its habit" if abs(habit - 1.0) >= 0.1 else ""
    )
    more = f" and {rest} more" if rest > 0 else ""
    return (
        f"Orders {_tonnes(need.ordered)} t of {words(need.good)} (expects to use "
        f"{_tonnes(need.expected)} t), {aim}: {shares}{more}."
    )


def _rejected_suppliers(month: FirmMonth, states: Sequence[str]) -> list[str]:
    """Suppliers that get little or nothing, of the inputs that are tightest, each with what counts
    most against it.
    """
    tight = sorted(
        month.needs,
        key=lambda need: (need.stock / max(need.target * need.expected, LEAST), need.good),
    )
    out = []
    for need in tight[:2]:
        others = [s for s in need.suppliers if s.share < SMALL and s.state_of != "planned"]
        others.sort(key=lambda s: (not s.qualified, -s.share, -s.weight))
        for supplier in others[:MANY]:
            out.append(
                f"{_capitalise_first(words(need.good))} from {name_supplier(supplier, states)}, "
                f"{supplier.share:.1%} "
                f"of the order: {reason(supplier, need.suppliers, states)}."
            )
        if not others:
            planned = sum(s.state_of == "planned" for s in need.suppliers)
            out.append(
                f"{_capitalise_first(words(need.good))}: nobody else sells it to this firm"
                + (f"; {planned} plants are planned." if planned else ".")
            )
    if month.look is not None:
        out.append(_other_way(month.look))
    return out


def reason(supplier: Supplier, among: tuple[Supplier, ...], states: Sequence[str]) -> str:
    """What counts most against a supplier: it is shut, unqualified, or the factor of its pull that
    lies furthest below that of those who get the order.
    """
    if supplier.state_of == "closed":
        return "its plant is closed"
    if not supplier.qualified:
        return f"not qualified, {supplier.sought:.0f} of {supplier.qualify:.0f} months done"
    if supplier.turned_away >= 0.5:
        return f"turned away from suppliers in {states[supplier.state]}"
    mine = _factors(supplier)
    total = sum(other.share for other in among)
    mean = {
        name: sum(other.share * _factors(other)[name] for other in among) / max(total, LEAST)
        for name in mine
    }
    name, gap = min(((name, mine[name] - mean[name]) for name in mine), key=lambda item: item[1])
    if gap > -0.05:
        return "as good as others, but ties are new and move slowly"
    return {
        "cost": f"at {supplier.cost:.2f} times its price of the start"
        if supplier.cost < 10
        else f"at {supplier.cost:.0f} times its price of the start",
        "aversion": (
            f"distrusted, which takes {_share(1.0 - math.exp(-supplier.aversion))} of its pull"
        ),
        "fill": f"delivers {_share(supplier.fill)} of what is ordered",
        "weight": "few ties with it",
    }[name]


def _factors(supplier: Supplier) -> dict[str, float]:
    """The logs of the factors of a supplier's pull, as `sourcing_target` multiplies them."""
    return {
        "cost": -supplier.sensitivity * math.log(max(supplier.cost, LEAST)),
        "aversion": -supplier.aversion,
        "fill": math.log(min(max(supplier.fill, 0.02), 1.0)),
        "weight": math.log(max(supplier.weight, LEAST)),
    }


def name_supplier(supplier: Supplier, states: Sequence[str]) -> str:
    """A supplier with its state, unless its name says where it stands."""
    state = states[supplier.state]
    return supplier.name if state in supplier.name else f"{supplier.name} ({state})"


def _share(value: float) -> str:
    return f"{value:.0%}"


def _tonnes(value: float) -> str:
    """Three digits, no exponent: 0.0412, 4.12, 412, 41,200."""
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}" if value > LEAST else "0"


def _capitalise_first(text: str) -> str:
    return text[:1].upper() + text[1:]
