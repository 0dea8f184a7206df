"""What public money, a government's stockpile and a tariff come to over many histories: drawn on or
not, for plants that would be begun anyway or not, in time or too late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from coercivity.experiments.lab import paired
from coercivity.experiments.lab.levers import find_lever, is_lever
from coercivity.experiments.lab.paired import LEAST, Account, Pairs, Reserve
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.names import government_of
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.lab_answer import Question
from coercivity.viz.words.language import Name, noted, numeral, say
from coercivity.viz.words.money import millions
from coercivity.viz.words.names import named_in_sentence
from coercivity.viz.words.why_records import Cause, typically

GOODS: Final = 2  # of a stockpile that are told
MONEY: Final[Mapping[str, str]] = {  # kinds of public support, in a sentence
    "loan": noted("loans"),
    "grant": noted("grants"),
    "equity": noted("purchases of shares"),
    "tax_credit": noted("tax credits"),
    "offtake": noted("purchases of what stays unsold"),
    "price_floor": noted("payments under the floor"),
}
TARIFFS: Final = ("tariff", "import_tariff")  # what a lever does, and kind of act


def money(pairs: Pairs) -> Iterator[Cause]:
    """What the acts of support that the twin goes without are drawn on for."""
    for one in paired.accounts(pairs):
        if one.kind not in MONEY:
            continue
        of: dict[str, object] = {"what": say(MONEY[one.kind]), "of": one.of}
        if 2 * one.drawn <= one.of:
            if pairs.is_whole or pairs.is_cut:  # what is not drawn on in two years may be later
                yield Cause(_not_drawn(one, of))
            continue
        wording = (
            noted(
                "In {times} of {of} histories money is paid under the floor, typically {sum} of "
                "{offered}."
            )
            if one.kind == "price_floor"
            else noted(
                "In {times} of {of} histories the {what} are drawn on, typically with {sum} of "
                "{offered}."
            )
        )
        yield Cause(
            say(
                wording,
                times=one.drawn,
                sum=millions(one.paid),
                offered=millions(one.offered),
                **of,
            )
        )
        yield Cause(_bought(pairs, one, of))
        if one.kind in paired.CAPEX and 2 * one.late > one.drawn:
            yield Cause(
                say(
                    "In {times} of {of} histories no new plant that is paid for with these {what} "
                    "opens within the two years that are counted.",
                    times=one.late,
                    **of,
                )
            )


def _not_drawn(one: Account, of: Mapping[str, object]) -> str:
    """Money that nobody gets in most histories, and why."""
    left = one.of - one.drawn
    if one.kind == "price_floor" and 2 * one.above > left:
        return say(
            "In {times} of {of} histories nothing is paid under the floor: the price is never "
            "below it.",
            times=one.above,
            of=one.of,
        )
    if 2 * one.none > left:
        return say(
            "In {times} of {of} histories nobody draws on the {what}: no plant that they could "
            "pay for is begun once they are there.",
            times=one.none,
            **of,
        )
    return say("In {times} of {of} histories nobody draws on the {what}.", times=left, **of)


def _bought(pairs: Pairs, one: Account, of: Mapping[str, object]) -> str:
    """Whether more of the plants that money is for are begun than without it, and open."""
    which = paired.is_for(one.covers, one.begins)
    opens = paired.opening(pairs, which)
    begun, opened = paired.counted(pairs, which), paired.counted(pairs, opens)
    (here, there), (open_here, open_there) = (
        paired.typical(pairs, each) for each in (which, opens)
    )
    if begun is None or not begun.stands_out:
        return _anyway(one, here, there, of)
    more = begun.more > begun.less
    beside = typically(f"{here:.0f}", f"{there:.0f}", (here > there) is more)
    if not more:
        wording = noted(
            "In {times} of {of} histories fewer of the plants that these {what} are for are begun "
            "than without it{beside}."
        )
    elif not pairs.is_whole:
        wording = noted(
            "In {times} of {of} histories more of the plants that these {what} are for are begun "
            "within the two years than without it{beside}."
        )
    elif opened is not None and opened.stands_out and opened.more > opened.less:
        wording = noted(
            "In {times} of {of} histories more of the plants that these {what} are for are begun "
            "than without it{beside}, and in {opening} of {of} more of them open{then}."
        )
    else:
        wording = noted(
            "In {times} of {of} histories more of the plants that these {what} are for are begun "
            "than without it{beside}, but no more of them open than luck would have: the others "
            "are given up, or are not ready by the end."
        )
    return say(
        wording,
        times=max(begun.more, begun.less),
        beside=beside,
        opening=opened.more if opened else 0,
        then=typically(f"{open_here:.0f}", f"{open_there:.0f}", open_here > open_there),
        **of,
    )


def _anyway(one: Account, here: float, there: float, of: Mapping[str, object]) -> str:
    """Money for plants that luck brings as often."""
    if one.new and 2 * one.anyway > one.drawn:
        return say(
            "In {times} of {of} histories every new plant that is paid for with these {what} is "
            "begun without it too.",
            times=one.anyway,
            **of,
        )
    return say(
        "No more of the plants that these {what} are for are begun than luck would have, typically "
        "{here}, and {there} without it ({of} histories).",
        here=f"{here:.0f}",
        there=f"{there:.0f}",
        **of,
    )


# ---------------------------------------------------------------- a government's stockpile


def stockpile(pairs: Pairs, asked: Question) -> Iterator[Cause]:
    """What the stockpile of the state's government gives out, good by good, the most first."""
    held = (
        one
        for one in paired.stockpiles(pairs)
        if 2 * max(one.given, one.gone, one.untouched) > one.of
    )
    for one in islice(held, GOODS):
        yield Cause(_served(one, asked))


