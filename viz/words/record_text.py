"""The model against the record in sentences: what each target is, what is on record, what the model
says, and what it gets wrong about a good.

A target is a row of the backtest (experiments/backtest/score.py) with the row of `evidence.csv`
that it was made from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from coercivity.model.basis.names import EU, EU_STATES, GOOD_GROUPS, WORLD
from coercivity.viz.words.dates import date_words, span_words
from coercivity.viz.words.names import in_sentence

Row = Mapping[str, Any]
WORST_FIRST: Final = ("FAIL", "PARTIAL", "PASS")
VERDICTS: Final[Mapping[str, str]] = {
    "FAIL": "Missed",
    "PARTIAL": "Only the band reaches it",
    "PASS": "Within tolerance",
}
SAMPLES: Final[Mapping[str, str]] = {
    "in": "a fit may use it",
    "kept_back": "kept back from every fit",
    "out": "after 2024, seen by no fit",
    "start": "the start is balanced to it: no test",
}
OUTSIDE: Final = "Outside China"
_MAGNETS: Final = frozenset((*GOOD_GROUPS["magnets"], *GOOD_GROUPS["motors"]))
_NOUNS: Final[Mapping[str, str]] = {
    "controlled_2025": "the goods controlled in 2025",
    "automotive": "cars",
}
_SUBJECTS: Final[Mapping[str, str]] = {  # quantity -> what it is
    "import_share": "{partners} share of {states} raw imports",
    "raw_exports": "{states} exports of {goods}{to}",
    "raw_imports": "{states} raw imports from {partner}",
    "quota_use": "the part of {states} export quota that was used",
    "export_unit_value": "the value of {states} raw exports",
    "price_home": "the price of {goods} in {state}",
    "price_export": "the price of {goods} for export from {state}",
    "price_abroad": "the price of {goods} {inside}",
    "illegal_share": "the illegal part of {states} mine output",
    "magnet_exports": "{states} exports of magnets{to}",
    "separation_share": "{states} share of separated {goods}",
    "magnet_share": "{states} share of magnets made",
    "smuggled": "what is smuggled out of {state}",
    "intensity": "the use of {goods} per unit made in {state}",
    "mine_output": "mine output {inside}",
    "first_stop": "the first stop of a maker of {goods} in {state}",
    "approvals": "the part of applications for {partner} that {state} had granted{of}",
}


# ---------------------------------------------------------------- one target


def subject(target: Row, row: Row) -> str:
    """What a target is: 'the price of dysprosium oxide in China, September 2011'."""
    state, partner = str(target["state"]), str(target["partner"])
    goods = goods_words(str(target["good"]))
    inside = {WORLD: "in the world", OUTSIDE: "outside China"}.get(state, f"in {the(state)}")
    what = _SUBJECTS[target["quantity"]].format(
        state=the(state),
        states=of(state),
        inside=inside,
        partner=the(partner),
        partners=of(partner),
        goods=goods or "oxides and metal",
        to=f" to {the(partner)}" if partner not in ("", WORLD) else "",
        of=f", of {goods}" if goods else "",
    )
    when = span_words(target["from"], target["to"])
    base = span_words(row["base_from"], row["base_to"]) if row.get("base_from") else ""
    match target["statistic"]:
        case "log_change":
            return f"the change of {what}, {when} against {base}"
        case "ratio":
            return f"{what}, {when} over {base}"
        case "sd_yearly_log":
            return f"the swings of {what} from year to year (deviation of logs), {when}"
        case _:
            return f"{what}, {when}"


def on_record(target: Row) -> str:
    """What is on record, with its unit."""
    return amount(target, target["value"])


def in_model(target: Row) -> str:
    """Median of the draws and their band: 'USD 1,040 a kilogram (687 to 1,400)'."""
    middle, low, high = target["median"], target["p05"], target["p95"]
    if middle is None:
        return "never in most histories" if target["statistic"] == "first_day" else "undefined"
    band = f"{number(target, low)} to {number(target, high)}"
    return f"{amount(target, middle)} ({band})"


def passes(target: Row) -> str:
    """What lies within the tolerance: '74.6 to 88.6'; nothing but a change is below nought."""
    low = target["low"] if target["statistic"] == "log_change" else max(0.0, target["low"])
    return f"{number(target, low)} to {number(target, target['high'])}"


def beside_the_record(target: Row, row: Row) -> str:
    """A target as a sentence."""
    what = subject(target, row)
    return (
        f"{what[:1].upper()}{what[1:]}: on record {on_record(target)}, in the model "
        f"{in_model(target)}; {passes(target)} would pass."
    )


def off_words(target: Row) -> str:
    """How far off the median is, in tolerances, and in which sample."""
    error, sample = target["error"], SAMPLES[target["sample"]]
    if error is None:
        return sample
    far = "10 or more tolerances" if error >= 9.95 else f"{error:.1f} tolerances"
    return f"{far} off; {sample}"


# ---------------------------------------------------------------- numbers


def number(target: Row, value: float | None) -> str:
    """A number of a target as it is said, without its unit."""
    if value is None:
        return "never"
    if target["statistic"] == "log_change":
        change = round(100.0 * math.expm1(value))
        return f"{change:+,}".replace("-", "−") if change else "0"
    if target["unit"] in ("share", "relative", "ratio"):
        value = 100.0 * value
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


def amount(target: Row, value: float | None) -> str:
    """A number of a target with its unit."""
    told = number(target, value)
    if value is None:
        return told
    if target["statistic"] == "log_change":
        return f"{told}%"
    unit = str(target["unit"])
    units: Mapping[str, Callable[[], str]] = {
        "USD/kg": lambda: f"USD {told} a kilogram",
        "t REO": lambda: f"{told} t of oxide",
        "ratio": lambda: f"{told}%",
        "share": lambda: f"{told}%",
        "relative": lambda: f"{told}% of that before",
        "%": lambda: f"{told}%",
        "days": lambda: f"{told} days after {date_words(target['from'] + '-01')}",
        "log": lambda: told,
    }
    return units[unit]() if unit in units else f"{told} {unit}"


# ---------------------------------------------------------------- names


def the(state: str) -> str:
    """A state in a sentence: 'the United States', 'the EU', 'Japan', 'the rest of the world'."""
    special = {
        OUTSIDE: "all states but China",
        WORLD: "the world",
        "Rest of EU": "the rest of the EU",
        "Rest of world": "the rest of the world",
    }
    if state in special:
        return special[state]
    return f"the {state}" if state in (EU, "United States", "United Kingdom") else state


def of(state: str) -> str:
    """The state's: 'Japan's', 'the United States''."""
    name = the(state)
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def goods_words(good: str) -> str:
    """'dysprosium oxide and terbium oxide'; '' for none."""
    if not good:
        return ""
    return " and ".join(_NOUNS.get(one, in_sentence(one)) for one in good.split("+"))


