"""Random legal scenarios, each lived through with every check after every month; now and then
twice, forked, and read back from a file.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from coercivity.experiments.worlds.run import finish
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU, MECHANISMS, MOMENTS, WORLD
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.act_kinds import Field, kinds_of
from coercivity.model.scenario.date_checks import IN_THE_START
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.firm_checks import hosts, reachable_plants
from coercivity.model.scenario.quota_checks import sold_in
from coercivity.model.scenario.scenario import Scenario, parse_scenario, scenario_from_dict
from coercivity.model.scenario.settings import MODES
from coercivity.model.scenario.support_checks import SENDER, SUPPORT
from coercivity.model.start.population import census
from coercivity.model.world import World
from tools.check.fingerprint import fingerprint
from tools.check.invariants import step_and_check
from tools.fuzz.verdict import Tried, luck, where, within

MOST_EVENTS, MOST_CHOICES = 16, 4
LARGEST = {
    "budget": 20_000.0,
    "tonnes": 150_000.0,
    "floor": 400.0,
    "ceiling": 600.0,
}  # of numbers that have no upper end
FIRMS = (
    1.0,
    2.0,
    3.0,
    4.0,
)  # firms per sector and state; the model takes 7,000, which a run is an hour for
HUGE, HUGE_SHARE = (1e7, 1e12, 1e100, 1e300), 0.03  # which are legal too
PATIENCE = 300.0  # seconds of one scenario
AGAIN, FORK, TABLES, FILE = (
    10,
    5,
    4,
    3,
)  # every how manyth scenario is run twice, forked, tabulated, written and read


def try_legal(seed: int, number: int) -> Tried:
    """One scenario: lived, or a fault."""
    rng = luck("legal", seed, number)
    raw = scenario_raw(rng, number)
    repeat = f"python -m tools.fuzz --scenarios 1 --inputs 0 --seed {seed} --first {number}"
    try:
        with within(PATIENCE):
            live(scenario_from_dict(raw), number, rng)
    except Exception as error:
        kinds = " ".join(sorted({event["kind"] for event in (*raw["events"], *raw["choices"])}))
        return Tried("fault", f"{where(error)}; {kinds}; {repeat}")
    return Tried("lived")


def live(scenario: Scenario, number: int, rng: random.Random) -> None:
    """Every month through all checks; then what must be the same is compared."""
    world_seed = rng.randrange(2**32)
    fork_at = rng.randrange(scenario.months) if number % FORK == 0 else -1
    world, fork = World(scenario, world_seed), None
    for month in range(scenario.months):
        if month == fork_at:
            fork = world.fork()
        step_and_check(world)
        if fork is not None:
            fork.step()
    if fork is not None:
        assert fingerprint(world) == fingerprint(fork), (
            f"a fork of month {fork_at} lives another life"
        )
    if number % AGAIN == 0:
        again = World(scenario, world_seed)
        for _ in range(scenario.months):
            again.step()
        assert fingerprint(world) == fingerprint(again), (
            "the same scenario and seed live another life"
        )
    if number % TABLES == 0:
        result = finish(world)
        for name in result.tables:
            result.table(name)
        assert result.headlines()
    if number % FILE == 0:
        assert parse_scenario(scenario.to_yaml()) == scenario, (
            "a scenario is read back as another one"
        )


def scenario_raw(rng: random.Random, number: int) -> dict[str, Any]:
    """A scenario as a file would hold it: what a careful author could write, with the ends of
    ranges and rare kinds more often than they come.
    """
    facts = Facts.default()
    start, months, parameters = rng.choice(facts.starts), rng.randint(24, 60), parameters_raw(rng)
    shipped = load_parameters()["firms_per_sector"].value
    firms = round(parameters.get("firms_per_sector", shipped))
    modes = {
        name: rng.choice(MODES)
        for name in rng.sample(facts.governments, rng.choice((0, 0, 1, 3, len(facts.governments))))
    }
    events: list[dict[str, Any]] = []
    for place in range(rng.randint(0, MOST_EVENTS)):
        events.append(act_raw(rng, f"e{place}", start, months, firms, events))
    choices: list[dict[str, Any]] = []
    for place in range(rng.randint(0, MOST_CHOICES)):
        choice = act_raw(rng, f"c{place}", start, months, firms, [*events, *choices])
        if modes.get(choice.get("actor", "")) == "autonomous":
            modes[choice["actor"]] = "played"
        choices.append(choice)
    return {
        "name": f"fuzz-{number}",
        "title": "A scenario of the fuzzer",
        "start": start,
        "months": months,
        "parameters": parameters,
        "mechanisms": {
            name: rng.random() < 0.5 for name in rng.sample(MECHANISMS, rng.choice((0, 0, 1, 4)))
        },
        "governments": modes,
        "events": events,
        "choices": choices,
    }


def parameters_raw(rng: random.Random) -> dict[str, float]:
    """Some parameters at any place of their range, often at an end; sometimes all of them."""
    table = load_parameters()
    names = rng.sample(table.names, rng.choice((0, 2, 8, 30, len(table))))
    values = {
        row.name: rng.choice((row.low, row.high, rng.uniform(row.low, row.high)))
        for row in map(table.__getitem__, names)
    }
    if "firms_per_sector" in values:
        values["firms_per_sector"] = rng.choice(FIRMS)
    return values


def act_raw(
    rng: random.Random,
    name: str,
    start: str,
    months: int,
    firms: int,
    before: list[dict[str, Any]],
) -> dict[str, Any]:
    """One act of any kind, with those fields that it must have and some of those that it may."""
    facts = Facts.default()
    open_to = {kind: suitable(kind, before) for kind in ("suspension", "dispute")}
    kind = rng.choice(
        [
            kind
            for kind in kinds_of(facts)
            if open_to.get(kind, True)
            and not (kind == "coalition" and any(act["kind"] == kind for act in before))
        ]
    )
    spec = kinds_of(facts)[kind]
    first = (
        date.fromisoformat(f"{start}-01"),
        date.fromisoformat(f"{month_name(start, months - 1)}-28"),
    )
    in_tables = kind == "firm_build" or kind in IN_THE_START  # a start holds what was before it
    back = 0 if in_tables else rng.choice((0, 0, 40, 700))  # days before the start
    day = first[0] + timedelta(days=rng.randint(-back, (first[1] - first[0]).days))
    raw: dict[str, Any] = {"id": name, "kind": kind}
    of = rng.choice(open_to[kind]) if kind in open_to else None
    if of is not None:
        day, raw["of"] = max(day, date.fromisoformat(of["date"])), of["id"]
    raw["date"] = day.isoformat()
    if rng.random() < 0.03:  # the name that a government's own decision would have
        raw["id"] = f"{rng.choice(facts.governments[:4])}-{raw['date'][:7]}-{kind}-{name[1:]}"[:40]
    if spec.end or rng.random() < 0.5:
        raw["end"] = max(day, first[0] + timedelta(days=rng.randint(0, 2500))).isoformat()
    if spec.actor:
        raw["actor"] = rng.choice(
            [
                who
                for who in facts.governments
                if not (kind in (*SUPPORT, "coalition") and who == SENDER)
                and (of is None or who != of.get("actor"))
            ]
        )
        if (
            kind != "dispute"
            and rng.random() < 0.5
            and kind not in (*SUPPORT, "coalition", "import_tariff")
        ):
            raw["actor"] = SENDER
        if spec.towards and (not spec.targets or rng.random() < 0.8):
            own = set(facts.states_of(raw["actor"]))
            able = [
                target
                for target in (*facts.states, EU, WORLD)
                if target == WORLD or not set(facts.states_of(target)) <= own
            ]
            raw["targets"] = rng.sample(able, rng.choice((1, 1, 2, 5)))
    if spec.goods and rng.random() < 0.7:
        raw["goods"] = rng.choice(
            (rng.choice(tuple(facts.good_groups)), rng.sample(facts.goods, rng.randint(1, 5)))
        )
    for key, wanted in spec.fields.items():
        if wanted.check != "id" and (wanted.required or rng.random() < 0.6):
            raw[key] = MAKE[wanted.check](rng, key, wanted)
    return settled(rng, raw, start, firms)


def suitable(kind: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Acts that a suspension or a case can be about."""
    return [
        act
        for act in before
        if act["kind"] not in (*MOMENTS, "suspension")
        and (kind == "suspension" or act.get("actor"))
    ]


