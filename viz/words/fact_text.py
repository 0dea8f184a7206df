"""Facts in sentences: each row of a table of facts as a reader would say it.

A row's source, confidence and note stand beside its sentence; the id that the row has in its table
stands there too, for whoever looks it up (`coercivity facts TABLE`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coercivity.viz.words.beyond_record import MARKETS
from coercivity.viz.words.dates import date_words, span_words
from coercivity.viz.words.fact_names import (
    ELEMENTS,
    PRICED,
    UNITS,
    Row,
    Teller,
    between,
    counted,
    does,
    good,
    joined,
    number,
    percent,
    place,
    words,
)
from coercivity.viz.words.names import plain
from coercivity.viz.words.record_text import SAMPLES, amount, subject, the


def fact_sentence(table: str, row: Row) -> str:
    """A row of a table of facts as a sentence."""
    said = plain(TELLERS[table](row)).strip()
    said = said if said.endswith((".", "!", "?")) else f"{said}."
    return said[:1].upper() + said[1:]


# ---------------------------------------------------------------- acts and episodes


def timeline(row: Row) -> str:
    """An act or announcement."""
    until = f" until {date_words(row['end_date'])}" if row["end_date"] else ""
    targets = f" towards {row['targets']}" if row["targets"] not in ("", "World") else ""
    said = joined(
        row["action"],
        row["severity_stated"] if row["severity_stated"] not in row["action"] else "",
        f"it covers {row['scope']}" if row["scope"] else "",
        f"set off by: {row['trigger']}" if row["trigger"] else "",
        f"officially: {row['official_framing']}" if row["official_framing"] else "",
    )
    return f"{date_words(row['date'])}{until}, {row['actor']}{targets}: {said}"


def triggers(row: Row) -> str:
    """What provoked a government, and whether it answered with a measure."""
    answer = (
        "no measure on minerals followed"
        if row["instrument"] == "none"
        else f"{row['lag_days']:.0f} days later it answered: {words(row['instrument'])}"
        if row["lag_days"] is not None
        else f"it answered: {words(row['instrument'])}"
    )
    return (
        f"{date_words(row['date'])}: {row['text']}; {the(row['provoker'])} provoked "
        f"{the(row['provoked'])} on {row['issue']} (severity {row['severity']:g} of 1), and "
        f"{answer}"
    )


def record(row: Row) -> str:
    """What markets and firms did."""
    kind, *rest = row["series"].split(".")
    when, unit = date_words(row["period"]), UNITS.get(row["unit"], row["unit"])
    value = f"{number(row['value'])}{'' if unit == '%' else ' '}{unit}"
    match kind, rest:
        case "price", [name, basis]:
            return (
                f"The price of {element(name)} {MARKETS[basis].format(state='China')} was USD "
                f"{number(row['value'])} a kilogram in {when}"
            )
        case "price", [name, basis, _]:
            return (
                f"The price of {element(name)} {MARKETS[basis]} moved by {row['value']:+.3g} in "
                f"logs in {when}, against the year before"
            )
        case "dependence", [state, _, partner]:
            return f"{partner} supplied {value} of {state}'s imports by weight in {when}"
        case "imports", [state, "World"]:
            return f"{state} imported {value} from all the world in {when}"
        case "imports", [state, partner]:
            return f"{state} imported {value} from {partner} in {when}"
        case "exports", [what, state]:
            goods = "magnets" if what == "magnets" else "oxides and metal"
            return f"{state} exported {value} of {goods} in {when}"
        case _, [state]:
            return f"{QUANTITIES[kind].format(state=the(state))} was {value} in {when}"
    raise KeyError(row["series"])


QUANTITIES: Final[Mapping[str, str]] = {
    "export_quota": "The export quota of {state}",
    "mining_quota": "The mining quota of {state}",
    "quota_use": "The used part of the export quota of {state}",
    "illegal_share": "The illegal part of mine output in {state}",
    "smuggled_exports": "What was smuggled out of {state}",
    "mine_output": "Mine output of {state}",
}
_ELEMENTS: Final = {
    "eu_oxide": "europium oxide",
    "nd_oxide": "neodymium oxide",
    "gd_oxide": "gadolinium oxide",
    "pr_oxide": "praseodymium oxide",
    "sm_oxide": "samarium oxide",
}


def element(name: str) -> str:
    """An oxide of the record, some of which are no goods of the model."""
    return _ELEMENTS.get(name) or good(name)


def licence_outcomes(row: Row) -> str:
    """What earlier licensing did to trade."""
    months = "one month" if row["months"] == 1 else f"{row['months']} months"
    whom = "to all the world" if row["destination"] == "all" else f"to {the(row['destination'])}"
    if row["flow"] == "imports":
        whom = "into China" if row["destination"] == "all" else f"into {the(row['destination'])}"
    moved = f"{number(row['quantity'])} {row['unit']}" if row["quantity"] is not None else ""
    against = (
        f"{percent(row['share_of_base'])} of usual"
        f"{' (' + row['base_what'] + ')' if row['base_what'] else ''}"
        if row["share_of_base"] is not None
        else ""
    )
    said = ", ".join(filter(None, (moved, against))) or "nothing is told"
    return (
        f"{words(row['flow'])} of {words(row['good'])} {whom} in the {months} from "
        f"{date_words(row['month'])}, {since(row['since'])} licences were needed: {said}"
    )


def since(months: int | None) -> str:
    """How long after the rule, in words."""
    if not months:
        return "when"
    count = f"{abs(months)} month{'s' * (abs(months) != 1)}"
    return f"{count} {'before' if months < 0 else 'after'}"


def licence_practice(row: Row) -> str:
    """How licences are granted."""
    value = "" if row["value"] is None else f" ({number(row['value'])} {row['unit']})"
    when = f"{date_words(row['date'])}: " if row["date"] else ""
    return f"{when}{row['text']}{value if value.strip(' ()') not in row['text'] else ''}"


def evidence(row: Row) -> str:
    """A target of fit and backtest."""
    return f"{subject(row, row)}: {amount(row, row['value'])} ({SAMPLES[row['sample']]})"


BOUNDS: Final[Mapping[str, str]] = {
    "output": "output of {good}",
    "price_home": "the price of {good} in China",
    "chain_months": "months of material in the whole chain",
    "firms_stopped_share": "the share of firms whose lines stop",
}


def bounds(row: Row) -> str:
    """A bound of the calibration."""
    what = BOUNDS[row["quantity"]].format(good=good(row["good"]) if row["good"] else "all goods")
    return (
        f"A bound of the calibration: {what}, {span_words(row['from'], row['to'])}, near "
        f"{amount(row, row['value'])}"
    )


def hazard_test(row: Row) -> str:
    """A test of when governments act."""
    return (
        f"A test of when governments act: {row['metric']}; wanted: {row['threshold']}; {row['why']}"
    )


def capability(row: Row) -> str:
    """What the exporter's controls could do."""
    return (
        f"From {date_words(row['date'])} the capability of China's controls counts "
        f"{row['level']:g} of 1{between(row)}: {row['step']}"
    )


