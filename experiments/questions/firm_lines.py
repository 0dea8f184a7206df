"""What is worth telling of a month of one firm: what it saw, what it chose, what it rejected.
Numbers in, lines out; `viz/words/firm_text.py` has a sentence for each id.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, Union

from coercivity.agents.tables import MOTHBALLED, OPEN, OPTION

if TYPE_CHECKING:
    from coercivity.experiments.questions.firm_month import (
        FirmMonth,
        InputChoice,
        Paper,
        ProjectLook,
        Supplier,
    )

Value: TypeAlias = Union[str, float, "Line", tuple["Line", ...], tuple[str, ...]]
FELT: Final = 0.05  # alarm or distrust below it is not told
PART: Final = 0.03  # smaller parts of an order are not named
MANY: Final = 3  # suppliers named on either side
SMALL: Final = 0.10  # a supplier that is given less than this part counts as rejected
LEAST: Final = 1e-9


@dataclass(frozen=True)
class Line:
    """Something that a firm saw, chose or rejected: which sentence it is (`id`) and what that names
    by field. runs: it tells how the firm runs, which pages tell of no real firm by
    name.
    """

    id: str
    fields: Mapping[str, Value]
    runs: bool = False

    @classmethod
    def of(cls, id: str, /, *, runs: bool = False, **fields: Value) -> Line:
        """Return the line with this id and these fields."""
        return cls(id, fields, runs)


Lines: TypeAlias = tuple[tuple[Line, ...], tuple[Line, ...], tuple[Line, ...]]


def month_lines(
    month: FirmMonth,
    states: Sequence[str],
    *,
    maker: bool,
    looked: tuple[str, ProjectLook] | None = None,
) -> Lines:
    """(saw, chose, rejected). states: names of those that the month numbers; maker: whether the
    firm sells what it makes to other firms; looked: when its owner last looked at a project, with
    what result.
    """
    if month.status == OPTION and month.capacity <= LEAST:
        return _not_built(month, looked)
    return (
        (*_beliefs(month, states), *_seen(month, maker)),
        tuple(_chosen(month, states, maker)),
        tuple(_rejected(month, states)),
    )


def _not_built(month: FirmMonth, looked: tuple[str, ProjectLook] | None) -> Lines:
    look = month.look
    under_way = month.building > LEAST and not (look and look.done == "build")
    plan = Line.of("plan.building" if under_way else "plan", size=12 * month.building)
    if look is None:
        if looked is None:
            return (plan,), (Line.of("no_look"),), ()
        when, last = looked
        did = Line.of(f"did.{last.done}")
        told = Line.of("no_look.last", month=when, value=last.value, hurdle=last.hurdle, did=did)
        return (plan,), (told,), ()
    saw = Line.of("look", value=look.value, hurdle=look.hurdle)
    chose = Line.of(f"project.{look.done}", size=12 * month.built)
    return (plan, saw), (chose,), (_other_way(look),)


def _other_way(look: ProjectLook) -> Line:
    above, short = look.value - look.hurdle, look.hurdle - look.value
    return Line.of(f"instead_of.{look.done}", value=look.value, above=above, short=short)


def _beliefs(month: FirmMonth, states: Sequence[str]) -> list[Line]:
    felt = [row for row in month.beliefs if max(row[1:]) >= FELT]
    felt.sort(key=lambda row: -max(row[1:]))
    if month.needs and not felt:
        return [Line.of("no_alarm")]
    return [
        Line.of("belief", state=states[state], alarm=alarm, distrust=distrust)
        for state, alarm, distrust in felt[:MANY]
    ]


def _seen(month: FirmMonth, maker: bool) -> Iterator[Line]:
    for need in month.needs:
        used, price = need.expected > LEAST, need.paid / need.reference
        yield Line.of(
            "input",
            good=need.good,
            stock=Line.of("stock", months=need.stock / need.expected)
            if used
            else Line.of("stock.unused"),
            fill=need.fill,
            price=Line.of("price.usual" if abs(price - 1.0) < 0.05 else "price", price=price),
        )
    yield from (_licence_answer(paper) for paper in month.papers if paper.outcome or paper.filed)
    if maker:
        id = "margin" if math.isnan(month.price) else "margin.asks"
        yield Line.of(id, price=month.price, margin=month.margin)


def _licence_answer(paper: Paper) -> Line:
    """What the office says of an application, or that it says nothing."""
    return Line.of(
        f"licence.{paper.outcome or 'waits'}",
        good=paper.good,
        supplier=paper.supplier,
        tonnes=paper.covers + paper.went,
        count=paper.filed,
        place=paper.place,
    )


def _chosen(month: FirmMonth, states: Sequence[str], maker: bool) -> Iterator[Line]:
    if month.status == OPTION:
        yield Line.of("builds")
        return
    if month.status != OPEN:
        yield Line.of("mothballed" if month.status == MOTHBALLED else "bankrupt", runs=True)
        return
    yield from (_order(need, states) for need in month.needs)
    for paper in month.papers:
        if paper.applied > LEAST and not paper.filed:
            yield Line.of("applies", tonnes=paper.applied, good=paper.good, supplier=paper.supplier)
    for paper in month.papers:
        if paper.went > LEAST:
            yield Line.of(
                "leaves",
                went=paper.went,
                good=paper.good,
                supplier=paper.supplier,
                covers=paper.covers,
                months=paper.months,
            )
    yield _run(month, maker)
    saved = tuple(
        Line.of("saving", good=need.good, change=need.saving - 1.0)
        for need in month.needs
        if abs(need.saving - 1.0) >= 0.02
    )
    if saved:
        yield Line.of("savings", saved=saved)
    if month.built > LEAST and maker:
        yield Line.of("expands", size=12 * month.built)


def _run(month: FirmMonth, maker: bool) -> Line:
    """How it runs: as it wants to, short of that, or not at all."""
    if not (month.plan > LEAST and month.run < 0.999 * month.plan):
        id = "runs" if maker else "runs.user"
        return Line.of(id, run=month.run, capacity=month.capacity, runs=True)
    missing = tuple(need.good for need in month.needs if need.lacking)
    if month.run <= 0.005 * month.plan:
        id = "halted" if missing else "halted.capacity"
    else:
        id = "short" if missing else "short.capacity"
    return Line.of(id, part=month.run / month.plan, missing=missing, runs=True)


def _order(need: InputChoice, states: Sequence[str]) -> Line:
    if need.ordered <= LEAST:
        return Line.of("order.none", good=need.good, target=need.target)
    parts = sorted((s for s in need.suppliers if s.share >= PART), key=lambda s: -s.share)
    rest = len(parts) - MANY
    habit = need.target / need.habit if need.habit > LEAST else 1.0
    return Line.of(
        "order.more" if rest > 0 else "order",
        ordered=need.ordered,
        good=need.good,
        expected=need.expected,
        aim=Line.of(
            "aim.habit" if abs(habit - 1.0) >= 0.1 else "aim", target=need.target, habit=habit
        ),
        shares=tuple(
            Line.of("share", seller=seller(s, states), share=s.share) for s in parts[:MANY]
        ),
        rest=rest,
    )


def _rejected(month: FirmMonth, states: Sequence[str]) -> Iterator[Line]:
    """Suppliers that get little or nothing, of the inputs that are tightest, each with what counts
    most against it.
    """
    tight = sorted(
        month.needs,
        key=lambda need: (need.stock / max(need.target * need.expected, LEAST), need.good),
    )
    for need in tight[:2]:
        others = [s for s in need.suppliers if s.share < SMALL and s.state_of != "planned"]
        others.sort(key=lambda s: (not s.qualified, -s.share, -s.weight))
        for supplier in others[:MANY]:
            yield Line.of(
                "rejected",
                good=need.good,
                seller=seller(supplier, states),
                share=supplier.share,
                reason=reason(supplier, need.suppliers, states),
            )
        if not others:
            planned = sum(s.state_of == "planned" for s in need.suppliers)
            id = "nobody_else.planned" if planned else "nobody_else"
            yield Line.of(id, good=need.good, planned=planned)
    if month.look is not None:
        yield _other_way(month.look)


def reason(supplier: Supplier, among: tuple[Supplier, ...], states: Sequence[str]) -> Line:
    """What counts most against a supplier: it is shut, unqualified, or the factor of its pull that
    lies furthest below that of those who get the order.
    """
    if supplier.state_of == "closed":
        return Line.of("reason.closed")
    if not supplier.qualified:
        return Line.of("reason.unqualified", sought=supplier.sought, qualify=supplier.qualify)
    if supplier.turned_away >= 0.5:
        return Line.of("reason.turned_away", state=states[supplier.state])
    mine = pull_factors(supplier)
    total = sum(other.share for other in among)
    mean = {
        name: sum(other.share * pull_factors(other)[name] for other in among) / max(total, LEAST)
        for name in mine
    }
    name, gap = min(((name, mine[name] - mean[name]) for name in mine), key=lambda item: item[1])
    if gap > -0.05:
        return Line.of("reason.ties")
    return Line.of(
        f"reason.{name}",
        cost=supplier.cost,
        lost=1.0 - math.exp(-supplier.aversion),
        fill=supplier.fill,
    )


def pull_factors(supplier: Supplier) -> dict[str, float]:
    """The logs of the factors of a supplier's pull, as `sourcing_target` multiplies them."""
    return {
        "cost": -supplier.sensitivity * math.log(max(supplier.cost, LEAST)),
        "aversion": -supplier.aversion,
        "fill": math.log(min(max(supplier.fill, 0.02), 1.0)),
        "weight": math.log(max(supplier.weight, LEAST)),
    }


def seller(supplier: Supplier, states: Sequence[str]) -> Line:
    """A supplier with its state, unless its name says where it stands."""
    state = states[supplier.state]
    return Line.of(
        "seller" if state in supplier.name else "seller.in", name=supplier.name, state=state
    )