def number_raw(rng: random.Random, key: str, wanted: Field) -> float:
    """A number within its bounds, often at one of them, now and then a huge one."""
    if wanted.high == float("inf") and rng.random() < HUGE_SHARE:
        return rng.choice(HUGE)
    high = wanted.high if wanted.high < float("inf") else LARGEST.get(key, 1000.0)
    return rng.choice(
        (wanted.low, high, rng.uniform(wanted.low, high), rng.uniform(wanted.low, high))
    )


def names_raw(rng: random.Random, key: str, wanted: Field) -> list[str]:
    """One to six of the names that may stand there."""
    return rng.sample(wanted.options, rng.randint(1, min(6, len(wanted.options))))


MAKE: Mapping[str, Callable[[random.Random, str, Field], Any]] = {
    "number": number_raw,
    "names": names_raw,
    "choice": lambda rng, key, wanted: rng.choice(wanted.options),
    "text": lambda rng, key, wanted: "",
}


def settled(rng: random.Random, raw: dict[str, Any], start: str, firms: int) -> dict[str, Any]:
    """The act without what its kind forbids: the rival among hosts, a ceiling below its floor, a
    plant where none is planned.
    """
    facts, kind = Facts.default(), raw["kind"]
    if "hosts" in raw:
        raw["hosts"] = [state for state in raw["hosts"] if state != SENDER] or ["Australia"]
    if kind == "price_floor":
        raw["ceiling"] = max(raw.get("ceiling", 150.0), raw["floor"])
    if kind == "coalition":
        raw["members"] = [
            name for name in dict.fromkeys([raw["actor"], *raw["members"]]) if name != SENDER
        ]
        raw["outside"] = [name for name in raw.get("outside", []) if name not in raw["members"]]
        raw = {key: value for key, value in raw.items() if value != []}
    if kind in ("ore_in_quota", "supply_order"):
        raw["actor"] = SENDER
    if kind == "quota":  # on goods that nobody there sells one is refused
        sold = sold_in(raw["actor"], facts, start, firms)
        if not set(facts.expand_goods(raw.get("goods", kinds_of(facts)[kind].goods))) & set(sold):
            raw["goods"] = [rng.choice(sold)]
    if kind == "sales_end":
        raw["to"] = [name for name in raw["to"] if name != raw["state"]] or [
            next(name for name in facts.states if name != raw["state"])
        ]
    if kind == "firm_build":
        raw["state"] = rng.choice(hosts(facts, raw["process"], start))
    if kind == "firm_supplier":
        raw["states"] = [
            state
            for state in raw.get("states", ["Japan"])
            if state != raw.get("away_from", "China")
        ] or ["South Korea"]
        raw["away_from"] = rng.choice(
            [state for state in facts.states if state not in raw["states"]]
        )
    by_firm = "firm" in kinds_of(facts)[kind].fields and kind != "firm_build"
    if kind in SUPPORT:
        raw.pop("firm", None)  # support for a firm without a name is refused
    if by_firm and rng.random() < 0.3:
        names: Sequence[str] = census(facts, start, firms).names
        if kind in SUPPORT:  # a firm that it cannot reach is refused
            act = event_from_dict(facts, raw, "legal", 1)
            names = reachable_plants(act, (), facts, start, firms)
        if names:
            raw["firm"] = rng.choice(names)
    if kind in (*SUPPORT, "coalition") and raw.get("end", "9999")[:7] < start:
        del raw["end"]
    return raw
