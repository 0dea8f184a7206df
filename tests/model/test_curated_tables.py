"""The curated start tables: known names, sources on every row, and totals that fit each other."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict

import pytest

from coercivity.model.basis.assumed import assumption_of
from coercivity.model.basis.facts import load_table
from coercivity.viz.page_data.evidence_data import fact_tables
from tests.facts import FACTS
from tests.names import GOODS, GOVERNMENTS, PROCESSES, SECTORS, STARTS, STATES

CURATED: tuple[str, ...] = ("states", "stage_output", "end_use", "trade_prior", "prices_start")
CURATED += ("cover", "record", "conversion_cost", "value_added", "growth", "targets_start")
CURATED += ("timeline", "actors", "plants", "capex", "options", "integrated", "triggers")
CURATED += ("counter_leverage", "capability")
MAGNETS = ("magnet_standard", "magnet_heat_resistant", "magnet_smco")
MOTORS = ("motor_standard", "motor_heat_resistant")
# ores yield more than is wanted
SURPLUS = ("lanthanum_oxide", "cerium_oxide", "seg_oxide", "yttrium_oxide")
# plants elsewhere had no heavy line at either start
FINISHED_IN_CHINA = ("seg_oxide", "dysprosium_oxide", "terbium_oxide", "yttrium_oxide")
LAST_YEAR = 2024  # nothing that markets did after it may enter


def output_by_state(start: str) -> dict[str, dict[str, float]]:
    """Tonnes a year of each good by state, from runs and recipes."""
    coefficients = load_table("recipes").where(role="output")
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in load_table("stage_output").where(start=start):
        for made in coefficients:
            abroad = row["process"] == "separate_light" and row["state"] != "China"
            if made["process"] != row["process"] or (abroad and made["good"] in FINISHED_IN_CHINA):
                continue
            totals[made["good"]][row["state"]] += row["tonnes_per_year"] * made["coefficient"]
    return totals


def need_by_state(start: str) -> dict[str, dict[str, float]]:
    """Tonnes a year of each good that processes and end users of a state take."""
    inputs = load_table("recipes").where(role="input")
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in load_table("stage_output").where(start=start):
        for used in inputs:
            if used["process"] == row["process"]:
                totals[used["good"]][row["state"]] += row["tonnes_per_year"] * used["coefficient"]
    for row in load_table("end_use").where(start=start):
        totals[row["good"]][row["state"]] += row["tonnes_per_year"]
    return totals


def world(table: dict[str, dict[str, float]], good: str) -> float:
    return sum(table[good].values())


@pytest.mark.parametrize("name", CURATED)
def test_every_row_has_a_source_and_a_confidence_and_finite_numbers(name: str) -> None:
    table = load_table(name)
    assert len(table) > 0
    for row, line in zip(table.rows, table.lines, strict=True):
        assert row["source"], line
        assert row["confidence"] in ("high", "medium", "low", "recall", "assumed"), line
        if row["confidence"] == "assumed" and name not in ("actors", "timeline"):
            assert row["note"], f"line {line}: an assumption needs its reason"
        assert all(math.isfinite(value) for value in row.values() if isinstance(value, float))


@pytest.mark.parametrize("start", STARTS)
def test_every_good_has_a_price_and_every_process_runs(start: str) -> None:
    for table, column, names in (
        ("prices_start", "good", GOODS),
        ("stage_output", "process", PROCESSES),
        ("end_use", "sector", SECTORS),
    ):
        assert {row[column] for row in load_table(table).where(start=start)} == set(names)


@pytest.mark.parametrize("start", STARTS)
def test_the_world_uses_what_it_makes(start: str) -> None:
    """To 1%; metal to 6%, since its rows were made for a recipe of 0.315 t per t of magnet and the
    start rescales a stage to what the next one uses. Heavy oxides of 2024 meet the recipe.
    """
    need, made = need_by_state(start), output_by_state(start)
    ores = ("light_concentrate", "heavy_concentrate")
    near = dict.fromkeys((*ores, "ndpr_oxide", *MAGNETS, *MOTORS), 0.01) | {"ndpr_metal": 0.06}
    if start == "2024-01":
        near |= {"dysprosium_oxide": 0.05, "terbium_oxide": 0.05}
    for good, rel in near.items():
        assert world(need, good) == pytest.approx(world(made, good), rel=rel), good
    for good in SURPLUS:
        assert 0.2 < world(need, good) / world(made, good) <= 1.0, good


@pytest.mark.parametrize("start", STARTS)
def test_trade_shares_add_up_to_one_at_most(start: str) -> None:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in load_table("trade_prior").where(start=start):
        sums[row["good"], row["destination"]] += row["share"]
    assert max(sums.values()) <= 1.0 + 1e-9


@pytest.mark.parametrize("start", STARTS)
def test_suppliers_can_deliver_what_the_shares_ask(start: str) -> None:
    made, needed = output_by_state(start), need_by_state(start)
    asked: dict[tuple[str, str], float] = defaultdict(float)
    for row in load_table("trade_prior").where(start=start):
        if row["good"] in ("dysprosium_oxide", "terbium_oxide"):
            continue  # recipe scaled at the start
        asked[row["good"], row["origin"]] += row["share"] * needed[row["good"]][row["destination"]]
    for (good, origin), tonnes in asked.items():
        assert tonnes <= made[good][origin] * 1.03 + 5.0, (good, origin)


def test_known_totals_of_2024() -> None:
    made = output_by_state("2024-01")
    mined = world(made, "light_concentrate") + world(made, "heavy_concentrate")
    assert mined == pytest.approx(380_000, rel=0.05)
    for goods, share in ((["ndpr_oxide"], 0.91), (MAGNETS[:2], 0.94)):
        china = sum(made[good]["China"] for good in goods)
        assert china / sum(world(made, good) for good in goods) == pytest.approx(share, abs=0.03)
    needed = need_by_state("2024-01")
    exports = sum(
        row["share"] * needed[row["good"]][row["destination"]]
        for row in load_table("trade_prior").where(start="2024-01", origin="China")
        if row["good"] in MAGNETS and row["destination"] != "China"
    )
    assert exports == pytest.approx(58_152, rel=0.01)


@pytest.mark.parametrize(("start", "share"), [("2024-01", 0.72), ("2009-01", 0.86)])
def test_japan_imports_from_china(start: str, share: float) -> None:
    needed = need_by_state(start)
    oxides_and_metal = [good for good in GOODS if good.endswith("_oxide") or good == "ndpr_metal"]
    imports = china = 0.0
    for row in load_table("trade_prior").where(start=start, destination="Japan"):
        if row["good"] in oxides_and_metal and row["origin"] != "Japan":
            tonnes = row["share"] * needed[row["good"]]["Japan"]
            imports += tonnes
            china += tonnes if row["origin"] == "China" else 0.0
    assert china / imports == pytest.approx(share, abs=0.04)


def test_cover_costs_and_value_added_are_complete_and_ordered() -> None:
    for row in load_table("cover"):
        assert 0 < row["months_low"] <= row["months_median"] <= row["months_high"]
    assert {row["kind"] for row in load_table("cover").where(state="All")} == {*PROCESSES, *SECTORS}
    for process in PROCESSES:
        places = {row["state"] for row in load_table("conversion_cost").where(process=process)}
        assert "All" in places or {"China", "Other"} <= places
        capex = {row["state"]: row for row in load_table("capex").where(process=process)}
        assert all(row["low"] <= row["usd_per_t_year"] <= row["high"] for row in capex.values())
        assert capex["China"]["usd_per_t_year"] < capex["Other"]["usd_per_t_year"], process
    rows = load_table("value_added").rows
    every = set(itertools.product(STATES, SECTORS))
    assert {(row["state"], row["sector"]) for row in rows} == every
    for row in rows:
        assert row["dependent_low"] <= row["dependent_share"] <= row["dependent_high"]


def test_growth_leaves_no_gap() -> None:
    for sector in SECTORS:
        rows = load_table("growth").where(sector=sector, region="World")
        years = sorted((row["start_year"], row["end_year"]) for row in rows)
        if years:
            assert (years[0][0], years[-1][1]) == (2009, 2040)
            assert all(end == start for (_, end), (start, _) in itertools.pairwise(years))


def test_the_record_ends_with_2024() -> None:
    for row in load_table("record"):
        years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", row["period"])
        assert max(int(year) for year in years) <= LAST_YEAR


def test_every_actor_of_the_timeline_is_mapped_to_governments_firms_or_a_reason() -> None:
    maps = {row["actor"]: row["maps_to"] for row in load_table("actors")}
    for row in load_table("timeline"):
        for column in ("actor", "targets"):
            cell = row[column] or ""
            parts = {part.strip() for part in (cell, *re.split("[;,]", cell))} - {""}
            assert parts <= set(maps), row["id"]
    for name in {name for to in maps.values() for name in to.split("|")}:
        assert name in (*GOVERNMENTS, "World") or re.match(r"(firm|ignore):\S", name), name


RULES = load_table("assumptions").rows
ASSUMED = [
    (table, row) for table in fact_tables() for row in load_table(table).where(confidence="assumed")
]


def test_every_assumed_row_has_a_rule_of_its_own_table_and_no_rule_is_idle() -> None:
    tables = {rule["id"]: rule["table"] for rule in RULES}
    made = Counter((assumption_of(FACTS, table, row), table) for table, row in ASSUMED)
    assert set(made) == set(tables.items())
    assert all(rule["basis"] for rule in RULES)
