"""Facts of what things are made of and cost, and of economies, in sentences (fact_text.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.fact_names import (
    PRICED,
    Row,
    Teller,
    actor_name,
    figure,
    good_in_sentence,
    months,
    number,
    percent,
    place,
    process_name,
    range_in_brackets,
    words,
)
from coercivity.viz.words.language import Name, list_names, noted, say


def recipes(row: Row) -> str:
    """What goes into what."""
    wording = (
        noted("The {does} gives {tonnes} t of {good} a tonne that is run")
        if row["role"] == "output"
        else noted("The {does} takes {tonnes} t of {good} a tonne that is run")
    )
    tonnes = number(row["coefficient"])
    return say(
        wording,
        does=process_name(row["process"]),
        tonnes=tonnes,
        good=good_in_sentence(row["good"]),
    )


GOODS: Final[Mapping[str, str]] = {  # as the table calls them
    "NdPr metal and alloy": noted("NdPr metal and alloy"),
    "NdPr oxide": noted("NdPr oxide"),
    "Sm/Gd/Eu oxides": noted("Sm/Gd/Eu oxides"),
    "heat-resistant NdFeB magnet": noted("heat-resistant NdFeB magnet"),
    "ionic-clay concentrate": noted("ionic-clay concentrate"),
    "light rare-earth concentrate": noted("light rare-earth concentrate"),
    "samarium-cobalt magnet": noted("samarium-cobalt magnet"),
    "standard NdFeB magnet": noted("standard NdFeB magnet"),
}


def goods(row: Row) -> str:
    """A good: how it is priced, how long a new supplier takes."""
    return say(
        "{good}: priced as {priced}, lies with its makers for {shelf}, a new supplier takes "
        "{months} to qualify",
        good=say(GOODS.get(row["label"], row["label"])),
        priced=say(PRICED[row["pricing"]]),
        shelf=months(row["shelf_months"]),
        months=months(row["qualification_months"]),
    )


def content(row: Row) -> str:
    """What a good holds of an element."""
    return say(
        "A tonne of {good} holds {tonnes} t of {element}",
        good=good_in_sentence(row["good"]),
        tonnes=number(row["tonnes_per_tonne"]),
        element=say(row["element"]),
    )


def elements(row: Row) -> str:
    """An element whose tonnes balance."""
    return say("{element} is followed tonne by tonne", element=say(row["element"]))


_GROUPS: Final[Mapping[str, str]] = {  # that are more, or less, than their words
    "controlled_2025": noted("goods controlled in 2025"),
    "neodymium": noted("what holds neodymium"),
    "samarium": noted("what holds samarium"),
    "dysprosium_terbium": noted("dysprosium, terbium and what holds them"),
}


def groups(row: Row) -> str:
    """A good in a group."""
    group = _GROUPS.get(row["group"], words(row["group"]))
    return say("{good} belongs to {group}", good=good_in_sentence(row["good"]), group=say(group))


def processes(row: Row) -> str:
    """What a process belongs to, and what of it is controlled."""
    said = {"does": process_name(row["process"]), "stage": say(words(row["stage"]))}
    if row["controlled_technology"]:
        return say("The {does} belongs to {stage}; China controls its technology", **said)
    if row["mining_quota"]:
        return say("The {does} belongs to {stage}; in China a quota limits it", **said)
    return say("The {does} belongs to {stage}", **said)


def sectors(row: Row) -> str:
    """A sector of end users."""
    return say("A sector of end users: {sector}", sector=process_name(row["sector"]))


def starts(row: Row) -> str:
    """A month in which worlds may begin."""
    return say(
        "A world may begin in {month}; China then keeps {percent} of value added tax on exports",
        month=date_in_words(row["start"]),
        percent=percent(row["vat"]),
    )


def choke(row: Row) -> str:
    """A price at which a use is given up."""
    wording = (
        noted("At USD {number} a kilogram{range} the use of {good} is given up everywhere")
        if row["user"] == "All"
        else noted("At USD {number} a kilogram{range} the use of {good} is given up in {does}")
    )
    return say(
        wording,
        number=number(row["usd_per_kg"]),
        range=range_in_brackets(row),
        good=good_in_sentence(row["good"]),
        does=process_name(row["user"]),
    )


def conversion_cost(row: Row) -> str:
    """A cost of making."""
    return say(
        "The {does} costs USD {number} a kilogram {state:in}, without its inputs",
        does=process_name(row["process"]),
        number=number(row["usd_per_kg"]),
        state=place(row["state"]),
    )


def capex(row: Row) -> str:
    """A cost of building."""
    return say(
        "A plant for the {does} {state:in} costs USD {number} for each tonne a year{range}",
        does=process_name(row["process"]),
        state=place(row["state"]),
        number=number(row["usd_per_t_year"]),
        range=range_in_brackets(row),
    )


def price_level(row: Row) -> str:
    """The level of costs."""
    return say(
        "In {when} costs stand at {level} of those of 2024",
        when=date_in_words(row["month"]),
        level=figure(row["level"]),
    )


def cover(row: Row) -> str:
    """A stock that firms hold."""
    return say(
        "Firms in {does} hold stock for {months} {state:in} (most between {low} and {high})",
        does=process_name(row["kind"]),
        months=months(row["months_median"]),
        state=place(row["state"]),
        low=number(row["months_low"]),
        high=number(row["months_high"]),
    )


def parts(row: Row) -> str:
    """Parts of a line that hold a good."""
    wording = (
        noted("A line of {does} has {number} part with {good}{range}")
        if row["parts"] == 1
        else noted("A line of {does} has {number} parts with {good}{range}")
    )
    return say(
        wording,
        does=process_name(row["sector"]),
        number=number(row["parts"]),
        good=good_in_sentence(row["good"]),
        range=range_in_brackets(row),
    )


REGIONS: Final = (  # for the translators
    noted("East Asia"),
    noted("South-East Asia"),
    noted("South Asia"),
    noted("Europe"),
    noted("North America"),
    noted("South America"),
    noted("Oceania"),
    noted("any"),
)


def lanes(row: Row) -> str:
    """Days of freight."""
    days, spread = number(row["days"]), range_in_brackets(row)
    if row["origin"] == "home":
        return say("Freight within a state takes {number} days{range}", number=days, range=spread)
    return say(
        "Freight from {origin} to {destination} takes {number} days{range}",
        origin=say(words(row["origin"])),
        destination=say(words(row["destination"])),
        number=days,
        range=spread,
    )


def headings(row: Row) -> str:
    """A customs heading."""
    return say(
        "Customs count {good} under heading {heading}",
        good=good_in_sentence(row["good"]),
        heading=row["heading"],
    )


# ---------------------------------------------------------------- economies


def value_added(row: Row) -> str:
    """Value added that depends on the parts."""
    return say(
        "{does} {state:in} make USD {number} bn of value a year (dollars of {year}), of which "
        "{share} rests on the parts (between {low} and {high})",
        does=process_name(row["sector"]),
        state=place(row["state"]),
        number=number(row["usd_bn"]),
        year=row["price_year"],
        share=percent(row["dependent_share"]),
        low=percent(row["dependent_low"]),
        high=percent(row["dependent_high"]),
    )


def multipliers(row: Row) -> str:
    """What a stopped line costs the whole economy."""
    return say(
        "A dollar of value lost in {does} {state:in} costs the whole economy {number}{range}",
        does=process_name(row["sector"]),
        state=place(row["state"]),
        number=figure(row["multiplier"]),
        range=range_in_brackets(row),
    )


def gdp(row: Row) -> str:
    """An economy."""
    return say(
        "GDP {state:in} is USD {number} bn in {year}, in dollars of {prices}",
        state=place(row["state"]),
        number=number(row["usd_bn"]),
        year=row["year"],
        prices=row["price_year"],
    )


def growth(row: Row) -> str:
    """Growth of demand."""
    return say(
        "Demand of {does} {state:in} grows by {share} a year from {first} to {last}",
        does=process_name(row["sector"]),
        state=place(row["region"]),
        share=percent(row["growth_per_year"]),
        first=row["start_year"],
        last=row["end_year"],
    )


def demand_cases(row: Row) -> str:
    """A case of demand."""
    tonnes = row["tonnes"]
    return say(
        "In the case of {case}, demand of {does} grows by {share} a year more from {first} to "
        "{last}{tonnes}",
        case=say(CASES[row["case"]]),
        does=process_name(row["sector"]),
        share=percent(row["growth_per_year"]),
        first=date_in_words(row["date"]),
        last=date_in_words(row["end"]),
        tonnes="" if tonnes is None else say(", {tonnes} t in all", tonnes=number(tonnes)),
    )


CASES: Final[Mapping[str, str]] = {
    "ev": noted("electric cars"),
    "ai_hardware": noted("hardware for AI"),
    "defence": noted("defence"),
    "clean_energy": noted("clean energy"),
    "humanoid": noted("humanoid robots"),
}


def actors(row: Row) -> str:
    """Who stands for whom."""
    whom = list_names(
        say("the firm {name}", name=one.removeprefix("firm:"))
        if one.startswith("firm:")
        else actor_name(one)
        for one in row["maps_to"].split("|")
        if one
    )
    return say(
        "{actor} counts as {whom}", actor=actor_name(row["actor"]), whom=whom or say("nobody")
    )


def states(row: Row) -> str:
    """A state: who decides for it, where it lies."""
    return say(
        "{government} decides for {state}, which lies in {region}",
        government=Name(row["government"]),
        state=Name(row["state"]),
        region=say(row["region"]),
    )


TELLERS: Final[tuple[Teller, ...]] = (
    recipes,
    processes,
    content,
    elements,
    groups,
    sectors,
    starts,
    goods,
    choke,
    conversion_cost,
    capex,
    price_level,
    cover,
    parts,
    lanes,
    headings,
    value_added,
    multipliers,
    gdp,
    growth,
    demand_cases,
    actors,
    states,
)