def counter_leverage(row: Row) -> str:
    """What a target could answer with."""
    return (
        f"What {the(row['government'])} could answer with counts {row['counter_leverage']:g} of 1"
        f"{between(row)}"
    )


def governments(row: Row) -> str:
    """What a government can do, and what giving way costs it at home."""
    return (
        f"The capability of {the(row['government'])} to coerce counts "
        f"{row['capability_2009']:g} of 1 in 2009 and {row['capability_2024']:g} in 2024; what "
        f"giving way costs it at home counts {row['audience_trade']:g} in a quarrel on trade and "
        f"{row['audience_sovereignty']:g} in one on sovereignty"
    )


def instruments(row: Row) -> str:
    """An instrument of coercion."""
    whom = "all the world" if row["scope"] == "world" else "its target"
    return (
        f"{words(row['instrument'])} stands on rung {row['rung']} of coercion and meets {whom}: "
        f"its bite counts {row['bite']:g} of 1, the sales that it costs {row['lost_sales']:g}, and "
        f"the alarm {row['alarm']:g}"
    )


# ---------------------------------------------------------------- plants and firms


def plants(row: Row) -> str:
    """A plant."""
    capacity = (
        f"{number(float(row['capacity_t_y']))} {row['capacity_basis']}"
        if row["capacity_t_y"]
        else row["capacity_basis"]
    )
    said = joined(
        capacity,
        row["product"],
        f"owned by {row['owner']}" if row["owner"] else "",
        f"since {row['first_year']}" if row["first_year"] else "",
        row["status"],
        f"USD {number(float(row['capex_usd']) / 1e6)} million" if row["capex_usd"] else "",
        row["offtake_support"],
    )
    return f"{row['name']} {place(row['state'])} ({words(row['stage'])}): {said}"


