"""What charts, map and chain get of a history of a few months, number by number; and what stands in the documents of evidence and claims."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import reacton
import solara

from coercivity.experiments.claims.table import load_claims
from coercivity.experiments.lab.history import GROUPS
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import CHINA
from coercivity.model.basis.names import GOODS, STAGES, STATES
from coercivity.viz.drawn import (
    chain_data,
    claims_data,
    evidence_data,
    lab_charts,
    map_data,
    map_events,
)
from coercivity.viz.screens import many
from coercivity.viz.server.engine import BAND, PAGE
from tests.viz.rendered import BUSY, BUSY_SAID, Desk

JAPAN, FRANCE, INDIA = (STATES.index(name) for name in ("Japan", "France", "India"))
DY = GOODS.index("dysprosium_oxide")
NAN = float("nan")

# ---------------------------------------------------------------- the lab's charts


def history(**fields: Any) -> Any:
    """Two months: Dy costs 300 and 400 in Japan, 200 at home in China, 250 for export; nothing else has a price."""
    home = np.full((2, len(STATES), len(GOODS)), NAN)
    home[:, JAPAN, DY], home[:, CHINA, DY] = [300.0, 400.123456], 200.0
    export = np.full((2, len(GOODS)), NAN)
    export[:, DY] = 250.0
    share = {
        basis: np.full((2, len(STATES), len(GROUPS)), NAN)
        for basis in ("separated_in", "last_origin")
    }
    share["separated_in"][:, JAPAN, 0], share["last_origin"][:, JAPAN, 0] = 0.9, 0.6
    share["separated_in"][:, JAPAN, GROUPS.index("SEG")] = 0.5
    given = {
        "home": home,
        "exported": lambda state: export,
        "output": lambda state: {"all": np.array([1.0, 0.5]), "wind": np.array([1.0, NAN])},
        "cover": lambda state: {"ndpr_oxide": np.array([2.0, 3.0])},
        "bought": share.__getitem__,
    }
    return SimpleNamespace(**(given | fields))


def drawn(chart: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            one["id"],
            one["label"],
            one["choice"],
            one["main"],
            one["colour"],
            one["dash"],
            one["values"],
        )
        for one in chart["series"]
    ]


def test_a_price_has_a_line_for_each_place_and_only_the_states_own_is_main() -> None:
    chart = lab_charts.prices(history(), "Japan")
    name = "prices/dysprosium_oxide"
    assert drawn(chart) == [
        (name, "in Japan", "dysprosium_oxide", True, 0, 0, [300.0, 400.12]),
        (f"{name}/home", "in China", "dysprosium_oxide", False, 1, 1, [200.0, 200.0]),
        (f"{name}/export", "China, for export", "dysprosium_oxide", False, 2, 2, [250.0, 250.0]),
    ]
    assert chart["choices"] == [{"id": "dysprosium_oxide", "label": "Dysprosium oxide"}]
    assert (chart["chosen"], chart["unit"], chart["format"], chart["ceiling"]) == (
        "dysprosium_oxide",
        "USD/kg",
        "number",
        None,
    )
    own = lab_charts.prices(history(), "China")
    assert [one[0] for one in drawn(own)] == [name, f"{name}/export"]


def test_output_is_told_by_sector_and_of_all() -> None:
    chart = lab_charts.output(history(), "Japan")
    assert drawn(chart) == [
        ("output/all", "Japan, all sectors", "all", True, 0, 0, [1.0, 0.5]),
        ("output/wind", "Japan, wind", "wind", True, 0, 0, [1.0, None]),
    ]
    assert chart["choices"] == [
        {"id": "all", "label": "All sectors"},
        {"id": "wind", "label": "Wind"},
    ]
    assert (chart["title"], chart["chosen"], chart["format"]) == (
        "Output of makers in Japan",
        "all",
        "share",
    )


def test_cover_is_drawn_up_to_a_year_and_the_first_choice_stands_in_for_what_nobody_uses() -> None:
    chart = lab_charts.cover(history(), "Japan")
    assert drawn(chart) == [
        ("cover/ndpr_oxide", "users in Japan", "ndpr_oxide", True, 0, 0, [2.0, 3.0])
    ]
    assert (chart["ceiling"], chart["chosen"]) == (12.0, "ndpr_oxide")
    assert chart["note"].endswith("more than 12 is not drawn")
    none = lab_charts.cover(history(cover=lambda state: {}), "Japan")
    assert (none["series"], none["choices"], none["chosen"]) == ([], [], "")


def test_dependence_is_main_by_place_of_separation_and_beside_it_by_the_last_port() -> None:
    chart = lab_charts.dependence(history(), "Japan")
    assert [one[:1] + one[3:] for one in drawn(chart)] == [
        ("dependence/all", True, 0, 0, [0.9, 0.9]),
        ("dependence/all/last_origin", False, 1, 1, [0.6, 0.6]),
        ("dependence/SEG", True, 0, 0, [0.5, 0.5]),
    ]
    assert chart["choices"] == [
        {"id": "all", "label": "All rare earths"},
        {"id": "SEG", "label": "Sm, Eu, Gd"},
    ]
    assert chart["title"] == "Dependence of Japan on China"
    assert lab_charts.dependence(history(), "China")["title"] == "China's own supply"


def test_bands_are_asked_for_the_main_lines_by_their_ids() -> None:
    found = lab_charts.main_series(history(), "Japan")
    assert found["prices/dysprosium_oxide"].tolist() == [300.0, 400.123456]
    assert found["output/all"].tolist() == [1.0, 0.5]
    assert found["cover/ndpr_oxide"].tolist() == [2.0, 3.0]
    assert found["dependence/all"].tolist() == [0.9, 0.9]
    mains = {
        one["id"]
        for chart in lab_charts.charts(history(), "Japan")
        for one in chart["series"]
        if one["main"]
    }
    assert mains <= set(found)


def test_numbers_have_five_digits_and_what_is_undefined_is_null() -> None:
    assert [
        lab_charts.number(value) for value in (123.456789, 0.000123456, None, NAN, float("inf"))
    ] == [
        123.46,
        0.00012346,
        None,
        None,
        None,
    ]


def test_headlines_keep_their_order_and_some_are_shown_first() -> None:
    values = {row.id: 1.0 for row in headline_table("Germany")} | {"first_stop_days": None}
    found = lab_charts.headlines(values, "Germany", {"price_multiple_dy_germany": 215.0})
    assert [one["id"] for one in found] == [row.id for row in headline_table("Germany")]
    first = {one["id"]: one for one in found}["first_stop_days"]
    assert (first["value"], first["main"], first["unit"]) == (None, True, "days")
    assert {one["id"]: one["usual"] for one in found if "usual" in one} == {
        "price_multiple_dy_germany": 215.0
    }
    assert {one["id"] for one in found if one["main"]} == {
        name.format(target="germany") for name in lab_charts.SHOWN_FIRST
    }


def test_the_peak_of_two_years_is_a_price_and_has_the_name_of_the_card() -> None:
    """A ratio over each setting's own price before it would turn a comparison around."""
    found = lab_charts.peak(
        history(months=("2025-12", "2026-01")), "2026-01-06", "Japan", GOODS[DY]
    )
    assert (found["value"], found["unit"], found["main"]) == (400.12, "USD/kg", True)
    assert found["label"] == "Peak of dysprosium in two years"
    none = lab_charts.peak(history(months=("2025-12", "2026-01")), "2026-01-06", "India", GOODS[DY])
    assert none["value"] is None


