"""What public money, a government's stockpile and a tariff come to over many histories: drawn on or
not, for plants that would be begun anyway or not, in time or too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from coercivity.experiments.findings import pair_effects
from coercivity.experiments.findings.finding import Finding, find_typical_pair
from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.pair_effects import LEAST, Account, Pairs, Reserve
from coercivity.experiments.lab.levers import find_lever, is_lever
from coercivity.model.basis.calendar import month_name

GOODS: Final = 2  # of a stockpile that are told
FLOOR: Final = "price_floor"
# kinds of public support that are told
MONEY: Final = ("loan", "grant", "equity", "tax_credit", "offtake", FLOOR)
TARIFFS: Final = ("tariff", "import_tariff")  # what a lever does, and kind of act


def money(pairs: Pairs) -> Iterator[Finding]:
    """What the acts of support that the twin goes without are drawn on for."""
    for one in pair_effects.accounts(pairs):
        if one.kind not in MONEY:
            continue
        if 2 * one.drawn <= one.of:
            if pairs.is_whole or pairs.is_cut:  # what is not drawn on in two years may be later
                yield _not_drawn(one)
            continue
        yield Finding.of(
            "money.floor" if one.kind == FLOOR else "money.drawn",
            times=one.drawn,
            of=one.of,
            what=one.kind,
            sum=one.paid,
            offered=one.offered,
        )
        yield _find_plants_bought(pairs, one)
        if one.kind in pair_effects.CAPEX and 2 * one.late > one.drawn:
            yield Finding.of("money.late", times=one.late, of=one.of, what=one.kind)


def _not_drawn(one: Account) -> Finding:
    """Money that nobody gets in most histories, and why."""
    left = one.of - one.drawn
    if one.kind == FLOOR and 2 * one.above > left:
        return Finding.of("money.above_floor", times=one.above, of=one.of)
    if 2 * one.none > left:
        return Finding.of("money.no_plant", times=one.none, of=one.of, what=one.kind)
    return Finding.of("money.untouched", times=left, of=one.of, what=one.kind)


def _find_plants_bought(pairs: Pairs, one: Account) -> Finding:
    """Whether more of the plants that money is for are begun than without it, and open."""
    which = pair_effects.is_for(one.covers, one.begins)
    opens = pair_effects.opens_in_window(pairs, which)
    begun, opened = (
        pair_effects.plant_count_difference(pairs, which),
        pair_effects.plant_count_difference(pairs, opens),
    )
    here, there = pair_effects.typical_plant_counts(pairs, which)
    if begun is None or not begun.stands_out:
        if one.new and 2 * one.anyway > one.drawn:
            return Finding.of("money.anyway", times=one.anyway, of=one.of, what=one.kind)
        return Finding.of("money.by_luck", here=here, there=there, of=one.of, what=one.kind)
    more = begun.more > begun.less
    then = None
    if not more:
        id = "money.fewer"
    elif not pairs.is_whole:
        id = "money.soon"
    elif opened is not None and opened.stands_out and opened.more > opened.less:
        id, then = (
            "money.open",
            find_typical_pair(
                *pair_effects.typical_plant_counts(pairs, opens), "plants", more=True
            ),
        )
    else:
        id = "money.more"
    return Finding.of(
        id,
        times=max(begun.more, begun.less),
        of=one.of,
        what=one.kind,
        beside=find_typical_pair(here, there, "plants", more),
        opening=opened.more if opened else 0,
        then=then,
    )


# ---------------------------------------------------------------- a government's stockpile


def stockpile(pairs: Pairs, asked: FindingRequest) -> Iterator[Finding]:
    """What the stockpile of the state's government gives out, good by good, the most first."""
    held = (
        one
        for one in pair_effects.stockpiles(pairs)
        if 2 * max(one.given, one.gone, one.untouched) > one.of
    )
    for one in islice(held, GOODS):
        yield _find_stockpile_role(one, asked)


def _find_stockpile_role(one: Reserve, asked: FindingRequest) -> Finding:
    """What a stockpile does in most histories; some governments hold one for several states."""
    holder = asked.facts.government_of(asked.state)
    together = "" if holder == asked.state else "together."
    does = max((one.given, "serves"), (one.untouched, "stays"), (one.gone, "gone"), key=_first_item)
    return Finding.of(
        f"stockpile.{together}{does[1]}",
        times=does[0],
        of=one.of,
        good=one.good,
        state=holder,
        most=one.most,
        tonnes=one.tonnes,
        month=month_name(asked.start, one.month),
    )


def _first_item(of: tuple[int, str]) -> int:
    return of[0]


# ---------------------------------------------------------------- a tariff


def tariff(pairs: Pairs, asked: FindingRequest) -> Iterator[Finding]:
    """Whether anybody pays a tariff that the twin goes without."""
    does = {find_lever(name).role if is_lever(name) else name for name in asked.moved}
    if not does.intersection(TARIFFS):
        return
    more = [mine.tariffs - twin.tariffs for mine, twin in pairs.soon.values()]
    paid = sorted(one for one in more if one >= LEAST)
    times, of = len(paid), len(more)
    if 2 * times <= of:
        yield Finding.of("tariff.unpaid", times=of - times, of=of)
    else:
        yield Finding.of("tariff.paid", times=times, of=of, sum=paid[times // 2])
