"""The model against the record in sentences: what each target is, what is on record, what the model
says, and what it gets wrong about a good; in the language that is spoken.

A target is a row of the backtest (experiments/backtest/score.py) with the row of `evidence.csv`
that it was made from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU, WORLD
from coercivity.viz.words.dates import date_in_words, span_in_words
from coercivity.viz.words.language import Name, join_names, noted, numeral, say
from coercivity.viz.words.names import in_sentence

Row = Mapping[str, Any]
WORST_FIRST: Final = ("FAIL", "PARTIAL", "PASS")
VERDICTS: Final[Mapping[str, str]] = {
    "FAIL": noted("Missed"),
    "PARTIAL": noted("Only the band reaches it"),
    "PASS": noted("Within tolerance"),
}
SAMPLES: Final[Mapping[str, str]] = {
    "in": noted("a fit may use it"),
    "kept_back": noted("kept back from every fit"),
    "out": noted("after 2025, seen by no fit"),
    "start": noted("the start is balanced to it: no test"),
}
OUTSIDE: Final = "Outside China"
_NOUNS: Final[Mapping[str, str]] = {
    "controlled_2025": noted("the goods controlled in 2025"),
    "automotive": noted("cars"),
}
_SUBJECTS: Final[Mapping[str, str]] = {  # quantity -> what it is
    "import_share": noted("{partner:of} share of {state:of} raw imports"),
    "raw_exports": noted("{state:of} exports of {goods}"),
    "raw_imports": noted("{state:of} raw imports from {partner}"),
    "quota_use": noted("the part of {state:of} export quota that was used"),
    "export_unit_value": noted("the value of {state:of} exports of {goods}"),
    "price_home": noted("the price of {goods} in {state}"),
    "price_export": noted("the price of {goods} for export from {state}"),
    "price_abroad": noted("the price of {goods} {state:in}"),
    "illegal_share": noted("the illegal part of {state:of} mine output"),
    "magnet_exports": noted("{state:of} exports of magnets"),
    "separation_share": noted("{state:of} share of separated {goods}"),
    "magnet_share": noted("{state:of} share of magnets made"),
    "smuggled": noted("what is smuggled out of {state}"),
    "intensity": noted("the use of {goods} per unit made in {state}"),
    "mine_output": noted("mine output {state:in}"),
    "output": noted("output of {goods} {state:in}"),
    "line_output": noted("what makers of {goods} {state:in} make"),
    "first_stop": noted("the first stop of a maker of {goods} in {state}"),
    "approvals": noted("the part of applications for {partner} that {state} had granted"),
}
_NEARER: Final[Mapping[str, str]] = {  # of those that name a partner, or goods, besides
    "raw_exports": noted("{state:of} exports of {goods} to {partner}"),
    "magnet_exports": noted("{state:of} exports of magnets to {partner}"),
    "approvals": noted(
        "the part of applications for {partner} that {state} had granted, of {goods}"
    ),
}
_OVER: Final[Mapping[str, str]] = {  # statistic -> what is taken of it, and over what time
    "log_change": noted("the change of {what}, {when} against {base}"),
    "ratio": noted("{what}, {when} over {base}"),
    "sd_yearly_log": noted("the swings of {what} from year to year (deviation of logs), {when}"),
}


# ---------------------------------------------------------------- one target


def subject(target: Row, row: Row) -> str:
    """What a target is: 'the price of dysprosium oxide in China, September 2011'."""
    partner, goods = str(target["partner"]), goods_words(str(target["good"]))
    quantity = target["quantity"]
    nearer = bool(goods) if quantity == "approvals" else partner not in ("", WORLD)
    wording = _NEARER[quantity] if nearer and quantity in _NEARER else _SUBJECTS[quantity]
    what = say(
        wording,
        state=Name(target["state"]),
        partner=Name(partner),
        goods=goods or say("oxides and metal"),
    )
    base = span_in_words(row["base_from"], row["base_to"]) if row.get("base_from") else ""
    return say(
        _OVER.get(target["statistic"], noted("{what}, {when}")),
        what=what,
        when=span_in_words(target["from"], target["to"]),
        base=base,
    )


def on_record(target: Row) -> str:
    """What is on record, with its unit."""
    return amount(target, target["value"])


def in_model(target: Row) -> str:
    """Median of the draws and their band: 'USD 1,040 a kilogram (687 to 1,400)'."""
    middle, low, high = target["median"], target["p05"], target["p95"]
    if middle is None:
        first = target["statistic"] == "first_day"
        return say("never in most histories") if first else say("undefined")
    band = say("{low} to {high}", low=number(target, low), high=number(target, high))
    return say("{value} ({band})", value=amount(target, middle), band=band)


def passes(target: Row) -> str:
    """What lies within the tolerance: '74.6 to 88.6'; nothing but a change is below nought."""
    low = target["low"] if target["statistic"] == "log_change" else max(0.0, target["low"])
    return say("{low} to {high}", low=number(target, low), high=number(target, target["high"]))


def target_sentence(target: Row, row: Row) -> str:
    """A target as a sentence."""
    what = subject(target, row)
    return say(
        "{what}: on record {record}, in the model {model}; {passes} would pass.",
        what=f"{what[:1].upper()}{what[1:]}",
        record=on_record(target),
        model=in_model(target),
        passes=passes(target),
    )


def off_words(target: Row) -> str:
    """How far off the median is, in tolerances, and in which sample."""
    error, sample = target["error"], say(SAMPLES[target["sample"]])
    if error is None:
        return sample
    if error >= 9.95:
        return say("10 or more tolerances off; {sample}", sample=sample)
    return say("{error} tolerances off; {sample}", error=numeral(f"{error:.1f}"), sample=sample)


# ---------------------------------------------------------------- numbers


def number(target: Row, value: float | None) -> str:
    """A number of a target as it is said, without its unit."""
    if value is None:
        return say("never")
    if target["statistic"] == "log_change":
        change = round(100.0 * math.expm1(value))
        return numeral(f"{change:+,}").replace("-", "−") if change else "0"
    if target["unit"] in ("share", "relative", "ratio"):
        value = 100.0 * value
    return numeral(f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}")


_AMOUNTS: Final[Mapping[str, str]] = {  # unit -> how it stands with its number
    "USD/kg": noted("USD {number} a kilogram"),
    "t REO": noted("{number} t of oxide"),
    "ratio": noted("{number}%"),
    "share": noted("{number}%"),
    "relative": noted("{number}% of that before"),
    "%": noted("{number}%"),
    "days": noted("{number} days after {date}"),
}


def amount(target: Row, value: float | None) -> str:
    """A number of a target with its unit."""
    told = number(target, value)
    if value is None:
        return told
    if target["statistic"] == "log_change":
        return say("{number}%", number=told)
    unit = str(target["unit"])
    if unit == "log":
        return told
    if unit in _AMOUNTS:
        return say(_AMOUNTS[unit], number=told, date=date_in_words(target["from"] + "-01"))
    return say("{number} {unit}", number=told, unit=say(unit))


# ---------------------------------------------------------------- names


def goods_words(good: str) -> str:
    """'dysprosium oxide and terbium oxide'; '' for none."""
    if not good:
        return ""
    return join_names(say(_NOUNS.get(one, in_sentence(one))) for one in good.split("+"))


# ---------------------------------------------------------------- what it is about


def is_about(target: Row, good: str) -> bool:
    """Whether a target tells something of a good: it names it, alone, beside another or in a group,
    or counts magnets.
    """
    groups = Facts.default().good_groups
    named = {name for one in str(target["good"]).split("+") for name in groups.get(one, (one,))}
    if target["quantity"] in ("magnet_exports", "magnet_share"):
        named.update(groups["magnets"], groups["motors"])
    return bool(good) and good in named


def is_of(target: Row, state: str) -> bool:
    """Whether a target tells something of a state: as itself, as a partner, as one of the EU."""
    names = {state, EU} if state in Facts.default().eu_states else {state}
    return bool(state) and not names.isdisjoint((target["state"], target["partner"]))


def worst_first(targets: Iterable[Row]) -> list[Row]:
    """Misses before what the band reaches before what passes; of a kind the worst first."""
    return sorted(
        targets,
        key=lambda one: (WORST_FIRST.index(one["verdict"]), -float(one["error"] or 0.0)),
    )


def testing_targets(targets: Iterable[Row]) -> list[Row]:
    """Targets that test something: not those to which the start is balanced."""
    return [one for one in targets if one["sample"] != "start"]


# ---------------------------------------------------------------- in a nutshell


def in_tolerance(samples: Sequence[Row]) -> str:
    """One sentence for whoever has a minute: how many outcomes are within tolerance, by sample."""
    by = {row["sample"]: row for row in samples}
    fit, kept, out = (by[name] for name in ("in", "kept_back", "out"))
    return say(
        "The model is within tolerance in {fit} of {fits} outcomes on record that its fit may use, "
        "in {kept} of {keeps} to 2025 that were kept back, and in {out} of {outs} after 2025.",
        fit=fit["PASS"],
        fits=fit["targets"],
        kept=kept["PASS"],
        keeps=kept["targets"],
        out=out["PASS"],
        outs=out["targets"],
    )


def wrong_about(targets: Sequence[Row], rows: Mapping[str, Row], good: str) -> str:
    """What the model gets wrong about a good, in one sentence with its worst miss; without a good
    about all of them.
    """
    name = goods_words(good) or say("all goods")
    about = testing_targets(one for one in targets if not good or is_about(one, good))
    if not about:
        return say(
            "No outcome on record is about {goods}: what the lab shows of it is untested.",
            goods=name,
        )
    missed = [one for one in worst_first(about) if one["verdict"] == "FAIL"]
    counts = {"passed": sum(one["verdict"] == "PASS" for one in about), "count": len(about)}
    if not missed:
        return say(
            "About {goods} it is within tolerance in {passed} of {count} outcomes and misses none "
            "outright.",
            goods=name,
            **counts,
        )
    worst = missed[0]
    return say(
        "About {goods} it is within tolerance in {passed} of {count} outcomes and misses {missed}; "
        "worst is {worst}, on record {record}, in the model {model}.",
        goods=name,
        missed=len(missed),
        worst=subject(worst, rows.get(worst["id"], {})),
        record=on_record(worst),
        model=in_model(worst),
        **counts,
    )