@pytest.mark.parametrize(
    ("since", "months", "place"),
    [("2024-05-01", 24, 10), ("2024-05-01", 8, 7), ("2022-01-01", 24, 0), ("2023-12-01", 24, 5)],
)
def test_the_lab_looks_at_half_a_year_into_the_story_within_the_run(
    monkeypatch: pytest.MonkeyPatch, since: str, months: int, place: int
) -> None:
    from coercivity.model.basis.calendar import month_names
    from tests.fake_result import fake_scenario

    result: Any = SimpleNamespace(
        scenario=fake_scenario(),
        seed=1,
        version="v",
        parameter_hash="h",
        months=month_names("2024-01", months),
        records=None,
    )
    made = history(
        headlines=lambda day, state: {row.id: None for row in headline_table(state)},
        usual_prices=lambda day, state: {},
        months=result.months,
    )
    monkeypatch.setattr(lab_charts, "History", lambda _: made)
    monkeypatch.setattr(lab_charts, "one_history", lambda values, day, state, of: f"since {day}")
    page = lab_charts.history_data(result, "Japan", since)
    assert (page["look_at"], page["since"], page["answer"]) == (place, since, f"since {since}")
    assert (page["title"], page["events"], len(page["charts"])) == ("A <made-up> ban", [], 4)


