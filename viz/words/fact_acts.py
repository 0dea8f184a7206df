"""Facts of acts and episodes in sentences (fact_text.py): acts, markets, licences, targets, what
governments can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.viz.words.beyond_record import MARKETS
from coercivity.viz.words.dates import date_in_words, span_in_words
from coercivity.viz.words.fact_names import (
    Row,
    Teller,
    actor_name,
    figure,
    good_in_sentence,
    join_parts,
    number,
    number_with_unit,
    percent,
    range_in_brackets,
    words,
)
from coercivity.viz.words.language import Name, list_names, noted, say, says
from coercivity.viz.words.record_text import SAMPLES, amount, subject


def timeline(row: Row) -> str:
    """An act or announcement."""
    what = join_parts(
        row["action"],
        row["severity_stated"] if row["severity_stated"] not in row["action"] else "",
        say("it covers {scope}", scope=row["scope"]) if row["scope"] else "",
        say("set off by: {trigger}", trigger=row["trigger"]) if row["trigger"] else "",
        say("officially: {framing}", framing=row["official_framing"])
        if row["official_framing"]
        else "",
    )
    when, actor = date_in_words(row["date"]), actor_name(row["actor"])
    if row["end_date"]:
        when = say("{first} until {last}", first=when, last=date_in_words(row["end_date"]))
    if row["targets"] in ("", "World"):
        return say("{when}, {actor}: {what}", when=when, actor=actor, what=what)
    return say(
        "{when}, {actor} towards {targets}: {what}",
        when=when,
        actor=actor,
        targets=actor_name(row["targets"]),
        what=what,
    )


def triggers(row: Row) -> str:
    """What provoked a government, and whether it answered with a measure."""
    if row["instrument"] == "none":
        wording = noted(
            "{date}: {text}; {provoker} provoked {provoked} on {issue} (severity {severity} of 1), "
            "and no measure on minerals followed"
        )
    elif row["lag_days"] is not None:
        wording = noted(
            "{date}: {text}; {provoker} provoked {provoked} on {issue} (severity {severity} of 1), "
            "and {days} days later it answered: {answer}"
        )
    else:
        wording = noted(
            "{date}: {text}; {provoker} provoked {provoked} on {issue} (severity {severity} of 1), "
            "and it answered: {answer}"
        )
    return say(
        wording,
        date=date_in_words(row["date"]),
        text=row["text"],
        provoker=Name(row["provoker"]),
        provoked=Name(row["provoked"]),
        issue=say(ISSUES[row["issue"]]),
        severity=figure(row["severity"]),
        days="" if row["lag_days"] is None else f"{row['lag_days']:.0f}",
        answer=say(words(row["instrument"])),
    )


ISSUES: Final[Mapping[str, str]] = {
    "sovereignty": noted("sovereignty"),
    "technology": noted("technology"),
    "trade": noted("trade"),
}


def record(row: Row) -> str:
    """What markets and firms did."""
    kind, *rest = row["series"].split(".")
    when = date_in_words(row["period"])
    value = "" if kind == "price" else number_with_unit(row["value"], row["unit"])
    match kind, rest:
        case "price", [name, basis]:
            return say(
                "The price of {element} {market} was USD {number} a kilogram in {when}",
                element=element(name),
                market=say(MARKETS[basis], state=Name("China")),
                number=number(row["value"]),
                when=when,
            )
        case "price", [name, basis, _]:
            return say(
                "The price of {element} {market} moved by {change} in logs in {when}, against the "
                "year before",
                element=element(name),
                market=say(MARKETS[basis]),
                change=f"{row['value']:+.3g}",
                when=when,
            )
        case "dependence", [state, _, partner]:
            return say(
                "{partner} supplied {value} of {state:of} imports by weight in {when}",
                partner=Name(partner),
                value=value,
                state=Name(state),
                when=when,
            )
        case "imports", [state, partner]:
            wording = (
                noted("{state} imported {value} from all the world in {when}")
                if partner == "World"
                else noted("{state} imported {value} from {partner} in {when}")
            )
            return say(wording, state=Name(state), value=value, partner=Name(partner), when=when)
        case "exports", [what, state]:
            wording = (
                noted("{state} exported {value} of magnets in {when}")
                if what == "magnets"
                else noted("{state} exported {value} of oxides and metal in {when}")
            )
            return say(wording, state=Name(state), value=value, when=when)
        case _, [state]:
            return say(QUANTITIES[kind], state=Name(state), value=value, when=when)
    raise KeyError(row["series"])


QUANTITIES: Final[Mapping[str, str]] = {
    "export_quota": noted("The export quota of {state} was {value} in {when}"),
    "mining_quota": noted("The mining quota of {state} was {value} in {when}"),
    "quota_use": noted("The used part of the export quota of {state} was {value} in {when}"),
    "illegal_share": noted("The illegal part of mine output in {state} was {value} in {when}"),
    "smuggled_exports": noted("What was smuggled out of {state} was {value} in {when}"),
    "mine_output": noted("Mine output of {state} was {value} in {when}"),
}
_ELEMENTS: Final = {
    "eu_oxide": noted("europium oxide"),
    "nd_oxide": noted("neodymium oxide"),
    "gd_oxide": noted("gadolinium oxide"),
    "pr_oxide": noted("praseodymium oxide"),
    "sm_oxide": noted("samarium oxide"),
}


def element(name: str) -> str:
    """An oxide of the record, some of which are no goods of the model."""
    return say(_ELEMENTS[name]) if name in _ELEMENTS else good_in_sentence(name)


FLOWS: Final[Mapping[tuple[str, bool], str]] = {  # flow, whether it is all the world's
    ("exports", True): noted("Exports of {good} to all the world in {span}, {since}: {said}"),
    ("exports", False): noted("Exports of {good} to {state} in {span}, {since}: {said}"),
    ("imports", True): noted("Imports of {good} into China in {span}, {since}: {said}"),
    ("imports", False): noted("Imports of {good} into {state} in {span}, {since}: {said}"),
}
LICENSED: Final[Mapping[str, str]] = {  # goods of earlier licensing
    "antimony": noted("antimony"),
    "antimony_metal": noted("antimony metal"),
    "antimony_oxide": noted("antimony oxide"),
    "gallium": noted("gallium"),
    "germanium": noted("germanium"),
    "graphite_artificial": noted("graphite artificial"),
    "graphite_flake": noted("graphite flake"),
    "graphite_natural": noted("graphite natural"),
    "graphite_spherical": noted("graphite spherical"),
    "rare_earths": noted("rare earths"),
}


def licence_outcomes(row: Row) -> str:
    """What earlier licensing did to trade."""
    first, whole = date_in_words(row["month"]), row["destination"] == "all"
    span = (
        say("the one month from {first}", first=first)
        if row["months"] == 1
        else say("the {count} months from {first}", count=row["months"], first=first)
    )
    moved = number_with_unit(row["quantity"], row["unit"]) if row["quantity"] is not None else ""
    against = ""
    if row["share_of_base"] is not None:
        share = percent(row["share_of_base"])
        against = (
            say("{share} of usual ({base})", share=share, base=row["base_what"])
            if row["base_what"]
            else say("{share} of usual", share=share)
        )
    said = list_names(filter(None, (moved, against))) or say("nothing is told")
    return say(
        FLOWS[row["flow"], whole],
        good=say(LICENSED[row["good"]]),
        state=Name(row["destination"]),
        span=span,
        since=time_since_rule(row["since"]),
        said=said,
    )


def time_since_rule(count: int | None) -> str:
    """How long after the rule, in words."""
    if not count:
        return say("when licences were needed")
    if count < 0:
        return says(
            "{count} month before licences were needed",
            "{count} months before licences were needed",
            -count,
        )
    return says(
        "{count} month after licences were needed",
        "{count} months after licences were needed",
        count,
    )


def licence_practice(row: Row) -> str:
    """How licences are granted."""
    text = row["text"]
    if row["value"] is not None:
        value = f"{number(row['value'])} {row['unit']}"
        if value.strip() not in text:
            text = say(
                "{text} ({value})", text=text, value=number_with_unit(row["value"], row["unit"])
            )
    return (
        say("{when}: {what}", when=date_in_words(row["date"]), what=text) if row["date"] else text
    )


def evidence(row: Row) -> str:
    """A target of fit and backtest."""
    return say(
        "{target}: {value} ({sample})",
        target=subject(row, row),
        value=amount(row, row["value"]),
        sample=say(SAMPLES[row["sample"]]),
    )


BOUNDS: Final[Mapping[str, str]] = {
    "output": noted("A bound of the calibration: output of {good}, {span}, near {value}"),
    "price_home": noted(
        "A bound of the calibration: the price of {good} in China, {span}, near {value}"
    ),
    "chain_months": noted(
        "A bound of the calibration: months of material in the whole chain, {span}, near {value}"
    ),
    "firms_stopped_share": noted(
        "A bound of the calibration: the share of firms whose lines stop, {span}, near {value}"
    ),
}


def bounds(row: Row) -> str:
    """A bound of the calibration."""
    return say(
        BOUNDS[row["quantity"]],
        good=good_in_sentence(row["good"]) if row["good"] else say("all goods"),
        span=span_in_words(row["from"], row["to"]),
        value=amount(row, row["value"]),
    )


def hazard_test(row: Row) -> str:
    """A test of when governments act."""
    return say(
        "A test of when governments act: {metric}; wanted: {threshold}; {why}",
        metric=row["metric"],
        threshold=row["threshold"],
        why=row["why"],
    )


def capability(row: Row) -> str:
    """What the exporter's controls could do."""
    return say(
        "From {date} the capability of China's controls counts {level} of 1{range}: {step}",
        date=date_in_words(row["date"]),
        level=figure(row["level"]),
        range=range_in_brackets(row),
        step=row["step"],
    )