# ---------------------------------------------------------------- what it is about


def is_about(target: Row, good: str) -> bool:
    """Whether a target tells something of a good: it names it, alone, beside another or in a group,
    or counts magnets.
    """
    named = {
        name for one in str(target["good"]).split("+") for name in GOOD_GROUPS.get(one, (one,))
    }
    magnets = target["quantity"] in ("magnet_exports", "magnet_share") and good in _MAGNETS
    return bool(good) and (good in named or magnets)


def is_of(target: Row, state: str) -> bool:
    """Whether a target tells something of a state: as itself, as a partner, as one of the EU."""
    names = {state, EU} if state in EU_STATES else {state}
    return bool(state) and not names.isdisjoint((target["state"], target["partner"]))


def worst_first(targets: Iterable[Row]) -> list[Row]:
    """Misses before what the band reaches before what passes; of a kind the worst first."""
    return sorted(
        targets,
        key=lambda one: (WORST_FIRST.index(one["verdict"]), -float(one["error"] or 0.0)),
    )


def tested(targets: Iterable[Row]) -> list[Row]:
    """Targets that test something: not those to which the start is balanced."""
    return [one for one in targets if one["sample"] != "start"]


# ---------------------------------------------------------------- in a nutshell


def in_tolerance(samples: Sequence[Row]) -> str:
    """One sentence for whoever has a minute: how many outcomes are within tolerance, by sample."""
    by = {row["sample"]: row for row in samples}
    fit, kept, out = (by[name] for name in ("in", "kept_back", "out"))
    return (
        f"The model is within tolerance in {fit['PASS']} of {fit['targets']} outcomes on record "
        f"that its fit may use, in {kept['PASS']} of {kept['targets']} to 2024 that were kept "
        f"back, and in {out['PASS']} of {out['targets']} after 2024."
    )


def wrong_about(targets: Sequence[Row], rows: Mapping[str, Row], good: str) -> str:
    """What the model gets wrong about a good, in one sentence with its worst miss; without a good
    about all of them.
    """
    name = goods_words(good) or "all goods"
    about = tested(one for one in targets if not good or is_about(one, good))
    if not about:
        return f"No outcome on record is about {name}: what the lab shows of it is untested."
    missed = [one for one in worst_first(about) if one["verdict"] == "FAIL"]
    passed = sum(one["verdict"] == "PASS" for one in about)
    if not missed:
        return (
            f"About {name} it is within tolerance in {passed} of {len(about)} outcomes and misses "
            "none outright."
        )
    worst = missed[0]
    return (
        f"About {name} it is within tolerance in {passed} of {len(about)} outcomes and misses "
        f"{len(missed)}; worst is {subject(worst, rows.get(worst['id'], {}))}, on record "
        f"{on_record(worst)}, in the model {in_model(worst)}."
    )