# ---------------------------------------------------------------- the map


def lanes(*rows: tuple[str, int, int, list[float]]) -> Any:
    """Records of lanes: good, from, to, tonnes by month."""

    class Records(dict):  # type: ignore[type-arg]
        months = len(rows[0][3])
        structure = SimpleNamespace(
            good=np.array([GOODS.index(good) for good, *_ in rows]),
            exporter=np.array([here for _, here, *_ in rows]),
            importer=np.array([there for *_, there, _ in rows]),
        )

    return Records(lane_tonnes=np.array([tonnes for *_, tonnes in rows]).T)


def separated(months: int, **shares: dict[int, float]) -> np.ndarray:
    """months x goods x states x states: who separated what a state ships; by good, {shipping state: share of China, the rest of France}."""
    out = np.zeros((months, len(GOODS), len(STATES), len(STATES)))
    for good, by in shares.items():
        for state, china in by.items():
            out[:, GOODS.index(good), state, CHINA], out[:, GOODS.index(good), state, FRANCE] = (
                china,
                1.0 - china,
            )
    return out


def test_flows_are_told_largest_first_with_chinas_part_and_the_other_separator() -> None:
    """China ships 10 and 30 t to Japan, all its own; Japan ships 4 and 0 to India, a quarter of China's; what stays at home is no flow."""
    records = lanes(
        ("magnet_standard", JAPAN, INDIA, [4.0, 0.0]),
        ("magnet_standard", CHINA, JAPAN, [10.0, 30.0]),
        ("magnet_standard", CHINA, CHINA, [999.0, 999.0]),
    )
    traced = separated(2, magnet_standard={CHINA: 1.0, JAPAN: 0.25})
    found = map_data.group_flows(records, traced, "magnets", "Magnets", ("magnet_standard",))
    assert found == {
        "id": "magnets",
        "label": "Magnets",
        "separated": True,
        "covered": 1.0,
        "most": 30,
        "flows": [
            {"from": CHINA, "to": JAPAN, "other": -1, "tonnes": [10, 30], "china": 100},
            {"from": JAPAN, "to": INDIA, "other": FRANCE, "tonnes": [4, 0], "china": 25},
        ],
    }


def test_ore_is_not_separated_and_no_trade_is_covered_whole() -> None:
    ore = lanes(("light_concentrate", FRANCE, JAPAN, [1.2345, 0.5]))
    found = map_data.group_flows(ore, separated(2), "c", "Ore", ("light_concentrate",))
    assert found["flows"] == [
        {"from": FRANCE, "to": JAPAN, "other": -1, "tonnes": [1.23, 0.5], "china": 0}
    ]
    assert (found["separated"], found["most"]) == (False, 1.23)
    none = map_data.group_flows(ore, separated(2), "m", "Metal", ("ndpr_metal",))
    assert (none["flows"], none["covered"], none["most"]) == ([], 1.0, 0)


def test_at_most_eighteen_flows_are_drawn_and_their_part_of_all_is_told() -> None:
    pairs = [(here, there) for here in range(5) for there in range(5) if here != there]
    rows = [
        ("light_concentrate", here, there, [float(100 - k)])
        for k, (here, there) in enumerate(pairs)
    ]
    found: dict[str, Any] = map_data.group_flows(
        lanes(*rows), separated(1), "ore", "Ore", ("light_concentrate",)
    )
    assert len(found["flows"]) == 18
    total = sum(range(81, 101))
    assert found["covered"] == pytest.approx((total - 81 - 82) / total, abs=1e-4)