def counter_leverage(row: Row) -> str:
    """What a target could answer with."""
    return say(
        "What {government} could answer with counts {level} of 1{range}",
        government=Name(row["government"]),
        level=figure(row["counter_leverage"]),
        range=range_in_brackets(row),
    )


def governments(row: Row) -> str:
    """What a government can do, and what giving way costs it at home."""
    return say(
        "The capability of {government} to coerce counts {before} of 1 in 2009 and {now} in 2024; "
        "what giving way costs it at home counts {trade} in a quarrel on trade and {sovereignty} "
        "in one on sovereignty",
        government=Name(row["government"]),
        before=figure(row["capability_2009"]),
        now=figure(row["capability_2024"]),
        trade=figure(row["audience_trade"]),
        sovereignty=figure(row["audience_sovereignty"]),
    )


def instruments(row: Row) -> str:
    """An instrument of coercion."""
    wording = (
        noted(
            "{instrument} stands on rung {rung} of coercion and meets all the world: its bite "
            "counts {bite} of 1, the sales that it costs {lost}, and the alarm {alarm}"
        )
        if row["scope"] == "world"
        else noted(
            "{instrument} stands on rung {rung} of coercion and meets its target: its bite counts "
            "{bite} of 1, the sales that it costs {lost}, and the alarm {alarm}"
        )
    )
    return say(
        wording,
        instrument=say(words(row["instrument"])),
        rung=row["rung"],
        bite=figure(row["bite"]),
        lost=figure(row["lost_sales"]),
        alarm=figure(row["alarm"]),
    )


TELLERS: Final[tuple[Teller, ...]] = (
    timeline,
    triggers,
    record,
    licence_outcomes,
    licence_practice,
    evidence,
    bounds,
    hazard_test,
    capability,
    counter_leverage,
    governments,
    instruments,
)