def projects(row: Row) -> str:
    """A project under way at the start."""
    return (
        f"{row['name']} {place(row['state'])} is under way in {date_words(row['start'])} and opens "
        f"in {date_words(row['first_month'])}: {number(row['tonnes_per_year'])} t a year, "
        f"{does(row['process'])}"
    )


def options(row: Row) -> str:
    """A project that may be built."""
    cost = f", for USD {number(row['capex_usd_m'])} million" if row["capex_usd_m"] else ""
    if row["kind"] == "generic":  # its name says what it is, and where
        return (
            f"{plain(row['name'])} may be built from {date_words(row['from_month'])} on: "
            f"{number(row['tonnes_per_year'])} t a year{cost}"
        )
    return (
        f"{plain(row['name'])} may be built {place(row['state'])} from "
        f"{date_words(row['from_month'])} on: {number(row['tonnes_per_year'])} t a year, "
        f"{does(row['process'])}{cost}"
    )


def firms(row: Row) -> str:
    """A firm's share."""
    return (
        f"In {date_words(row['start'])} {row['firm']} has {percent(row['share'])} of the "
        f"{does(row['process'])} {place(row['state'])}"
    )


def integrated(row: Row) -> str:
    """A plant with a mine of its own."""
    return f"In {date_words(row['start'])} {row['plant']} is fed by its own mine, {row['mine']}"


def pits(row: Row) -> str:
    """Small pits in clay."""
    return (
        f"Small pits {place(row['state'])} can give at most {number(row['most_tonnes_per_year'])} "
        f"t a year{between(row)}"
    )


# ---------------------------------------------------------------- the start


def stage_output(row: Row) -> str:
    """Output of a stage in a state."""
    illegal = row["beyond_quota"]
    beyond = f", {number(illegal)} of it beyond the quota" if illegal else ""
    return (
        f"The {does(row['process'])} {place(row['state'])} gives "
        f"{number(row['tonnes_per_year'])} t a year in {row['start'][:4]}{beyond}"
    )


def end_use(row: Row) -> str:
    """What a sector of a state uses."""
    return (
        f"Makers of {does(row['sector'])} {place(row['state'])} use "
        f"{number(row['tonnes_per_year'])} t of {good(row['good'])} a year in {row['start'][:4]}"
    )


def trade_prior(row: Row) -> str:
    """Who buys from whom."""
    where = place(row["destination"])
    if row["origin"] == row["destination"]:
        return (
            f"{percent(row['share'])} of the {good(row['good'])} bought {where} is made there in "
            f"{row['start'][:4]}"
        )
    return (
        f"{percent(row['share'])} of the {good(row['good'])} bought {where} comes from "
        f"{the(row['origin'])} in {row['start'][:4]}"
    )


def prices_start(row: Row) -> str:
    """A price at the start."""
    return (
        f"The price of {good(row['good'])} in China, without tax, is USD "
        f"{number(row['usd_per_kg'])} a kilogram at the start in {row['start'][:4]}"
    )


def targets_start(row: Row) -> str:
    """A total that the start must meet."""
    what, year = words(row["quantity"]).replace("of World", "of the world"), row["start"][:4]
    if row["fact"] is None:
        return f"At the start in {year} nobody tells: {what}"
    unit = {"%": "%", "USD/kg": " USD a kilogram"}.get(
        row["unit"], f" {UNITS.get(row['unit'], row['unit'])}"
    )
    return f"At the start in {year}: {what}, {number(row['fact'])}{unit}"


# ---------------------------------------------------------------- what things are made of and cost


def processes(row: Row) -> str:
    """What goes into what."""
    amount_of = f"{number(row['coefficient'])} t of {good(row['good'])}"
    if row["role"] == "output":
        return f"The {does(row['process'])} gives {amount_of} a tonne that is run"
    return f"The {does(row['process'])} takes {amount_of} a tonne that is run"


def goods(row: Row) -> str:
    """A good: its content, how it is priced, how long a new supplier takes."""
    held = ", ".join(f"{one} {percent(row[one])}" for one in ELEMENTS if row[one])
    content = f" ({held})" if held else ""
    return (
        f"{row['label']}{content}: priced as {PRICED[row['pricing']]}, lies with its makers for "
        f"{counted(row['shelf_months'], 'month')}, a new supplier takes "
        f"{counted(row['qualification_months'], 'month')} to qualify"
    )


def choke(row: Row) -> str:
    """A price at which a use is given up."""
    where = "everywhere" if row["user"] == "All" else f"in {does(row['user'])}"
    return (
        f"At USD {number(row['usd_per_kg'])} a kilogram{between(row)} the use of "
        f"{good(row['good'])} is given up {where}"
    )