def test_dependence_on_the_map_is_whole_percents_steady_where_it_does_not_move() -> None:
    share = np.full((2, len(STATES), len(GROUPS)), NAN)
    share[:, JAPAN, 0], share[:, INDIA, 0] = [0.504, 0.496], [0.9, 0.2]
    both: Any = SimpleNamespace(bought=lambda basis: share)
    found = map_data.dependence_on_china(both)
    assert set(found) == {"separated_in", "last_origin"}
    assert (found["separated_in"]["Japan"], found["separated_in"]["India"]) == (50, [90, 20])
    assert found["separated_in"]["France"] is None
    assert "China" not in found["separated_in"]


def capacity(months: int, **firms: tuple[int, list[float], list[float]]) -> Any:
    """Records of plants: state, capacity and tonnes under way by month."""

    class Records(dict):  # type: ignore[type-arg]
        structure = SimpleNamespace(
            names=tuple(firms),
            firm_state=np.array([state for state, *_ in firms.values()]),
            firm_process=np.zeros(len(firms), dtype=int),
        )
        events: tuple[Any, ...] = ()

    return Records(
        capacity=np.array([stands for _, stands, _ in firms.values()]).T,
        building=np.array([under_way for *_, under_way in firms.values()]).T,
    )


def test_plants_are_told_when_they_begin_open_and_end() -> None:
    records = capacity(
        4,
        old=(JAPAN, [5.0, 5.0, 0.0, 5.0], [0.0] * 4),
        new=(JAPAN, [0.0, 0.0, 3.0, 3.0], [1.0, 1.0, 0.0, 1.0]),
        never=(INDIA, [0.0] * 4, [0.0, 2.0, 2.0, 0.0]),
        tiny=(FRANCE, [0.0, 1e-7, 1e-7, 1e-7], [0.0, 1e-7, 0.0, 0.0]),
    )
    records.events = (
        (1, "never", "project begins", ""),
        (3, "never", "project cancelled", ""),
        (2, "old", "plant mothballed", ""),
        (2, "somebody", "project begins", ""),
        (2, "old", "firm_build", ""),
    )
    assert map_events.plant_news(records) == [
        (1, 2, "begins"),
        (2, 0, "mothballed"),
        (2, 1, "opens"),
        (3, 2, "given up"),
    ]
    assert map_events.building_by_state(records) == {"Japan": [1, 1, 0, 0], "India": [0, 1, 1, 0]}


# ---------------------------------------------------------------- the chain


def test_flows_of_the_chain_are_summed_by_quarter_and_separator_and_dust_is_left_out() -> None:
    """Of two places (0, 1): mined ore not yet separated, oxide of China and of others; a flow of a ten-thousandth is dust."""
    n, sep = 2, STAGES.index("separation")
    source = np.array([0, 0, 1, sep * n, sep * n])
    target = np.array([sep * n, sep * n + 1, sep * n, (sep + 1) * n, (sep + 1) * n])
    tonnes = np.array([[9.0, 1.0, 0.001, 4.0, 6.0]] * 4)
    found: Any = SimpleNamespace(
        places=n, source=source, target=target, separated=np.array([2, 2, 2, 0, 1])
    )
    told = chain_data._flows(found, tonnes, [0, 1], 3)
    assert told["flows"] == [
        {"from": [0, 0], "to": [sep, 0], "separated": 3, "tonnes": [27.0, 9.0]},
        {"from": [0, 0], "to": [sep, 1], "separated": 3, "tonnes": [3.0, 1.0]},
        {"from": [sep, 0], "to": [sep + 1, 0], "separated": 0, "tonnes": [12.0, 4.0]},
        {"from": [sep, 0], "to": [sep + 1, 0], "separated": 1, "tonnes": [18.0, 6.0]},
    ]
    assert told["left_out"] == 0.0001


def test_a_flow_is_dust_below_two_ten_thousandths_in_every_period() -> None:
    found: Any = SimpleNamespace(
        places=1, source=np.array([0, 0]), target=np.array([1, 2]), separated=np.array([0, 0])
    )

    def kept(small: float) -> int:
        tonnes = np.array([[1000.0 - small, small]] * 3 + [[1000.0, 0.0]] * 3)
        return len(chain_data._flows(found, tonnes, [0], 1)["flows"])

    assert (kept(0.21), kept(0.19)) == (2, 1)


