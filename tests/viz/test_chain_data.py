"""The chain from mine to product: flows equal to the trade table, losses that add up, and what the page's document holds."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from coercivity.agents.firms.user import REDESIGN_LOGS, SWAP_MOST
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.goods import goods
from coercivity.model.results.chain import chain, content
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.page_data.chain_data import DUST, by_quarter, chain_data, look_at
from tests.facts import FACTS
from tests.names import ELEMENTS, GOOD_STAGE, GOODS, STAGES, STATES

MONTHS = 36
END = STAGES.index("end_use")


@pytest.fixture(scope="module")
def result() -> Result:
    return run("japan-blanket-ban", 2, months=MONTHS)


@pytest.fixture(scope="module")
def trade(result: Result):  # type: ignore[no-untyped-def]
    return result.table("trade").astype(
        {"month": str, "origin": str, "separated_in": str, "destination": str, "good": str}
    )


@pytest.mark.parametrize("element", [None, "La"])
def test_flows_of_concentrates_oxides_and_metal_are_those_of_the_trade_table(
    result: Result, trade, element: str | None
) -> None:  # type: ignore[no-untyped-def]
    wanted = ELEMENTS if element is None else (element,)
    held = dict(
        zip(
            GOODS,
            goods(FACTS).content[:, [ELEMENTS.index(one) for one in wanted]].sum(axis=1),
            strict=True,
        )
    )
    found = chain(result.records, wanted)  # type: ignore[arg-type]
    raw = trade[
        trade["good"].map(lambda good: GOOD_STAGE[good] in ("mining", "separation", "metal"))
    ]
    raw = raw.assign(oxide=raw["tonnes"] * raw["good"].map(held), stage=raw["good"].map(GOOD_STAGE))
    table = raw.groupby(["month", "stage", "origin", "destination", "separated_in"])["oxide"].sum()
    flows: dict[tuple[str, ...], float] = {}
    for k in range(found.tonnes.shape[1]):
        stage, origin = divmod(int(found.source[k]), found.places)
        if STAGES[stage] not in ("mining", "separation", "metal"):
            continue
        separated = (*STATES, "")[found.separated[k]]
        for month, value in zip(result.months, found.tonnes[:, k], strict=True):
            key = (
                month,
                STAGES[stage],
                STATES[origin],
                STATES[int(found.target[k]) % found.places],
                separated,
            )
            flows[key] = flows.get(key, 0.0) + float(value)
    assert len(flows) > 1000 or element == "La"
    for key, value in table.items():
        assert flows.get(key, 0.0) == pytest.approx(value, rel=1e-9, abs=1e-9), key
    assert sum(flows.values()) == pytest.approx(table.sum(), rel=1e-9)


def test_magnets_and_motors_keep_their_tonnes_and_carry_what_went_into_them(
    result: Result, trade
) -> None:  # type: ignore[no-untyped-def]
    held = content(result.records)[:, :, ELEMENTS.index("NdPr")]  # type: ignore[arg-type]
    found = chain(result.records, ("NdPr",))  # type: ignore[arg-type]
    for stage in ("magnet", "assembly"):
        sold = trade[trade["good"].map(lambda good, stage=stage: GOOD_STAGE[good] == stage)]
        at = sold["month"].map({month: k for k, month in enumerate(result.months)}).to_numpy()
        table = sold["tonnes"].to_numpy() * held[at, [GOODS.index(good) for good in sold["good"]]]
        assert found.tonnes[
            :, found.source // found.places == STAGES.index(stage)
        ].sum() == pytest.approx(table.sum(), rel=1e-9)
    per_tonne = goods(FACTS).content[GOODS.index("ndpr_metal"), ELEMENTS.index("NdPr")]
    standard = held[:, GOODS.index("magnet_standard")] / (0.300 * per_tonne)
    assert standard[0] == pytest.approx(1.0, rel=1e-6)  # its recipe
    leanest, richest = (1.0 - SWAP_MOST) * np.exp(REDESIGN_LOGS[0]), 1.1 * np.exp(REDESIGN_LOGS[1])
    assert leanest <= standard.min() < standard.max() <= richest  # presses choose their grades


def test_what_magnets_are_made_of_is_what_is_in_them_and_separation_loses(result: Result) -> None:
    balance = {
        name: values.reshape(MONTHS, len(STAGES), -1).sum(axis=2)
        for name, values in chain(result.records).balance.items()
    }  # type: ignore[arg-type]
    magnet, separation, metal, mining = (
        STAGES.index(name) for name in ("magnet", "separation", "metal", "mining")
    )
    np.testing.assert_allclose(balance["used"][:, magnet], balance["made"][:, magnet], rtol=1e-9)
    assert (balance["made"][:, separation] < 0.97 * balance["used"][:, separation]).all()
    assert (balance["made"][:, metal] < balance["used"][:, metal]).all()
    assert not balance["used"][:, mining].any()
    assert not balance["made"][:, END].any()
    table = (
        result.table("output")
        .query("stage == 'separation'")
        .groupby("month", observed=True)["tonnes"]
        .sum()
        .to_numpy()
    )
    np.testing.assert_allclose(balance["made"][:, separation], table, rtol=1e-9)


def test_what_ends_in_a_state_is_all_that_it_buys_and_no_more_than_there_is(result: Result) -> None:
    found = chain(result.records)  # type: ignore[arg-type]
    japan = STATES.index("Japan")
    part = found.through(japan)
    assert (part <= found.tonnes + 1e-9).all()
    into = found.target % found.places == japan
    np.testing.assert_array_equal(part[:, into], found.tonnes[:, into])
    foreign_end = (found.target // found.places == END) & ~into
    assert not part[:, foreign_end].any()
    from_china = into & (found.source % found.places == STATES.index("China"))
    # the ban of everything until January 2027
    assert part[2:6, from_china].sum(axis=1).max() < 0.2 * part[18, from_china].sum()
    for node in np.unique(found.source):
        leaving, entering = found.source == node, found.target == node
        if node % found.places != japan and entering.any():
            total = found.tonnes[0, leaving].sum()
            share = part[0, leaving].sum() / total if total > 0 else 0.0
            np.testing.assert_allclose(
                part[0, entering], share * found.tonnes[0, entering], rtol=1e-9
            )


def test_the_document_sums_quarters_and_leaves_out_dust_only(result: Result) -> None:
    page = chain_data(result, "Germany", "all", "world")
    assert [page["periods"][k] for k in (0, -1)] == [
        {"label": "2026 Q1", "from": "2026-01", "to": "2026-03"},
        {"label": "2028 Q4", "from": "2028-10", "to": "2028-12"},
    ]
    assert page["periods"][page["look_at"]]["label"] == "2026 Q1"
    earlier = load_scenario("japan-2026-from-2024"), month_names("2024-01", MONTHS)
    assert look_at(replace(result, scenario=earlier[0], months=earlier[1])) == 8
    whole = chain(result.records)  # type: ignore[arg-type]
    for stage in range(END):
        listed = np.sum(
            [flow["tonnes"] for flow in page["flows"] if flow["from"][0] == stage], axis=0
        )
        total = by_quarter(
            whole.tonnes[:, whole.source // whole.places == stage].sum(axis=1, keepdims=True)
        )[:, 0]
        assert (listed <= total * 1.0001).all()
        assert (listed >= total * (1.0 - page["left_out"] - 1e-3)).all()
    assert 0 <= page["left_out"] < 100 * DUST
    assert page["separators"] == ["China", "Germany", "Others", "Not separated yet"]
    concentrate = {flow["separated"] for flow in page["flows"] if flow["from"][0] == 0}
    assert concentrate == {3}
    assert json.loads(json.dumps(page, allow_nan=False)) == page
    assert len(json.dumps(page)) < 400_000


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"state": "Atlantis"}, "state"),
        ({"element": "Xx"}, "element"),
        ({"view": "upside"}, "view"),
    ],
)
def test_an_unknown_choice_costs_one_message(
    result: Result, choice: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        chain_data(result, **choice)


def test_a_run_that_kept_no_records_costs_one_message(result: Result) -> None:
    with pytest.raises(InputError, match="this run did not record; run it with record=True"):
        chain_data(replace(result, records=None))
