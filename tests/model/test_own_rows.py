"""Own rows over shipped tables: what they move, what they leave, and what is refused."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.overlay import (
    NO_ROWS,
    OWN_TABLES,
    merge_own_rows,
    remove_own_row,
    says_nothing,
    table_of,
)
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    parse_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.model.start.balanced import balanced_start
from coercivity.model.start.population import census
from coercivity.model.world import World
from tests.facts import FACTS
from tests.names import GOODS, PROCESSES, SECTORS, STATES
from tests.refusal import refusal

START = "2024-01"
JAPAN, CHINA, GERMANY = (STATES.index(name) for name in ("Japan", "China", "Germany"))
CARS = {"kind": "automotive", "state": "Japan", "months_median": 4}
PLANT = {
    "name": "My heavy plant",
    "process": "separate_heavy",
    "state": "Australia",
    "tonnes_per_year": 5000,
    "first_month": START,
}
SMALL = PLANT | {"tonnes_per_year": 900}
HOT = "magnet_heat_resistant"
MOVED = [  # two tenths of what Germany buys, from China to Japan
    {"good": HOT, "origin": "China", "destination": "Germany", "share": 0.66094},
    {"good": HOT, "origin": "Japan", "destination": "Germany", "share": 0.25707},
]


def own(
    months: int = 48, scenario: str = "japan-2026-from-2024", **tables: list[dict[str, Any]]
) -> Scenario:
    """A shipped scenario with own rows."""
    raw = load_scenario(scenario).to_dict() | {"tables": tables}
    return with_changes(scenario_from_dict(raw), months=months)


def plain(months: int = 48) -> Scenario:
    return with_changes(load_scenario("japan-2026-from-2024"), months=months)


@cache
def ran(scenario: Scenario, seed: int) -> Result:
    return run_scenario(scenario, seed)


def first_month(scenario: Scenario) -> World:
    return World(scenario, 1, record=False, collect=False)


def test_without_own_rows_nothing_differs() -> None:
    shipped = load_scenario("japan-2026-from-2024")
    assert shipped.tables == NO_ROWS
    assert "tables" not in shipped.to_dict()
    for name in OWN_TABLES:
        assert table_of(FACTS, name) is load_table(name)
    assert scenario_from_dict(shipped.to_dict() | {"tables": None}) == shipped
    assert scenario_from_dict(shipped.to_dict() | {"tables": {"cover": []}}) == shipped
    assert balanced_start(FACTS, START) is balanced_start(FACTS, START, NO_ROWS)
    assert census(FACTS, START, 3) is census(FACTS, START, 3, NO_ROWS)


def test_own_rows_are_read_from_yaml_and_written_back() -> None:
    text = """
    name: mine
    base: japan-2026-from-2024
    start: 2024-01
    months: 60
    tables:
      projects:
        - {name: My heavy plant, process: separate_heavy, state: Australia,
           tonnes_per_year: 5000, first_month: 2024-01}
      cover:
        - {kind: automotive, state: Japan, months_median: 4, source: a survey, confidence: low}
    """
    mine = parse_scenario(text)
    assert [name for name, _ in mine.tables] == ["cover", "projects"]
    again = parse_scenario(mine.to_yaml())
    assert again == mine
    assert again.fingerprint() == mine.fingerprint()
    assert scenario_from_dict(json.loads(json.dumps(mine.to_dict()))) == mine
    assert mine.fingerprint() != parse_scenario(text.split("tables:")[0]).fingerprint()
    assert with_changes(mine, months=24, parameters={"share_speed": 0.2}).tables == mine.tables
    cars = table_of(FACTS, "cover", mine.tables).where(kind="automotive", state="Japan")[0]
    assert (cars["source"], cars["confidence"]) == ("a survey", "low")
    plant = table_of(FACTS, "projects", mine.tables).rows[-1]
    assert (plant["source"], plant["confidence"], plant["patient"]) == ("own", "own", 0)


def test_what_a_row_leaves_out_is_that_of_the_shipped_row() -> None:
    rows = own(cover=[{"kind": "make_metal", "state": "Japan", "months_median": 4.5}]).tables
    shipped, laid = load_table("cover"), table_of(FACTS, "cover", rows)
    place = next(
        place
        for place, row in enumerate(shipped)
        if (row["kind"], row["state"]) == ("make_metal", "Japan")
    )
    assert laid.added == 0
    assert laid.lines == shipped.lines
    assert laid.rows[:place] == shipped.rows[:place]
    assert laid.rows[place + 1 :] == shipped.rows[place + 1 :]
    row = laid.rows[place]  # low and high keep their ratio to the median: 2, 3, 4
    assert [row[f"months_{name}"] for name in ("low", "median", "high")] == [3.0, 4.5, 6.0]
    held = own(cover=[{"kind": "make_metal", "state": "Japan", "months_low": 1}]).tables
    row = table_of(FACTS, "cover", held).rows[place]
    assert [row[f"months_{name}"] for name in ("low", "median", "high")] == [1.0, 3.0, 4.0]


def test_rows_are_merged_taken_back_and_known_to_say_nothing() -> None:
    cars, wind = own(cover=[CARS]).tables, own(cover=[CARS | {"kind": "wind"}]).tables
    more = own(cover=[CARS | {"months_median": 5}]).tables
    both = merge_own_rows(FACTS, cars, wind)
    assert len(both[0][1]) == 2
    assert merge_own_rows(FACTS, both, more)[0][1][0] == more[0][1][0]
    assert remove_own_row(FACTS, both, "cover", ("wind", "Japan")) == cars
    assert remove_own_row(FACTS, cars, "cover", ("automotive", "Japan")) == NO_ROWS
    assert not says_nothing(FACTS, "cover", cars[0][1][0])
    same = (("kind", "automotive"), ("state", "Japan"), ("months_median", 1.0))
    assert says_nothing(FACTS, "cover", same)
    assert not says_nothing(FACTS, "projects", own(projects=[PLANT]).tables[0][1][0])


def test_months_of_stock_are_held_at_the_start() -> None:
    worlds = {
        name: first_month(one) for name, one in (("mine", own(cover=[CARS])), ("plain", plain()))
    }
    stock, rest = {}, {}
    for name, world in worlds.items():
        firm = world.needs.firm
        cars = (world.firms.state[firm] == JAPAN) & (
            world.firms.sector[firm] == SECTORS.index("automotive")
        )
        stock[name], rest[name] = world.needs.cover[cars], world.needs.cover[~cars]
    assert stock["mine"] == pytest.approx(4 * stock["plain"])  # shipped: a month
    assert np.array_equal(rest["mine"], rest["plain"])
    held = [
        float(world.needs.stock[world.firms.state[world.needs.firm] == JAPAN].sum())
        for world in worlds.values()
    ]
    assert held[0] > held[1]


def first_stop(result: Result, sector: str) -> str:
    """The day on which the first line of a sector stops in Japan."""
    table = result.table("stoppages")
    lines = table[(table["state"] == "Japan") & (table["sector"] == sector)]
    return min(lines["first_day"].astype(str), default="never")


def test_who_holds_more_stops_later() -> None:
    """Nine months of stock at makers of chips in Japan, four as shipped; luck is the same. Under
    the licences of 2025 and a ban of everything they stop later.
    """
    ban, chips = "japan-blanket-ban", "semiconductors_ceramics"
    stocked = own(scenario=ban, cover=[CARS | {"kind": chips, "months_median": 9}])
    for seed in (1, 2):
        base, mine = (first_stop(ran(one, seed), chips) for one in (own(scenario=ban), stocked))
        assert base < mine


def test_who_holds_more_loses_less_and_a_plant_outside_china_lowers_dependence() -> None:
    """Half a year at all end users of Japan: stocks put off a loss, and no more."""
    stocked = own(cover=[CARS | {"kind": sector, "months_median": 6} for sector in SECTORS])
    built = ran(own(projects=[PLANT | {"patient": 1}]), 1)
    holds, plant, base = map(compute_headlines, (ran(stocked, 1), built, ran(plain(), 1)))
    assert holds["output_lost_24m"] < base["output_lost_24m"]
    for name in ("dependence_separated_before", "output_lost_24m"):
        assert plant[name] < base[name], name
    assert PLANT["name"] in set(built.table("firms")["firm"].astype(str))


def test_an_added_plant_leaves_the_luck_of_all_others() -> None:
    """It stands behind all others, and nobody loses a supplier by it."""
    mine, shipped = census(FACTS, START, 3, own(projects=[PLANT]).tables), census(FACTS, START, 3)
    assert mine.names == (*shipped.names, PLANT["name"])
    assert mine.added == len(shipped.names)
    assert mine.users == shipped.users
    assert mine.options == shipped.options
    assert mine.builds == (*shipped.builds, (mine.added, 0, 5000 / 12))
    worlds = [first_month(one) for one in (own(projects=[PLANT]), plain())]
    pairs = (zip(one.links.need.tolist(), one.links.offer.tolist(), strict=True) for one in worlds)
    with_plant, without_it = map(set, pairs)
    assert without_it < with_plant
    assert np.array_equal(worlds[0].firms.reach[:-1], worlds[1].firms.reach)
    assert worlds[0].firms.names[-1] == PLANT["name"]


def test_a_shipped_plant_without_tonnes_is_not_built() -> None:
    name = "Carester Lacq"
    gone = own(projects=[{"name": name, "process": "separate_heavy", "tonnes_per_year": 0}])
    assert table_of(FACTS, "projects", gone.tables).added == 0
    for scenario, built in ((gone, False), (plain(), True)):
        world = first_month(scenario)
        row = world.firms.names.index(name)
        assert world.firms.capacity[row] == 0.0
        assert bool(world.works.pipeline.arrivals[:, row].any()) == built


def test_a_share_that_is_moved_is_traded_in_the_first_month() -> None:
    rows = own(trade_prior=MOVED).tables
    accounts, shipped = balanced_start(FACTS, START, rows), balanced_start(FACTS, START)
    good = GOODS.index(HOT)
    for row in MOVED:
        bought = accounts.flow[good, :, GERMANY]
        found = bought[STATES.index(row["origin"])] / bought.sum()
        assert found == pytest.approx(row["share"], abs=1e-3)
    assert accounts.use == pytest.approx(shipped.use)  # and no tonne more or less
    assert accounts.output == pytest.approx(shipped.output)
    assert accounts.flow[good].sum(axis=0) == pytest.approx(accounts.use[good], rel=1e-3)
    assert accounts.flow[good].sum(axis=1) == pytest.approx(accounts.output[good], rel=1e-3, abs=1)
    others = [other for other in range(len(GOODS)) if other != good]
    assert np.array_equal(accounts.flow[others], shipped.flow[others])


@pytest.mark.parametrize(
    "tables",
    [
        {
            "cover": [CARS | {"months_median": 24}, CARS | {"kind": "wind", "months_median": 0.05}],
            "trade_prior": MOVED,
        },
        {"projects": [SMALL | {"name": f"My {one}", "process": one} for one in PROCESSES]},
    ],
    ids=lambda tables: ",".join(tables),
)
def test_the_books_balance(tables: dict[str, list[dict[str, Any]]]) -> None:
    world = first_month(own(**tables))
    while world.running:
        world.step()
        assert np.abs(world.balance_error()).max() < 1e-6
    assert np.isfinite(world.offers.ask).all()
    assert (world.needs.stock >= 0).all()


NDPR = {"good": "ndpr_oxide", "origin": "Malaysia", "destination": "Japan"}
ORE = {"good": "light_concentrate", "origin": "China", "destination": "China"}
HEAVY = {"good": "dysprosium_oxide", "origin": "China", "destination": "Japan"}


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"cover": [CARS | {"months_median": 4000}]}, "cover row 1, column months_median: '4000'"),
        ({"cover": [CARS, CARS | {"state": "Japon"}]}, "cover row 2, column state: 'Japon' is"),
        ({"cover": [CARS | {"months_median": "4 months"}]}, "'4 months' is not a number; use"),
        ({"cover": [CARS | {"months": 3}]}, "column 'months' is not known; did you mean"),
        ({"cover": [{"kind": "wind", "months_median": 2}]}, "column state: it is missing"),
        ({"cover": [CARS | {"note": [1]}]}, "column note: '[1]' is no single value; write a text"),
        ({"cover": "much"}, "'much' is not a list of rows"),
        ({"cover": ["much"]}, "cover row 1: 'much' is not a row; write columns and values, kind:"),
        ("much", "'much' is not a mapping"),
        ({"cover": [CARS] * 501}, "501 rows are too many; use at most 500"),
        ({"cover": [CARS] * 250, "projects": [PLANT] * 251}, "501 rows are too many; use at most"),
        (
            {"trade_prior": [NDPR | {"start": "2009-01", "share": 0.5}]},
            "'2009-01' is not the start of this scenario, which begins in 2024-01",
        ),
        ({"projects": [PLANT | {"first_month": "May"}]}, "'May' is not a month; write YYYY-MM"),
        (
            {"projects": [{k: v for k, v in PLANT.items() if k != "tonnes_per_year"}]},
            "column tonnes_per_year: it is missing, and no shipped row has it; use a number",
        ),
        ({"cover": [CARS | {"months_high": 2}]}, "does not lie between months_low 1.2 and"),
        ({"cover": [CARS, CARS]}, "cover row 2, column kind: kind 'automotive', state 'Japan' is"),
        ({"stocks": []}, "table 'stocks' takes no rows of your own; use one of: cover"),
        ({"plants": []}, "write a new plant under 'projects'"),
        ({"trade_prior": [NDPR | {"share": 0.5}]}, "sum to 0.8387 (China 0.13, United States 0"),
        (
            {"trade_prior": [ORE | {"share": 0.7}, ORE | {"origin": "Australia", "share": 0.15}]},
            "from Australia, which makes 2,417 at the start; write a smaller share",
        ),
        (
            {"trade_prior": [HEAVY | {"destination": "Brazil", "share": 1}]},
            "column destination: 'Brazil' uses no dysprosium_oxide at the start 2024-01",
        ),
        (
            {"trade_prior": [HEAVY | {"share": 0.96}]},
            "'0.96' cannot be balanced: for all that is made to be bought it would be 1; write",
        ),
        ({"projects": [PLANT | {"first_month": "2020-01"}]}, "'2020-01' is before the start"),
        ({"projects": [PLANT, PLANT]}, "is already in row 1; keep one of the two"),
    ],
)
def test_a_row_that_does_not_fit_costs_one_sentence(tables: Any, words: str) -> None:
    raw = load_scenario("business-as-usual").to_dict() | {"tables": tables}
    caught = refusal(scenario_from_dict, raw, "mine.yaml")
    assert caught.startswith("mine.yaml, tables")
    assert words in caught