def test_balances_are_sums_over_places_and_quarters() -> None:
    stages = len(STAGES)
    values = np.arange(4.0)[:, None] * np.ones((4, 2 * stages))
    found: Any = SimpleNamespace(places=2, balance={"bought": values, "made": 10.0 * values})
    rows = chain_data._balances(found)
    assert [row["stage"] for row in rows] == list(STAGES)
    assert rows[0] == {"stage": STAGES[0], "bought": [6.0, 6.0], "made": [60.0, 60.0]}


def test_groups_have_names_and_the_state_that_is_looked_at_stands_alone() -> None:
    labels = [chain_data.label(group) for group in chain_data.groups_for("Germany")]
    assert labels == [
        "China",
        "Japan",
        "United States",
        "Germany",
        "EU without Germany",
        "South Korea and Taiwan",
        "Australia and Malaysia",
        "Myanmar, Thailand and Vietnam",
        "Others",
    ]
    assert [chain_data.label(group) for group in chain_data.groups_for("Japan")][3] == "EU"
    others = [chain_data.label(group) for group in chain_data.groups_for("India")]
    assert others[-2:] == ["India", "Others"]
    words = ("China", "Japan", "Others", "Not separated yet")
    assert [
        chain_data.separator(group, "Japan", words)
        for group in (("China",), ("Japan",), ("India",), ("China", "Japan"))
    ] == [0, 1, 2, 2]


def test_quarters_are_named_and_the_last_may_be_short() -> None:
    assert chain_data.periods(["2024-11", "2024-12", "2025-01", "2025-02"]) == [
        {"label": "2024 Q4", "from": "2024-11", "to": "2025-01"},
        {"label": "2025 Q1", "from": "2025-02", "to": "2025-02"},
    ]
    assert [
        one["label"][-2:] for one in chain_data.periods([f"2024-{m:02d}" for m in range(1, 13)])
    ] == [
        "Q1",
        "Q2",
        "Q3",
        "Q4",
    ]


# ---------------------------------------------------------------- evidence and claims


def test_tables_are_offered_in_their_order_with_a_total() -> None:
    facts = json.loads(evidence_data.facts_json())
    assert [one["id"] for one in facts["tables"]] == list(evidence_data.fact_tables())
    assert facts["tables"][0]["title"] == "Acts and announcements"
    assert facts["total"] == sum(one["rows"] for one in facts["tables"]) > 500


def test_a_search_is_cut_at_a_hundred_letters_and_a_page_of_rows() -> None:
    word = load_table("states").column("state")[0]
    long = json.loads(evidence_data.search_json(f"{word}{' ' * 100}nothing-of-the-kind", most=3))
    assert long["found"] > 3
    assert (long["shown"], len(long["rows"])) == (3, 3)
    assert [
        evidence_data._cell(value) for value in (9999.5, 10_000, 12_345.678, 0.123456789, "a", 7)
    ] == [
        "9999.5",
        "10,000",
        "12,345.678",
        "0.123457",
        "a",
        "7",
    ]


def test_the_record_in_sentences_begins_with_what_no_fit_has_seen() -> None:
    def sample(name: str, targets: int) -> dict[str, Any]:
        return {"sample": name, "targets": targets, "PASS": 1, "PARTIAL": 2, "FAIL": 3}

    def against(sample_: str) -> dict[str, Any]:
        row = {"sample": sample_, "benchmark": "no_change", "wins": 4, "losses": 5, "series": 9}
        return row | {"model_error": 1.25, "naive_error": 2.0}

    found = {
        "samples": [
            sample(name, k) for k, name in enumerate(("start", "all", "in", "kept_back", "out"))
        ],
        "benchmarks": [against("in"), against("out")],
    }
    out, kept, fit, start, beside = evidence_data.summary(found)
    assert (
        out
        == "Outcomes after 2024, which no fit has seen: 4 targets, 1 pass, 2 are partial, 3 fail."
    )
    assert kept.startswith("Outcomes to 2024 that were kept back: 3 targets")
    assert fit.startswith("Outcomes that a fit may use: 2 targets")
    assert start.startswith("Numbers to which the start is balanced (no test): 0 targets")
    assert (
        "nearer in 4 of 9 series, further off in 5; mean error 1.2 tolerances, that of the reckoning 2.0"
        in beside
    )