def conversion_cost(row: Row) -> str:
    """A cost of making."""
    return (
        f"The {does(row['process'])} costs USD {number(row['usd_per_kg'])} a kilogram "
        f"{place(row['state'])}, without its inputs"
    )


def capex(row: Row) -> str:
    """A cost of building."""
    return (
        f"A plant for the {does(row['process'])} {place(row['state'])} costs USD "
        f"{number(row['usd_per_t_year'])} for each tonne a year{between(row)}"
    )


def price_level(row: Row) -> str:
    """The level of costs."""
    return f"In {date_words(row['month'])} costs stand at {row['level']:g} of those of 2024"


def cover(row: Row) -> str:
    """A stock that firms hold."""
    return (
        f"Firms in {does(row['kind'])} hold stock for {counted(row['months_median'], 'month')} "
        f"{place(row['state'])} (most between {number(row['months_low'])} and "
        f"{number(row['months_high'])})"
    )


def parts(row: Row) -> str:
    """Parts of a line that hold a good."""
    return (
        f"A line of {does(row['sector'])} has {counted(row['parts'], 'part')} with "
        f"{good(row['good'])}{between(row)}"
    )


def lanes(row: Row) -> str:
    """Days of freight."""
    if row["origin"] == "home":
        return f"Freight within a state takes {number(row['days'])} days{between(row)}"
    return (
        f"Freight from {words(row['origin'])} to {words(row['destination'])} takes "
        f"{number(row['days'])} days{between(row)}"
    )


def headings(row: Row) -> str:
    """A customs heading."""
    return f"Customs count {good(row['good'])} under heading {row['heading']}"


# ---------------------------------------------------------------- economies


def value_added(row: Row) -> str:
    """Value added that depends on the parts."""
    return (
        f"{does(row['sector'])} {place(row['state'])} make USD {number(row['usd_bn'])} bn of value "
        f"a year (dollars of {row['price_year']}), of which {percent(row['dependent_share'])} "
        f"rests on the parts (between {percent(row['dependent_low'])} and "
        f"{percent(row['dependent_high'])})"
    )


def multipliers(row: Row) -> str:
    """What a stopped line costs the whole economy."""
    return (
        f"A dollar of value lost in {does(row['sector'])} {place(row['state'])} costs the whole "
        f"economy {row['multiplier']:g}{between(row)}"
    )


def gdp(row: Row) -> str:
    """An economy."""
    return (
        f"GDP {place(row['state'])} is USD {number(row['usd_bn'])} bn in {row['year']}, in dollars "
        f"of {row['price_year']}"
    )


def growth(row: Row) -> str:
    """Growth of demand."""
    return (
        f"Demand of {does(row['sector'])} {place(row['region'])} grows by "
        f"{percent(row['growth_per_year'])} a year from {row['start_year']} to {row['end_year']}"
    )


def demand_cases(row: Row) -> str:
    """A case of demand."""
    tonnes = "" if row["tonnes"] is None else f", {number(row['tonnes'])} t in all"
    return (
        f"In the case of {CASES[row['case']]}, demand of {does(row['sector'])} grows by "
        f"{percent(row['growth_per_year'])} a year more from {date_words(row['date'])} to "
        f"{date_words(row['end'])}{tonnes}"
    )


CASES: Final[Mapping[str, str]] = {
    "ev": "electric cars",
    "ai_hardware": "hardware for AI",
    "defence": "defence",
    "clean_energy": "clean energy",
    "humanoid": "humanoid robots",
}


def actors(row: Row) -> str:
    """Who stands for whom."""
    whom = ", ".join(row["maps_to"].replace("firm:", "the firm ").split("|"))
    return f"{row['actor']} counts as {whom or 'nobody'}"


def states(row: Row) -> str:
    """A state: who decides for it, where it lies."""
    return (
        f"{the(row['government'])} decides for {the(row['state'])}, which lies in {row['region']}"
    )


TELLERS: Final[Mapping[str, Teller]] = MappingProxyType(
    {
        teller.__name__: teller
        for teller in (
            *(timeline, triggers, record, licence_outcomes, licence_practice, evidence, bounds),
            *(plants, projects, options, firms, integrated, stage_output, end_use, trade_prior),
            *(prices_start, targets_start, processes, goods, choke, conversion_cost, capex),
            *(price_level, cover, parts, lanes, headings, pits, value_added, multipliers, gdp),
            *(growth, demand_cases, governments, actors, states, instruments, capability),
            *(counter_leverage, hazard_test),
        )
    }
)
