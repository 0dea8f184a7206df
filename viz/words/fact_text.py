"""Facts in sentences: each row of a table of facts as a reader would say it, in the language that
is spoken. What a table quotes, the text of an act or of a rule, stays as the table has it.

A row's source, confidence and note stand beside its sentence; the id that the row has in its table
stands there too, for whoever looks it up (`coercivity facts TABLE`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coercivity.viz.words import fact_acts, fact_costs
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.fact_names import (
    Row,
    Teller,
    good_in_sentence,
    join_parts,
    number,
    number_with_unit,
    percent,
    place,
    process_name,
    range_in_brackets,
    sum_of,
    words,
)
from coercivity.viz.words.language import Name, noted, say
from coercivity.viz.words.names import name_planned_plants, plant


def fact_sentence(table: str, row: Row) -> str:
    """A row of a table of facts as a sentence."""
    said = name_planned_plants(TELLERS[table](row)).strip()
    said = said if said.endswith((".", "!", "?", "。")) else say("{said}.", said=said)
    return said[:1].upper() + said[1:]


# ---------------------------------------------------------------- plants and firms


def plants(row: Row) -> str:
    """A plant."""
    capacity = (
        f"{number(float(row['capacity_t_y']))} {row['capacity_basis']}"
        if row["capacity_t_y"]
        else row["capacity_basis"]
    )
    what = join_parts(
        capacity,
        row["product"],
        say("owned by {owner}", owner=row["owner"]) if row["owner"] else "",
        say("since {year}", year=row["first_year"]) if row["first_year"] else "",
        row["status"],
        sum_of(float(row["capex_usd"]) / 1e6) if row["capex_usd"] else "",
        row["offtake_support"],
    )
    return say(
        "{name} {state:in} ({stage}): {what}",
        name=row["name"],
        state=place(row["state"]),
        stage=say(words(row["stage"])),
        what=what,
    )


def projects(row: Row) -> str:
    """A project under way at the start."""
    return say(
        "{name} {state:in} is under way in {start} and opens in {opens}: {tonnes} t a year, {does}",
        name=row["name"],
        state=place(row["state"]),
        start=date_in_words(row["start"]),
        opens=date_in_words(row["first_month"]),
        tonnes=number(row["tonnes_per_year"]),
        does=process_name(row["process"]),
    )


def options(row: Row) -> str:
    """A project that may be built."""
    wording = (
        noted("{name} may be built from {month} on: {tonnes} t a year{cost}")
        if row["kind"] == "generic"  # its name says what it is, and where
        else noted(
            "{name} may be built {state:in} from {month} on: {tonnes} t a year, {does}{cost}"
        )
    )
    cost = row["capex_usd_m"]
    return say(
        wording,
        name=plant(row["name"]),
        state=place(row["state"]),
        month=date_in_words(row["from_month"]),
        tonnes=number(row["tonnes_per_year"]),
        does=process_name(row["process"]),
        cost=say(", for {sum}", sum=sum_of(cost)) if cost else "",
    )


def firms(row: Row) -> str:
    """A firm's share."""
    return say(
        "In {when} {firm} has {share} of the {does} {state:in}",
        when=date_in_words(row["start"]),
        firm=row["firm"],
        share=percent(row["share"]),
        does=process_name(row["process"]),
        state=place(row["state"]),
    )


def integrated(row: Row) -> str:
    """A plant with a mine of its own."""
    return say(
        "In {when} {plant} is fed by its own mine, {mine}",
        when=date_in_words(row["start"]),
        plant=row["plant"],
        mine=row["mine"],
    )


def pits(row: Row) -> str:
    """Small pits in clay."""
    return say(
        "Small pits {state:in} can give at most {tonnes} t a year{range}",
        state=place(row["state"]),
        tonnes=number(row["most_tonnes_per_year"]),
        range=range_in_brackets(row),
    )


# ---------------------------------------------------------------- the start


def stage_output(row: Row) -> str:
    """Output of a stage in a state."""
    illegal = row["beyond_quota"]
    return say(
        "The {does} {state:in} gives {tonnes} t a year in {year}{beyond}",
        does=process_name(row["process"]),
        state=place(row["state"]),
        tonnes=number(row["tonnes_per_year"]),
        year=row["start"][:4],
        beyond=say(", {tonnes} of it beyond the quota", tonnes=number(illegal)) if illegal else "",
    )


def end_use(row: Row) -> str:
    """What a sector of a state uses."""
    return say(
        "Makers of {does} {state:in} use {tonnes} t of {good} a year in {year}",
        does=process_name(row["sector"]),
        state=place(row["state"]),
        tonnes=number(row["tonnes_per_year"]),
        good=good_in_sentence(row["good"]),
        year=row["start"][:4],
    )


def trade_prior(row: Row) -> str:
    """Who buys from whom."""
    wording = (
        noted("{share} of the {good} bought {state:in} is made there in {year}")
        if row["origin"] == row["destination"]
        else noted("{share} of the {good} bought {state:in} comes from {origin} in {year}")
    )
    return say(
        wording,
        share=percent(row["share"]),
        good=good_in_sentence(row["good"]),
        state=place(row["destination"]),
        origin=Name(row["origin"]),
        year=row["start"][:4],
    )


def prices_start(row: Row) -> str:
    """A price at the start."""
    return say(
        "The price of {good} in China, without tax, is USD {number} a kilogram at the start in "
        "{year}",
        good=good_in_sentence(row["good"]),
        number=number(row["usd_per_kg"]),
        year=row["start"][:4],
    )


def targets_start(row: Row) -> str:
    """A total that the start must meet."""
    what, year = words(row["quantity"]).replace("of World", "of the world"), row["start"][:4]
    if row["fact"] is None:
        return say("At the start in {year} nobody tells: {what}", year=year, what=what)
    value = (
        say("{number} USD a kilogram", number=number(row["fact"]))
        if row["unit"] == "USD/kg"
        else number_with_unit(row["fact"], row["unit"])
    )
    return say("At the start in {year}: {what}, {value}", year=year, what=what, value=value)


TELLERS: Final[Mapping[str, Teller]] = MappingProxyType(
    {
        teller.__name__: teller
        for teller in (
            *fact_acts.TELLERS,
            *(plants, projects, options, firms, integrated, pits, stage_output, end_use),
            *(trade_prior, prices_start, targets_start),
            *fact_costs.TELLERS,
        )
    }
)