def test_a_claim_is_tried_in_its_scenario_its_placebo_and_at_both_ends_of_its_flip() -> None:
    for claim in load_claims():
        mechanisms, parameters = claim.placebo_changes()
        labels = [one["label"] for one in claims_data.links(claim)]
        assert labels[0] == f"the scenario {claim.scenario}"
        placebo = [label for label in labels if label.startswith("its placebo")]
        if mechanisms or not parameters:
            assert placebo == []  # a switch is no assumption of the lab
        turns = claims_data.turns_on(claim)
        ends = [label for label in labels if label.startswith(f"{turns}: ")]
        if claim.flip in ("duration_months", "case_scale"):
            assert ends == []
        else:
            assert set(ends) <= {
                f"{turns}: {value:g}{' months' if claim.flip_unit == 'months' else ''}"
                for value in (claim.flip_low, claim.flip_high)
            }
            assert ends


def test_values_of_a_claim_leave_out_what_is_undefined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims_data, "reading", lambda found: f"read in {found['worlds']}")
    claim = load_claims()[0]
    evidence = {
        "main": [1.0, None, 3.0],
        "placebo": [],
        "corner": [None],
        "scan": [[0.0, [None]], [1.0, [0.0, 10.0]]],
    }
    found = dict.fromkeys(
        ("support", "low", "high", "value", "p05", "p95", "placebo", "placebo_support", "flips_at"),
        0.5,
    )
    told = claims_data.one_claim(
        claim,
        {
            **found,
            "verdict": "does_not_hold",
            "evidence": evidence,
            "beside": {"x": (2.0, 1.0, 3.0)},
            "worlds": 3,
        },
    )
    assert (told["draws"], told["undefined"], told["label"]) == (2, 1, "does not hold")
    assert told["groups"] == [
        {"label": "draws", "values": [1.0, 3.0]},
        {"label": "mechanism off", "values": []},
        {"label": "corners of the ranges", "values": []},
    ]
    assert told["scan"] == [{"at": 1.0, "low": 0.5, "median": 5.0, "high": 9.5}]
    assert told["beside"] == [{"label": "x", "median": 2.0, "p05": 1.0, "p95": 3.0}]
    assert (told["table"], told["reading"]) == (None, "read in 3")


# ---------------------------------------------------------------- many questions at once


def double(number: int) -> int:
    return 2 * number


def test_of_many_questions_the_first_comes_before_and_a_refusal_ends_the_asking(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[many.Answers] = []

    @solara.component
    def Page() -> None:
        seen.append(many.use_many(double, [(1,), (2,), (3,)]))
        solara.Div()

    refused: list[int] = []

    def ask(function: Any, number: int, priority: int) -> Any:
        if number >= 2:
            refused.append(number)
            raise InputError(BUSY)
        return desk.ask(function, number, priority=priority)

    monkeypatch.setattr(many, "ask", ask)
    _, rendering = reacton.render(Page(), handle_error=False)
    assert refused == [2]  # whoever is refused once does not ask on
    assert (seen[-1].problem, seen[-1].busy, seen[-1].values) == (BUSY_SAID, False, {})
    desk.answer(double, 2)
    assert seen[-1].values == {0: 2}
    rendering.close()
    monkeypatch.setattr(many, "ask", desk.ask)
    desk.asked.clear()
    _, rendering = reacton.render(Page(), handle_error=False)
    assert [one.priority for one in desk.asked] == [PAGE, BAND, BAND]
    desk.waiting(double)[1].future.set_result(4)
    assert (seen[-1].values, seen[-1].busy) == ({1: 4}, True)
    desk.answer(double, 2, 6)
    assert (seen[-1].values, seen[-1].busy) == ({0: 2, 1: 4, 2: 6}, False)
    rendering.close()