def _served(one: Reserve, asked: Question) -> str:
    holder = government_of(asked.state)
    of: dict[str, object] = {
        "of": one.of,
        "good": named_in_sentence(one.good),
        "state": Name(holder),
        "most": numeral(f"{one.most:,.0f}"),
    }
    if holder != asked.state:
        return _served_together(one, asked, of)
    if one.given >= max(one.gone, one.untouched):
        return say(
            "In {times} of {of} histories the state stockpile of {good} in {state} serves users "
            "within the two years, typically with {tonnes} t of {most} t, the first in {month}.",
            times=one.given,
            tonnes=numeral(f"{one.tonnes:,.0f}"),
            month=date_said(month_name(asked.start, one.month)),
            **of,
        )
    if one.gone > one.untouched:
        return say(
            "In {times} of {of} histories the state stockpile of {good} in {state}, typically "
            "{most} t, has been given out before the count begins.",
            times=one.gone,
            **of,
        )
    return say(
        "In {times} of {of} histories the state stockpile of {good} in {state}, typically {most} "
        "t, is not touched within the two years: its users are served by their sellers.",
        times=one.untouched,
        **of,
    )


def _served_together(one: Reserve, asked: Question, of: Mapping[str, object]) -> str:
    """The same of a stockpile that several states hold together, and whose users it serves."""
    if one.given >= max(one.gone, one.untouched):
        return say(
            "In {times} of {of} histories the stockpile of {good} of {state} serves users in its "
            "states within the two years, typically with {tonnes} t of {most} t in all of them "
            "together, the first in {month}.",
            times=one.given,
            tonnes=numeral(f"{one.tonnes:,.0f}"),
            month=date_said(month_name(asked.start, one.month)),
            **of,
        )
    if one.gone > one.untouched:
        return say(
            "In {times} of {of} histories the stockpile of {good} of {state}, typically {most} t "
            "in all its states together, has been given out before the count begins.",
            times=one.gone,
            **of,
        )
    return say(
        "In {times} of {of} histories the stockpile of {good} of {state}, typically {most} t in "
        "all its states together, is not touched within the two years: its users are served by "
        "their sellers.",
        times=one.untouched,
        **of,
    )


# ---------------------------------------------------------------- a tariff


def tariff(pairs: Pairs, asked: Question) -> Iterator[Cause]:
    """Whether anybody pays a tariff that the twin goes without."""
    does = {find_lever(name).role if is_lever(name) else name for name in asked.moved}
    if not does.intersection(TARIFFS):
        return
    more = [mine.tariffs - twin.tariffs for mine, twin in pairs.soon.values()]
    paid, of = sum(one >= LEAST for one in more), len(more)
    if 2 * paid <= of:
        yield Cause(
            say(
                "In {times} of {of} histories hardly anybody pays the tariff within the two years: "
                "it binds nobody.",
                times=of - paid,
                of=of,
            )
        )
        return
    typically = sorted(one for one in more if one >= LEAST)[paid // 2]
    yield Cause(
        say(
            "In {times} of {of} histories the tariff is paid, typically {sum} within the two "
            "years.",
            times=paid,
            of=of,
            sum=millions(typically),
        )
    )
