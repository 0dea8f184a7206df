"""The tables of a result from small records written by hand: two months of a mine's oxide, a magnet
maker and two users.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.firms.end_user import STOP_THRESHOLD
from coercivity.agents.governments.government_view import Decision
from coercivity.model.basis.goods import goods
from coercivity.model.parts.border import CASES, TURNED_DOWN
from coercivity.model.results import dependence_table, event_tables, production_tables, trade_tables
from coercivity.model.results.chain import chain, content
from coercivity.model.results.records import Records
from coercivity.model.results.separation_tracer import _mix, threads
from coercivity.model.use.macro import dependent_value_added
from tests.facts import FACTS
from tests.model.small_records import (
    AUSTRALIA,
    GERMANY,
    JAPAN,
    MAGNET,
    METAL,
    MONTHS,
    OXIDE,
    SEPARATOR,
    G,
    S,
    a,
    act,
    records,
    rows,
)
from tests.names import CHINA, ELEMENTS, GOOD, GOOD_GROUPS, PROCESS, SECTOR, STAGES


def test_prices_of_a_state_s_sellers_borders_and_buyers() -> None:
    """Oxide in China: 55 asked at home in February, over the border with a premium of e^0.1 and 13%
    tax and 10% duty; Japan is quoted 280 / 4 and paid 70.
    """
    made = records(premium=a([0, 0, 0], [0, 0.1, 0]), duty=a([0, 0, 0], [0, 0.1, 0]))
    table = trade_tables.prices(made, MONTHS).set_index(["month", "state", "good"])
    china = table.loc[("2024-02", "China", "ndpr_oxide")]
    assert china["home"] == 55.0
    assert china["export"] == pytest.approx(55.0 * np.exp(0.1) * 1.23)
    assert china[["quoted", "paid"]].isna().all()
    japan = table.loc[("2024-02", "Japan", "ndpr_oxide")]
    assert japan[["home", "quoted", "paid"]].tolist() == [70.0, 70.0, 70.0]
    assert np.isnan(japan["export"])
    magnets = table.loc[("2024-01", "Japan", "magnet_standard")]
    assert magnets.tolist() == [80.0, 80.0, 80.0, 90.0]  # over the border at 400 / 5
    assert table.loc[("2024-01", "Germany", "magnet_standard"), "paid"] == 100.0
    assert len(table) == 2 * 4


def test_licences_are_counted_while_the_border_looks_at_single_orders_or_cases_are_open() -> None:
    cases = [[3, 1, 0, 0, 2], [0, 2, 0, 0, 0]]  # of oxide to Japan, the second of three channels
    asked = {
        "applied": a([9, 5, 0], [9, 6, 0]),
        "approved": a([9, 2, 0], [9, 4, 0]),
        "cases": np.kron(cases, [0.0, 1.0, 0.0]),
        "turned_down": np.kron([[1.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.25, 0.125]], [0.0, 1.0, 0.0]),
        "lane_under_licence": a([3, 1, 0], [2, 1, 0]),
    }
    law, ban = act("licensing"), act("entity_list", share=0.1)
    for waiting, later in ((2.0, (6.0, 4.0)), (0.0, (0.0, 0.0))):
        made = records(
            law, acts=(("licensing",), ()), lane_pending=a([waiting, 0, 0], [0, 0, 0]), **asked
        )
        table = trade_tables.licences(made, MONTHS)
        assert rows(table, "month", "exporter", "importer", "good", "applied", "approved") == [
            ("2024-01", "China", "Japan", "ndpr_oxide", 5.0, 2.0),
            ("2024-02", "China", "Japan", "ndpr_oxide", *later),
        ]
        assert table["pending"].tolist() == [waiting, 0.0]
        assert rows(table, *CASES) == [
            (3.0, 1.0, 0.0, 0.0, 2.0),
            (0.0, 2.0 if waiting else 0.0, 0.0, 0.0, 0.0),
        ]
        assert table["shipped"].tolist() == [4.0, 3.0]
        assert table["under_licence"].tolist() == [3.0, 2.0]
        assert rows(table, *TURNED_DOWN) == [
            (1.0, 0.0, 0.0, 0.0),
            (0.0, 0.5, 0.25, 0.125) if waiting else (0.0, 0.0, 0.0, 0.0),
        ]
    assert trade_tables.licences(records(ban, acts=(("entity_list",), ()), **asked), MONTHS).empty


def test_output_is_what_makers_make_and_users_build_in_beside_what_they_could() -> None:
    made = records(plan=a([0, 0, 1.5, 1], [0, 0, 1, 1]))
    table = production_tables.output(made, MONTHS)
    january = table[table["month"] == "2024-01"]
    assert rows(january, "state", "stage", "sector", "good", "tonnes", "potential_tonnes") == [
        ("China", "separation", "", "ndpr_oxide", 4.0, 6.0),
        ("Japan", "magnet", "", "magnet_standard", 9.0, 12.0),
        ("Japan", "end_use", "automotive", "magnet_standard", 2.0, 3.0),
        ("Germany", "end_use", "wind", "magnet_standard", 4.0, 4.0),
    ]
    assert table["potential_tonnes"].tolist()[5] == 15.0


def test_what_missing_parts_cost_by_hand() -> None:
    made = records(
        gone=a([9, 9, 0.1, 0], [0, 0, 0, 0]),
        made_up=a([9, 9, 0, 0.2], [0, 0, 0, 0]),
        run=a([0, 0, 0.7, 1.1], [0, 0, 1, 1]),
        linkage=a([0, 0, 3, 0], [0, 0, 0, 0]),
        postponed=a([0, 0, 0, 4], [0, 0, 0, 0]),
        paid=a([99, 95, 90], [60, 90, 100]),
    )
    table = production_tables.macro(made, MONTHS)
    value, scale = dependent_value_added(FACTS), made.parameters.dependent_scale
    car = 0.25 * value[JAPAN, SECTOR["automotive"]] * scale
    wind = 0.5 * value[GERMANY, SECTOR["wind"]] * scale
    numbers = [*production_tables.PARTS]
    assert list(table["sector"].astype(str)) == ["automotive", "wind"] * 2
    first, second = (dict(table.iloc[row][numbers]) for row in (0, 1))
    assert first == {
        "output_lost": pytest.approx(0.1 * car),
        "cost_paid": pytest.approx(2.0 * 5.0 / 1000.0),
        "made_up": 0.0,
        "gdp_effect": pytest.approx(-0.3 * car),
        "linkage": 3.0,
        "investment_postponed": 0.0,
    }
    assert second == {
        "output_lost": 0.0,
        "cost_paid": 0.0,
        "made_up": pytest.approx(0.2 * wind),
        "gdp_effect": pytest.approx(0.1 * wind),
        "linkage": 0.0,
        "investment_postponed": 4.0,
    }
    assert not table[table["month"] == "2024-02"][numbers].to_numpy().any()


def test_shares_of_imports_by_last_origin() -> None:
    made = records(lane_value=a([300, 160, 400], [250, 160, 400]))
    tonnes, value = (
        dependence_table.by_last_origin(made, of, ("all", "NdPr", "Dy"))
        for of in ("tonnes", "value")
    )
    assert tonnes[:, JAPAN, :2, CHINA].tolist() == [[4.0, 4.0], [3.0, 3.0]]
    assert value[:, JAPAN, 0, CHINA].tolist() == [300.0, 250.0]
    assert (tonnes.sum(), tonnes[:, :, 2].sum()) == (14.0, 0.0)


def test_shares_by_place_of_separation_follow_the_magnets() -> None:
    """Germany's magnets hold their maker's recipe of NdPr oxide, 0.3 t a tonne, separated where
    Japan's pool says.
    """
    made = records()
    oxides = np.array([GOOD[name] for name in GOOD_GROUPS["oxides"]])
    every = {
        "offer_firm": np.full(len(oxides), SEPARATOR),
        "offer_good": oxides,
        "base_price": np.arange(10.0, 10.0 + len(oxides)),
    }
    made = replace(made, structure=replace(made.structure, **every))
    (oxide,) = [p for p in dependence_table.contents(made) if p.thread == OXIDE]
    (magnet,) = [p for p in dependence_table.contents(made) if p.thread == MAGNET]
    assert (oxide.content, oxide.value) == (1.0, 1.0)
    assert (magnet.content, magnet.value, magnet.element) == (0.3, 1.0, oxide.element)
    traced = np.zeros((2, len(threads(FACTS)), S, S))
    traced[:, OXIDE, CHINA, CHINA] = 1.0
    traced[:, MAGNET, JAPAN, CHINA], traced[:, MAGNET, JAPAN, JAPAN] = 0.75, 0.25
    bought = dependence_table.by_separation(made, "tonnes", traced)
    element = 1 + oxide.element
    assert bought[0, JAPAN, element].sum() == bought[0, JAPAN, element, CHINA] == 4.0
    assert bought[0, GERMANY, element, [CHINA, JAPAN]] == pytest.approx(
        [5 * 0.3 * 0.75, 5 * 0.3 * 0.25]
    )
    np.testing.assert_allclose(bought[:, :, 0], bought[:, :, element])


def stopped(**arrays: Any) -> Records:
    """The car maker lacks magnets in February and runs at a fifth of its plan."""
    lacking = np.zeros((2, 3), dtype=bool)
    lacking[1, 1] = True
    return records(
        **{
            "run": a([20, 9, 1, 1], [20, 9, 0.2, 1]),
            "lacking": lacking,
            "lasts": a([1, 1, 1, 1], [1, 1, 0.5, 1]),
            **arrays,
        }
    )


def test_a_stop_has_its_first_day_its_loss_and_what_was_missing() -> None:
    table = event_tables.stoppages(stopped(), MONTHS)
    (found,) = rows(
        table, "firm", "state", "sector", "stage", "first_day", "output_lost_share", "missing"
    )
    assert found == (
        "car maker",
        "Japan",
        "automotive",
        "end_use",
        "2024-02-15",
        0.8,
        "magnet_standard",
    )
    assert table["last_day"].isna().all()
    assert [row[:3] for row in event_tables.happenings(stopped())] == [(1, "Japan", "stop")]
    early = stopped(
        run=a([20, 9, 0.2, 1], [20, 9, 1, 1]), lacking=np.array([[False, True, False], [False] * 3])
    )
    assert event_tables.stoppages(early, MONTHS)["last_day"].tolist() == ["2024-01-31"]
    assert [(row[0], row[2], str(row[3])) for row in event_tables.happenings(early)] == [
        (0, "stop", "a line at car maker stops: no standard magnets"),
        (1, "restart", "car maker runs again"),
    ]


def test_a_line_counts_as_stopped_only_far_below_its_plan_and_while_it_lacks_a_part() -> None:
    threshold = STOP_THRESHOLD
    for run, is_down in ((threshold - 0.01, True), (threshold + 0.01, False)):
        assert bool(event_tables.stops(stopped(run=a([20, 9, 1, 1], [20, 9, run, 1])))) == is_down
    assert not event_tables.stops(stopped(lacking=np.zeros((2, 3), dtype=bool)))
    assert not event_tables.stops(stopped(plan=np.zeros((2, 4)), run=np.zeros((2, 4))))


def test_decisions_of_rules_players_and_scripts() -> None:
    ruled = act("licensing", "China-2024-01-licensing", text="China decides")
    chosen = act(
        "import_tariff",
        "Japan-2024-02-import_tariff",
        "Japan",
        targets=["China"],
        rate=0.1,
        text="Japan decides",
        date="2024-02-01",
    )
    bare = replace(
        records(ruled, chosen, expected=a([3, 2, 4], [6, 2, 4])),
        decisions=(Decision(0, "China", Phrase("saw"), Phrase("chose"), (Phrase("rejected"),)),),
        events=(
            (0, "China", "licensing", Phrase.text("China decides", id=ruled.id)),
            (0, "China", "licensing", Phrase("written")),
            (1, "Japan", "import_tariff", Phrase.text("Japan decides", id=chosen.id)),
            (1, "Japan", "stop", Phrase("a line stops")),
            (1, "Myanmar", "mine_closure", Phrase("a mine closes")),
            (1, "China", "mining_quota", Phrase("China sets its quota")),
        ),
    )
    table = event_tables.decisions(bare, MONTHS)
    assert rows(table, "month", "actor", "saw", "chose", "rejected") == [
        ("2024-01", "China", "saw", "chose", "rejected"),
        ("2024-01", "China", "scripted act", "written", ""),
        ("2024-02", "Japan", "a player's choice", "Japan decides", ""),
        (
            "2024-02",
            "China",
            "firms expect to use 6 t of magnets a month, +0% on the start",
            "China sets its quota",
            "",
        ),
    ]


def of_metal(**arrays: Any) -> Records:
    """The same chain with a Chinese metal maker at its head: 3 t of metal a month, 1.177 t of NdPr
    oxide each, are in 9 t of magnets.
    """
    made = records(**{"need_stock": np.zeros((2, 3)), "offer_stock": np.zeros((2, 2)), **arrays})
    return replace(
        made,
        structure=replace(
            made.structure,
            firm_process=np.array([PROCESS["make_metal"], *made.structure.firm_process[1:]]),
            need_good=np.array([METAL, MAGNET, MAGNET]),
            offer_good=np.array([METAL, MAGNET]),
            good=np.array([METAL, MAGNET, MAGNET]),
        ),
    )


def test_a_magnet_holds_what_went_into_those_of_its_month_and_a_motor_its_magnet() -> None:
    ndpr = ELEMENTS.index("NdPr")
    held = content(of_metal(used=a([3, 2, 4], [6, 2, 4]), made=a([4, 9], [4, 12])))
    assert held[:, MAGNET, ndpr] == pytest.approx([3 * 1.177 / 9, 6 * 1.177 / 12])
    assert held[:, GOOD["motor_standard"], ndpr] == pytest.approx(held[:, MAGNET, ndpr])
    assert held[:, METAL, ndpr] == pytest.approx([1.177, 1.177])
    idle = content(of_metal(made=a([4, 9], [4, 0])))
    assert idle[1, MAGNET, ndpr] == idle[0, MAGNET, ndpr] == pytest.approx(3 * 1.177 / 9)
    assert (
        content(of_metal(made=np.zeros((2, 2))))[0, MAGNET, ndpr]
        == goods(FACTS).content[MAGNET, ndpr]
    )


def test_a_chain_from_the_metal_to_the_product() -> None:
    of = chain(of_metal(), ("NdPr",))
    part = 3 * 1.177 / 9
    stage = {name: STAGES.index(name) * S for name in STAGES}
    flows = {
        (int(s), int(t), int(w)): of.tonnes[:, k]
        for k, (s, t, w) in enumerate(zip(of.source, of.target, of.separated, strict=True))
    }
    metal = stage["metal"] + CHINA, stage["magnet"] + JAPAN, CHINA
    home = stage["magnet"] + JAPAN, stage["end_use"] + JAPAN, CHINA
    abroad = stage["magnet"] + JAPAN, stage["end_use"] + GERMANY, CHINA
    assert set(flows) == {metal, home, abroad}
    assert flows[metal] == pytest.approx([4 * 1.177, 3 * 1.177])
    assert flows[home] == pytest.approx([2 * part] * 2)
    assert flows[abroad] == pytest.approx([5 * part] * 2)
    at = stage["magnet"] + JAPAN
    balance = {name: values[0, at] for name, values in of.balance.items()}
    assert balance == pytest.approx(
        {"used": 3 * 1.177, "made": 9 * part, "bought": 4 * 1.177, "sent": 7 * part}
    )
    through = dict(zip(flows, of.through(GERMANY).T, strict=True))
    assert through[home].tolist() == [0.0, 0.0]
    assert through[abroad] == pytest.approx([5 * part] * 2)
    assert through[metal] == pytest.approx([4 * 1.177 * 5 / 7, 3 * 1.177 * 5 / 7])
    japan = dict(zip(flows, of.through(JAPAN).T, strict=True))
    assert japan[metal] == pytest.approx([4 * 1.177, 3 * 1.177])  # all that its firms buy


def test_pools_mix_what_is_there_with_what_comes_and_what_is_made() -> None:
    """Japan holds 3 t of Chinese oxide and gets 1 t from Australia; of its metal for sale 6 t are
    Chinese and 2 t are made of the new mix.
    """
    own = np.eye(S)
    sellers, users = (np.tile(own, (len(threads(FACTS)), 1, 1)) for _ in range(2))
    oxide = GOOD["ndpr_oxide"]
    users[oxide, JAPAN], sellers[METAL, JAPAN] = own[CHINA], own[CHINA]
    flow, for_sale, held, made = np.zeros((G, S, S)), *(np.zeros((S, G)) for _ in range(3))
    flow[oxide, AUSTRALIA, JAPAN], held[JAPAN, oxide] = 1.0, 3.0
    for_sale[JAPAN, METAL], made[JAPAN, METAL] = 6.0, 2.0
    new_sellers, new_users = _mix(FACTS, sellers, users, flow, for_sale, held, made)
    assert new_users[oxide, JAPAN, [CHINA, AUSTRALIA]].tolist() == [0.75, 0.25]
    assert new_sellers[METAL, JAPAN, [CHINA, AUSTRALIA]].tolist() == [15 / 16, 1 / 16]
    untouched = np.delete(new_users[oxide], JAPAN, axis=0)
    np.testing.assert_array_equal(untouched, np.delete(own, JAPAN, axis=0))
    np.testing.assert_array_equal(new_sellers[oxide], own)
