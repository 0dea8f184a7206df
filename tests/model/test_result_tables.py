"""The tables of a result hold what the run recorded: every column, every month, finite numbers, and
sums that add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from coercivity.experiments.worlds.run import finish, run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import CHINA, GOOD, GOOD_STAGE, GOODS, SECTORS, STATE, STATES
from coercivity.model.results.result import TABLES, Result
from coercivity.model.results.tracer import separated_in
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.use.macro import dependent_value_added
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import live

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 24
COLUMNS = {
    "prices": "month state good home export quoted paid",
    "trade": "month origin separated_in destination good tonnes",
    "output": "month state stage sector good tonnes potential_tonnes",
    "stocks": "month state stage good tonnes cover_months",
    "dependence": "month state supplier basis measure group share",
    "capacity": "month state stage built building cancelled",
    "licences": (
        "month exporter importer good applied pending approved shipped under_licence filed granted "
        "refused returned unanswered refused_tonnes returned_tonnes passed_over_tonnes"
    ),
    "policy": "month actor kind targets goods state_of",
    "spending": "month payer payee kind usd_million",
    "leaks": "month route good tonnes via to",
    "macro": (
        "month state sector output_lost cost_paid made_up gdp_effect linkage investment_postponed"
    ),
    "stoppages": "firm state sector stage first_day last_day output_lost_share",
    "decisions": "month actor saw chose rejected",
    "events": "month actor kind text",
    "firms": "firm state stage sector process size cover_months watched",
}
MAY_BE_NULL = {
    ("prices", "home"),
    ("prices", "export"),
    ("prices", "quoted"),
    ("prices", "paid"),
    ("stocks", "cover_months"),
    ("dependence", "share"),
    ("stoppages", "last_day"),
    ("firms", "cover_months"),
}
OF_EVERY_MONTH = (
    "prices",
    "trade",
    "output",
    "stocks",
    "dependence",
    "capacity",
    "licences",
    "spending",
    "macro",
)
BAN = {
    "name": "ban",
    "start": "2024-01",
    "months": MONTHS,
    "events": [
        {
            "date": "2024-03-01",
            "kind": "threat",
            "actor": "China",
            "targets": ["Japan"],
            "text": "China threatens.",
        },
        {
            "date": "2024-05-01",
            "kind": "licensing",
            "actor": "China",
            "id": "licences",
            "end": "2025-06-30",
            "text": "Licences for all.",
        },
        {
            "date": "2024-07-01",
            "kind": "blanket_ban",
            "actor": "China",
            "targets": ["Japan"],
            "goods": "all",
            "text": "Nothing to Japan.",
        },
        {
            "date": "2024-07-01",
            "kind": "import_tariff",
            "actor": "United States",
            "targets": ["China"],
            "goods": "magnets",
            "rate": 0.25,
        },
        {
            "date": "2024-01-01",
            "kind": "export_duty",
            "actor": "China",
            "goods": "oxides",
            "rate": 0.1,
        },
        {
            "date": "2024-01-01",
            "end": "2024-12-31",
            "kind": "quota",
            "actor": "China",
            "goods": "raw_materials",
            "tonnes": 20000,
        },
    ],
}


@pytest.fixture(scope="module")
def lived() -> tuple[World, dict[str, np.ndarray]]:
    """The world after its months, and what its links did month by month."""
    world = World(scenario_from_dict(BAN, "ban"), 3)
    return world, live(world, MONTHS)


@pytest.fixture(scope="module")
def world(lived: tuple[World, dict[str, np.ndarray]]) -> World:
    return lived[0]


@pytest.fixture(scope="module")
def of_links(lived: tuple[World, dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return lived[1]


@pytest.fixture(scope="module")
def result(world: World) -> Result:
    return finish(world)


@pytest.fixture(scope="module")
def tables(result: Result) -> dict[str, pd.DataFrame]:
    return {name: result.table(name) for name in result.tables}


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_the_agreed_ones_with_units_for_numbers(
    tables: dict[str, pd.DataFrame], name: str
) -> None:
    frame, wanted = tables[name], COLUMNS[name].split()
    assert list(frame.columns)[: len(wanted)] == wanted
    assert len(frame)
    numbers = set(frame.select_dtypes("number").columns)
    assert numbers <= set(frame.attrs["units"])


@pytest.mark.parametrize("name", TABLES)
def test_numbers_are_finite_and_a_null_is_explained(
    tables: dict[str, pd.DataFrame], name: str
) -> None:
    frame = tables[name]
    assert not np.isinf(frame.select_dtypes("number").to_numpy()).any()
    with_null = {(name, column) for column in frame.columns if frame[column].isna().any()}
    assert with_null <= MAY_BE_NULL
    assert {column for _, column in with_null} <= set(frame.attrs.get("notes", {})) | {"home"}


@pytest.mark.parametrize("name", OF_EVERY_MONTH)
def test_every_month_is_there_for_whatever_is_listed(
    result: Result, tables: dict[str, pd.DataFrame], name: str
) -> None:
    frame = tables[name]
    assert tuple(frame["month"].astype(str).drop_duplicates()) == result.months
    keys = [
        column
        for column in frame.columns
        if column != "month" and frame[column].dtype == "category"
    ]
    assert not frame.duplicated(["month", *keys]).any()
    assert (frame.groupby(keys, observed=True).size() == MONTHS).all()


def test_nothing_is_negative_but_the_gdp_effect_and_orders_won_back(
    tables: dict[str, pd.DataFrame],
) -> None:
    """Suppliers win orders back while a line makes up for what it missed, but never more of them
    than they had lost before.
    """
    for name, frame in tables.items():
        numbers = frame.select_dtypes("number").drop(
            columns=["gdp_effect", "linkage"], errors="ignore"
        )
        assert not (numbers < -1e-9).any(axis=None), name
    macro = tables["macro"]
    so_far = macro.groupby(["state", "sector"], observed=True)["linkage"].cumsum()
    assert (macro["linkage"] < 0).any()
    assert (so_far > -1e-6).all()


# ---------------------------------------------------------------- sums


def test_trade_adds_up_to_what_was_shipped(
    world: World, of_links: dict[str, np.ndarray], tables: dict[str, pd.DataFrame]
) -> None:
    shipped = of_links["shipped"]
    by_month = tables["trade"].groupby("month", observed=True)["tonnes"].sum()
    assert by_month.to_numpy() == pytest.approx(shipped.sum(axis=1), rel=1e-12)
    links = world.links
    chosen = (
        (links.exporter == CHINA)
        & (links.importer == STATE["Japan"])
        & (links.good == GOOD["ndpr_oxide"])
    )
    frame = tables["trade"].query(
        "origin == 'China' and destination == 'Japan' and good == 'ndpr_oxide'"
    )
    assert frame["tonnes"].to_numpy() == pytest.approx(shipped[:, chosen].sum(axis=1))


def test_a_result_keeps_lanes_and_not_links(
    world: World, of_links: dict[str, np.ndarray], result: Result
) -> None:
    """Sums worked out again from links, lane by lane, in a world where lanes are not numbered as
    links are.
    """
    assert result.records is not None
    assert not [
        name for name, values in result.records.arrays.items() if len(world.links) in values.shape
    ]
    records, links, offers = result.records, world.links, world.offers
    of = records.structure
    lane = {
        key: k
        for k, key in enumerate(
            zip(of.exporter.tolist(), of.importer.tolist(), of.good.tolist(), strict=True)
        )
    }
    place = [
        lane[key]
        for key in zip(
            links.exporter.tolist(), links.importer.tolist(), links.good.tolist(), strict=True
        )
    ]
    asked = np.vstack([offers.base_price, records["ask"][:-1]])[
        :, links.offer
    ]  # orders are placed at the prices of the month before
    weight = np.where(links.qualify == 0, links.prior, 0.0) * world.needs.base_use[links.need]
    sums = {
        "lane_tonnes": of_links["shipped"],
        "lane_value": of_links["shipped"] * of_links["cost"],
        "lane_listed": of_links["shipped"] * asked,
        "lane_pending": of_links["pending"],
        "lane_quoted": weight * of_links["spot"],
        "lane_asked": weight * records["ask"][:, links.offer],
    }
    for name, values in sums.items():
        wanted = np.array(
            [np.bincount(place, weights=month, minlength=len(of.good)) for month in values]
        )
        np.testing.assert_allclose(records[name], wanted, rtol=1e-12, atol=1e-12, err_msg=name)


def test_payments_add_up_to_what_was_paid(result: Result, tables: dict[str, pd.DataFrame]) -> None:
    records = result.records
    assert records is not None
    charges = records.charges
    assert sum(charges.values()) == pytest.approx(records["lane_value"], rel=1e-12)
    of = records.structure
    american = (
        (of.importer == STATE["United States"])
        & (of.exporter == CHINA)
        & np.isin(of.good, [GOOD[g] for g in GOODS if g.startswith("magnet_")])
    )
    taxed = charges["tariff"][6:, american]
    assert taxed == pytest.approx(
        0.25 * (charges["sale"] + charges["vat"] + charges["duty"])[6:, american]
    )
    assert not charges["tariff"][:6].any()
    assert not charges["tariff"][:, ~american].any()
    spent = tables["spending"].groupby("kind", observed=True)["usd_million"].sum()
    for kind, part in (("import_tariff", "tariff"), ("quota_rent", "rent"), ("freight", "freight")):
        assert spent[kind] == pytest.approx(charges[part].sum() / 1000.0)
    taxes = spent[
        ["export_duty", "export_tax_not_refunded", "tax_evaded"]
    ].sum()  # what is smuggled is priced alike, and the smuggler keeps the tax
    assert taxes == pytest.approx((charges["duty"] + charges["vat"]).sum() / 1000.0)
    assert 0.0 < spent["tax_evaded"] < spent["export_duty"]
    assert spent["sale"] + spent["border_premium"] == pytest.approx(charges["sale"].sum() / 1000.0)


def test_shares_of_dependence_add_up_to_one(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["dependence"].dropna(subset="share")
    sums = frame.groupby(["month", "state", "basis", "measure", "group"], observed=True)[
        "share"
    ].sum()
    assert sums.to_numpy() == pytest.approx(1.0, abs=2e-3)  # suppliers below 0.01% are left out
    assert set(frame["group"]) == {"all", "La", "Ce", "NdPr", "SEG", "Dy", "Tb", "Y"}


def test_last_origin_is_the_share_of_imported_oxides_and_metal(
    world: World, of_links: dict[str, np.ndarray], tables: dict[str, pd.DataFrame]
) -> None:
    links, shipped = world.links, of_links["shipped"]
    raw = np.isin(links.good, [GOOD[g] for g in GOODS if GOOD_STAGE[g] in ("separation", "metal")])
    japan = raw & (links.importer == STATE["Japan"]) & (links.exporter != STATE["Japan"])
    wanted = shipped[:, japan & (links.exporter == CHINA)].sum(axis=1) / shipped[:, japan].sum(
        axis=1
    )
    frame = tables["dependence"].query(
        "state == 'Japan' and supplier == 'China' and basis == 'last_origin' and measure == "
        "'tonnes' and group == 'all'"
    )
    assert frame["share"].to_numpy() == pytest.approx(wanted)


def test_places_of_separation_are_shares_and_an_oxide_is_separated_where_it_is_made(
    result: Result, tables: dict[str, pd.DataFrame]
) -> None:
    assert result.records is not None
    shares = separated_in(result.records)
    assert shares.sum(axis=-1) == pytest.approx(1.0)
    assert (shares >= 0).all()
    trade = tables["trade"]
    stage = trade["good"].astype(str).map(GOOD_STAGE)
    oxides = trade[(stage == "separation") & (trade["tonnes"] > 0)]
    assert (oxides["origin"].astype(str) == oxides["separated_in"].astype(str)).all()
    assert set(trade.loc[stage == "mining", "separated_in"].astype(str)) == {""}
    metal = trade.query("good == 'ndpr_metal' and origin == 'Japan' and tonnes > 0")
    assert {"China", "Malaysia"} <= set(
        metal["separated_in"].astype(str)
    )  # Japan separates nothing itself
    assert "Japan" not in set(metal["separated_in"].astype(str))


# ---------------------------------------------------------------- numbers worked out by hand from
# the recorded columns


def test_output_is_made_and_used_tonnes(world: World, tables: dict[str, pd.DataFrame]) -> None:
    arrays, firms = world.ledger.arrays(), world.firms
    offers = (firms.state[world.offers.firm] == CHINA) & (
        world.offers.good == GOOD["magnet_standard"]
    )
    frame = tables["output"].query(
        "state == 'China' and stage == 'magnet' and good == 'magnet_standard'"
    )
    assert frame["tonnes"].to_numpy() == pytest.approx(arrays["made"][:, offers].sum(axis=1))
    needs = (firms.state[world.needs.firm] == STATE["Japan"]) & (
        firms.sector[world.needs.firm] == SECTORS.index("wind")
    )
    needs &= world.needs.good == GOOD["magnet_heat_resistant"]
    frame = tables["output"].query(
        "state == 'Japan' and sector == 'wind' and good == 'magnet_heat_resistant'"
    )
    assert frame["tonnes"].to_numpy() == pytest.approx(arrays["used"][:, needs].sum(axis=1))
    calm = tables["output"].query("month == '2024-01' and stage == 'end_use'")
    assert calm["tonnes"].to_numpy() == pytest.approx(calm["potential_tonnes"].to_numpy(), rel=1e-6)


def test_gdp_effect_is_output_below_plan_times_value_added(
    world: World, tables: dict[str, pd.DataFrame]
) -> None:
    arrays, firms = world.ledger.arrays(), world.firms
    rows = (firms.state == STATE["Japan"]) & (firms.sector == SECTORS.index("wind"))
    value = (
        dependent_value_added(FACTS)[STATE["Japan"], SECTORS.index("wind")]
        * world.p.dependent_scale
    )
    wanted = ((arrays["run"] - arrays["plan"])[:, rows] * firms.size[rows]).sum(axis=1) * value
    frame = tables["macro"].query("state == 'Japan' and sector == 'wind'")
    assert frame["gdp_effect"].to_numpy() == pytest.approx(wanted)
    assert frame["gdp_effect"].min() < 0  # the ban stops lines


def test_home_price_is_asked_at_home_and_export_price_holds_tax_duty_and_rent(
    world: World, of_links: dict[str, np.ndarray], tables: dict[str, pd.DataFrame]
) -> None:
    arrays, firms, offers = world.ledger.arrays(), world.firms, world.offers
    rows = (firms.state[offers.firm] == CHINA) & (offers.good == GOOD["cerium_oxide"])
    sold = np.array(
        [
            np.bincount(world.links.offer, weights=month, minlength=len(offers))
            for month in of_links["shipped"]
        ]
    )
    np.testing.assert_allclose(arrays["sold"], sold, rtol=1e-12)
    weight = sold[:, rows]
    prices = tables["prices"].query("state == 'China' and good == 'cerium_oxide'")
    assert prices["home"].to_numpy() == pytest.approx(
        (arrays["ask"][:, rows] * weight).sum(axis=1) / weight.sum(axis=1)
    )
    first, rent = prices.iloc[0], float(arrays["rent"][0].max())
    assert first["export"] == pytest.approx(
        first["home"] * (1.0 + 0.13 + 0.10) + rent, rel=0.01
    )  # VAT 13%, the scenario's duty 10%


def test_without_sellers_home_is_what_buyers_are_quoted(tables: dict[str, pd.DataFrame]) -> None:
    japan = tables["prices"].query("state == 'Japan' and good == 'dysprosium_oxide'")
    assert japan["home"].tolist() == japan["quoted"].tolist()
    assert japan["export"].isna().all()


def test_a_stop_has_its_days_and_its_words(world: World, tables: dict[str, pd.DataFrame]) -> None:
    arrays, stoppages = world.ledger.arrays(), tables["stoppages"]
    rows = stoppages[(stoppages["state"] == "Japan") & (stoppages["stage"] == "end_use")]
    assert len(rows)
    first = rows.iloc[0]
    firm, month = world.firms.names.index(str(first["firm"])), first["first_day"][:7]
    at = int(month[:4]) * 12 + int(month[5:]) - (2024 * 12 + 1)
    assert arrays["run"][at, firm] < world.p.stop_threshold * arrays["plan"][at, firm]
    if at:
        assert arrays["run"][at - 1, firm] >= world.p.stop_threshold * arrays["plan"][at - 1, firm]
    ended = stoppages.dropna(subset="last_day")
    assert len(ended)
    assert (ended["last_day"] >= ended["first_day"]).all()
    told = tables["events"].query("kind == 'stop'")
    assert len(told) == stoppages["firm"].nunique()
    sentence = next(text for text in told["text"] if str(first["firm"]) in text)
    assert sentence.startswith(f"a line at {first['firm']} stops: no ")


def test_events_are_in_order_and_name_the_acts(tables: dict[str, pd.DataFrame]) -> None:
    events = tables["events"]
    assert list(events["month"].astype(str)) == sorted(events["month"].astype(str))
    assert {"threat", "licensing", "end of licensing", "stop", "restart"} <= set(events["kind"])
    assert (events["actor"] != "").all()


def test_policy_says_what_is_in_force_what_ended_and_what_was_a_signal(
    tables: dict[str, pd.DataFrame],
) -> None:
    policy = tables["policy"]
    licensing = policy[policy["act"] == "licences"]
    assert list(licensing["state_of"]) == ["in force"] * 14 + ["ended"]
    assert str(licensing["month"].iloc[-1]) == "2025-07"
    assert set(licensing["goods"]) == {"controlled_2025"}
    assert policy.query("kind == 'threat'")[["month", "state_of"]].astype(
        str
    ).to_numpy().tolist() == [["2024-03", "signal"]]


def test_licences_are_asked_for_only_while_they_are_needed(
    of_links: dict[str, np.ndarray], tables: dict[str, pd.DataFrame]
) -> None:
    licences = tables["licences"]
    before = licences[licences["month"].astype(str) < "2024-05"]
    assert not before[["applied", "pending", "approved"]].to_numpy().any()
    assert licences["applied"].sum() > 0
    assert licences["filed"].sum() >= licences[["granted", "refused", "returned"]].to_numpy().sum()
    assert licences["granted"].sum() > 0
    pending = licences.groupby("month", observed=True)["pending"].sum().to_numpy()
    assert pending == pytest.approx(of_links["pending"].sum(axis=1))


def test_decisions_say_what_was_seen_and_chosen(tables: dict[str, pd.DataFrame]) -> None:
    decisions = tables["decisions"]
    quota = decisions[decisions["chose"].str.contains("mining quota")]
    assert list(quota["month"].astype(str)) == ["2024-07", "2025-01", "2025-07"]
    assert quota["saw"].str.contains("NdPr oxide").all()
    assert "Nothing to Japan." in set(decisions["chose"])


def test_the_list_of_firms_is_complete(world: World, tables: dict[str, pd.DataFrame]) -> None:
    assert tuple(tables["firms"]["firm"].astype(str)) == world.firms.names
    assert len(set(world.firms.names)) == len(world.firms.names)


# ---------------------------------------------------------------- the result itself


def test_a_result_is_frozen_and_its_arrays_are_read_only(result: Result) -> None:
    with pytest.raises(AttributeError):
        result.seed = 4  # type: ignore[misc]
    assert result.records is not None
    with pytest.raises(ValueError, match="read-only"):
        result.records["run"][0, 0] = 1.0


def test_a_frame_belongs_to_whoever_asks(result: Result) -> None:
    mine = result.table("macro")
    mine.loc[:, "output_lost"] = -1.0
    assert (result.table("macro")["output_lost"] >= 0).all()


def test_an_unknown_table_and_a_run_without_record_cost_one_line(result: Result) -> None:
    with pytest.raises(InputError, match="table 'price' is not known; did you mean 'prices'"):
        result.table("price")
    blind = run("business-as-usual", months=1, record=False)
    assert blind.tables == ()
    with pytest.raises(InputError, match="record=True"):
        blind.table("prices")


def test_provenance_says_how_to_make_it_again(result: Result) -> None:
    held = result.provenance()
    assert held["scenario"] == "ban"
    assert held["fingerprint"] == result.scenario.fingerprint()
    assert (held["seed"], held["months"], held["start"]) == (3, MONTHS, "2024-01")
    assert held["parameter_hash"] == result.scenario.parameter_values().hash


def test_headlines_are_those_of_the_table(result: Result) -> None:
    headlines = result.headlines()
    assert headlines["first_stop_days"] is not None
    assert headlines["firms_stopped_share"] is not None
    assert headlines["price_multiple_dy_japan"] is not None
    assert len(STATES) == 19
