"""What each claim asks of which world: scenario, months, acts, governments; how many settings it is
tried on; the tables beside the claims, by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.claims import EXPERIMENTS, cases, supply
from coercivity.experiments.claims.setting import Setting, without_acts
from coercivity.experiments.claims.survey import DRAWS, SCANNED, evidence, plan
from coercivity.experiments.claims.table import Claim, choose_claims
from coercivity.experiments.claims.verdict import Evidence, flip, judge, share_holding
from coercivity.experiments.questions.acts import act
from coercivity.experiments.questions.jobs import Ask
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import GOOD_GROUPS
from coercivity.model.scenario.scenario import load_scenario
from tests.experiments.test_claims_by_hand import beside, flow, value_of

HOSTS = "Japan United_States France Australia Malaysia Vietnam India Brazil Rest_of_world"


def claim(name: str) -> Claim:
    return choose_claims([name])[0]


def asked(name: str, **fields: Any) -> dict[str, Ask]:
    """What a claim asks at shipped parameters, with luck number 7."""
    return EXPERIMENTS[name].asks(Setting(claim(name), Draw((), 7), full=True, **fields))


def told(event: Any) -> str:
    """An act in short: date, end, kind, who, whom, and what else was chosen."""
    fields = {
        name: value
        for name, value in event.fields
        if name in ("budget", "share", "severity", "framing", "growth") and value
    }
    stages = " ".join(dict(event.fields).get("stages", ()))
    hosts = " ".join(host.replace(" ", "_") for host in dict(event.fields).get("hosts", ()))
    who = f"{event.actor}>{','.join(event.targets)}"
    words = (
        f"{key} {value:g}" if isinstance(value, float) else value for key, value in fields.items()
    )
    return " ".join(
        filter(
            None,
            (event.date, event.end and f"to {event.end}", event.kind, who, *words, stages, hosts),
        )
    )


BANNED = "japan-2026 without acts against Japan"
CALM = "business-as-usual"
YEAR_OF_BAN = ["2026-01-06 to 2027-01-05 blanket_ban China>Japan"]
THREATS = [f"{year}-01-15 threat China>Japan severity 1" for year in (2025, 2026, 2027)]
CARRIED_OUT = [
    f"{year}-03-01 to {year}-05-31 blanket_ban China>Japan" for year in (2025, 2026, 2027)
]


def money(stage: str, budget: int, end: int = 2030, hosts: str = HOSTS) -> str:
    return f"2026-01-06 to {end + 1}-01-05 grant Japan> budget {budget} share 0.5 {stage} {hosts}"


# claim, arm -> scenario, months of the run, acts that are added
ARMS: dict[tuple[str, str], tuple[str, int, list[str]]] = {
    ("C1", "ban"): ("japan-2026", 72, []),
    ("C1", "free"): (BANNED, 72, []),
    ("C2", "ban"): ("japan-2026", 90, []),
    ("C2", "free"): (BANNED, 90, []),
    ("C3", "path"): ("embargo-2010", 192, []),
    ("C4", "ban"): ("japan-blanket-ban", 72, []),
    ("C5", "ban"): (BANNED, 72, YEAR_OF_BAN),
    ("C5", "free"): (BANNED, 72, []),
    ("C6", "ban"): (BANNED, 72, YEAR_OF_BAN),
    ("C7", "ban"): (BANNED, 72, YEAR_OF_BAN),
    ("C7", "free"): (BANNED, 72, []),
    ("C8", "none"): (CALM, 85, []),
    ("C8", "mines"): (CALM, 85, [money("mining", 2000)]),
    ("C8", "separation"): (CALM, 85, [money("separation", 2000)]),
    ("C8", "both"): (CALM, 85, [money("mining", 1000), money("separation", 1000)]),
    ("C8", "both paid"): (CALM, 85, [money("mining", 1000), money("separation", 1000)]),
    ("C9", "ban"): ("japan-2026", 85, []),
    ("C9", "free"): (CALM, 85, []),
    ("C10", "security"): (CALM, 120, ["2026-01-06 licensing China>World security"]),
    ("C10", "conservation"): (CALM, 120, ["2026-01-06 licensing China>World conservation"]),
    ("C11", "none"): (CALM, 73, []),
    ("C11", "threats"): (CALM, 73, THREATS),
    ("C11", "carried out"): (CALM, 73, THREATS + CARRIED_OUT),
    ("C12", "none"): (BANNED, 73, []),
    ("C13", "targeted"): ("targeted-pressure", 72, []),
    ("C13", "blunt"): ("blunt-instrument", 72, []),
    ("C13", "free"): ("targeted-pressure without acts against Japan", 72, []),
    ("C14", "free"): (BANNED, 180, []),
    ("C15", "none"): (CALM, 85, []),
    ("C15", "early"): (CALM, 85, [money("mining", 500, 2028, "Rest_of_world")]),
    ("C15", "late"): (CALM, 85, [money("separation", 500, 2028)]),
    ("C15", "late paid"): (CALM, 85, [money("separation", 500, 2028)]),
    ("C16", "ban 0"): ("japan-blanket-ban", 72, []),
    ("C16", "free 1"): ("japan-blanket-ban without acts against Japan", 72, []),
}


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_a_claim_is_tried_on_these_worlds(name: str, arm: str) -> None:
    scenario, months, acts = ARMS[name, arm]
    one = asked(name)[arm]
    assert (one.scenario.name, one.scenario.months) == (scenario, months)
    assert [told(event) for event in one.scenario.choices] == acts
    assert one.seed == 7


def test_leverage_is_asked_for_in_january_of_2031_and_of_2030() -> None:
    assert {
        arm: one.lever for arm, one in asked("C8").items() if one.reader is None
    } == dict.fromkeys(("none", "mines", "separation", "both"), 84)
    assert {one.lever for one in asked("C11").values()} == {72}
    assert {one.lever for one in asked("C12").values()} == {72}


def test_tonnes_outside_are_counted_over_the_five_years_from_the_ban() -> None:
    readers = [one.reader for arm, one in asked("C15").items() if not arm.endswith("paid")]
    # type: ignore[union-attr]
    assert [reader.keywords for reader in readers] == [{"first": 24, "months": 60}] * 3


def test_governments_that_answer_by_themselves_are_those_the_claim_is_about() -> None:
    def deciding(name: str, arm: str) -> list[str]:
        return [
            state for state, mode in asked(name)[arm].scenario.governments if mode == "autonomous"
        ]

    assert deciding("C2", "ban") == deciding("C2", "free") == ["Japan"]
    assert deciding("C10", "security") == ["EU", "Japan", "United States"]
    assert (
        deciding("C9", "ban")
        == deciding("C9", "free")
        == ["Australia", "EU", "Japan", "United States"]
    )
    assert deciding("C1", "ban") == []


def test_enforcement_is_none_or_full_in_either_world_of_c16() -> None:
    found = {arm: dict(one.scenario.parameters) for arm, one in asked("C16").items()}
    assert found == {
        f"{world} {share:g}": {"border_enforcement": share, "enforcement": share}
        for world in ("ban", "free")
        for share in (0.0, 1.0)
    }


def test_what_only_stands_beside_a_claim_is_not_asked_in_scans() -> None:
    for name, fewer in (("C8", 3), ("C11", 2), ("C15", 3)):
        assert len(EXPERIMENTS[name].asks(Setting(claim(name), Draw((), 7)))) == fewer


def test_demand_cases_come_alone_and_together_and_grow_with_their_lever() -> None:
    found = asked("C12")
    assert list(found) == ["none", "ev", "ai_hardware", "defence", "clean_energy", "all"]
    apart = [event for case in cases.CASES for event in found[case].scenario.choices]
    assert sorted(told(event) for event in found["all"].scenario.choices) == sorted(
        map(told, apart)
    )
    (once,) = (dict(event.fields)["growth"] for event in found["ev"].scenario.choices)
    (doubled,) = (
        dict(event.fields)["growth"] for event in asked("C12", moved=2.0)["ev"].scenario.choices
    )
    assert doubled == pytest.approx(2.0 * once)
    boom, free = asked("C14")["boom"].scenario, asked("C14")["free"].scenario
    assert {event.id.split("-")[0] for event in boom.choices} == {"humanoid"}
    assert (boom.months, free.choices) == (180, ())


def test_the_ban_of_c5_lasts_as_its_lever_says_and_bars_all_of_c7_only_what_is_controlled() -> None:
    def the_ban(name: str, **fields: Any) -> Any:
        (event,) = asked(name, **fields)["ban"].scenario.choices
        return event

    assert the_ban("C5").end == "2027-01-05"
    assert the_ban("C5", moved=3.0).end == "2026-04-05"
    assert set(the_ban("C7").goods) < set(the_ban("C5").goods)


def test_a_twin_lacks_what_was_done_to_the_target_and_what_the_target_had_said() -> None:
    def by(name: str) -> set[tuple[str, tuple[str, ...]]]:
        return {(event.actor, event.targets) for event in without_acts(name).events}

    enacted = {(event.actor, event.targets) for event in load_scenario("japan-2026").events}
    gone = {("China", ("Japan",)), ("Japan", ("China",))}
    assert gone & enacted
    assert by("japan-2026") == enacted - gone
    kept = {event.id for event in without_acts("japan-2026").events}
    assert all(
        dict(event.fields).get("of", event.id) in kept
        for event in without_acts("japan-2026").events
    )


def test_an_act_of_months_ends_on_the_day_before_it_began_and_one_without_stays() -> None:
    assert act("tariff", "2025-11-03", 3)["end"] == "2026-02-02"
    assert act("tariff", "2025-11-03", 2)["end"] == "2026-01-02"
    assert act("tariff", "2025-01-31", 12)["end"] == "2026-01-30"
    assert act("tariff", "2025-11-03") == {
        "date": "2025-11-03",
        "kind": "tariff",
        "id": "asked-tariff-2025-11-03",
    }


# ---------------------------------------------------------------- how often, and the verdict


def groups(count: int, scanned: int = SCANNED) -> dict[str, int]:
    found = plan(claim("C5"), count, scanned)
    return {
        name: sum(group == name for group, _, _ in found)
        for name in ("main", "placebo", "corner", "scan")
    }


def test_half_as_many_placebos_and_a_quarter_as_many_corners_and_points_of_a_scan() -> None:
    assert groups(DRAWS) == {"main": 16, "placebo": 8, "corner": 4, "scan": 20}
    assert groups(8, scanned=3) == {"main": 8, "placebo": 4, "corner": 2, "scan": 6}
    assert groups(1) == {"main": 1, "placebo": 1, "corner": 1, "scan": 5}


def test_each_group_of_settings_is_what_its_name_says() -> None:
    c5 = claim("C5")
    found = plan(c5, 8, scanned=3)
    by = {
        name: [(at, setting) for group, at, setting in found if group == name]
        for name in ("main", "placebo", "corner", "scan")
    }
    assert {(one.full, one.off, one.moved) for _, one in by["main"]} == {(True, False, None)}
    assert {(one.full, one.off, one.moved) for _, one in by["placebo"]} == {(False, True, None)}
    assert {(one.full, one.off, one.moved) for _, one in by["corner"]} == {(False, False, None)}
    middle = (c5.flip_low + c5.flip_high) / 2
    assert [at for at, _ in by["scan"]] == [
        at for at in (c5.flip_low, middle, c5.flip_high) for _ in range(2)
    ]
    assert all(one.moved == at for at, one in by["scan"])
    drawn = [one.draw for _, one in by["main"]]
    assert [one.draw for _, one in by["placebo"]] == drawn[:4]
    assert [one.draw for _, one in by["scan"]] == drawn[:2] * 3


def test_values_go_to_their_group_and_only_main_draws_have_numbers_beside_them() -> None:
    def pair(lost: float) -> dict[str, Any]:
        return {"ban": flow(output_lost=lost, cost_paid=1.0), "free": flow()}

    found = evidence(
        claim("C5"),
        [
            ("main", 0.0, pair(1.0)),
            ("main", 0.0, pair(3.0)),
            ("placebo", 0.0, pair(0.0)),
            ("corner", 0.0, pair(4.0)),
            ("scan", 6.0, pair(9.0)),
            ("scan", 6.0, pair(1.0)),
            ("scan", 3.0, pair(0.0)),
        ],
    )
    assert found.main == [0.5, 0.75]
    assert (found.placebo, found.corner) == ([0.0], [0.8])
    assert found.scan == {6.0: [0.9, 0.5], 3.0: [0.0]}
    assert found.details["cost paid in 36 months, USD bn"] == [0.001, 0.001]


YES, NO = 0.9, 0.1  # of C5, which holds at 0.5 or more


def verdict(main: list[float | None], scan: dict[float, list[float | None]] | None = None) -> str:
    return judge(claim("C5"), Evidence(main, [NO], [YES], scan or {})).verdict


def test_a_claim_holds_from_four_fifths_of_the_draws_on_and_fails_up_to_one_fifth() -> None:
    assert verdict([YES] * 4 + [NO]) == "holds"
    assert verdict([YES] * 79 + [NO] * 21) == "inconclusive"
    assert verdict([YES] + [NO] * 4) == "does_not_hold"
    assert verdict([YES] * 21 + [NO] * 79) == "inconclusive"


def test_half_of_the_draws_must_say_something() -> None:
    assert verdict([YES, YES, None, None]) == "holds"
    assert verdict([YES, YES, None, None, None]) == "inconclusive"


def test_a_parameter_decides_where_one_side_has_four_fifths_and_the_other_one_fifth() -> None:
    split: list[float | None] = [YES, NO]
    clear = {0.0: [NO] * 4 + [YES], 1.0: [YES] * 4 + [NO]}
    assert verdict(split, dict(clear)) == "conditional"  # type: ignore[arg-type]
    assert verdict(split, {0.0: [NO] * 3 + [YES], 1.0: [YES] * 4 + [NO]}) == "inconclusive"
    assert verdict(split, {0.0: [NO] * 4 + [YES], 1.0: [YES] * 3 + [NO]}) == "inconclusive"
    assert flip(claim("C5"), {0.0: [YES], 4.0: split, 8.0: [NO]}) == (4.0, True)
    assert flip(claim("C5"), {0.0: split, 4.0: split}) == (None, False)


def test_never_refuted_is_built_in_and_one_undefined_value_is_a_refutation() -> None:
    c5 = claim("C5")
    every = Evidence([YES], [YES], [YES], {0.0: [YES]})
    assert judge(c5, every).verdict == "built_in"
    for one in (
        Evidence([YES], [NO], [YES], {0.0: [YES]}),
        Evidence([YES], [YES], [None], {0.0: [YES]}),
        Evidence([YES], [YES], [YES], {0.0: [YES], 1.0: [YES, NO]}),
    ):
        assert judge(c5, one).verdict == "holds"
    assert share_holding(c5, [None]) == 0.0
    assert share_holding(c5, [YES, float("inf"), NO, None]) == 0.5


# ---------------------------------------------------------------- the tables beside the claims


def test_severity_and_duration_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two draws; the ban as enacted loses 3 and 5 bn more than its twin and costs 1 and 5: medians
    4 and 3, a share of 0.75 and 0.5.
    """
    seen: list[Ask] = []

    def answers(asks: list[Ask], workers: int = 1) -> list[dict[str, Any]]:
        seen.extend(asks)
        assert workers == 3
        half = len(asks) // 2
        found = []
        for of, (lost, paid) in enumerate(((3000.0, 1000.0), (5000.0, 5000.0))):
            free = flow(output_lost=100.0)
            ban = flow(output_lost=100.0 + lost, cost_paid=paid, made_up=500.0)
            found += [free, ban, *[free] * (half - 2)]
            assert asks[of * half].seed == of + 1
        return found

    monkeypatch.setattr(supply, "answer_all", answers)
    rows = supply.split_by_severity([Draw((), 1), Draw((), 2)], workers=3)
    assert rows[0] == {
        "severity": "dual-use ban and lists, as enacted",
        "output_lost": pytest.approx(4.0),
        "cost_paid": pytest.approx(3.0),
        "made_up": pytest.approx(0.5),
        "output share": pytest.approx(0.625),
    }
    assert rows[1]["severity"] == "controlled goods barred, 1 months"
    assert (rows[1]["output_lost"], rows[1]["output share"]) == (0.0, 0.0)
    assert [row["severity"] for row in rows[1:]] == [
        f"{words} barred, {months} months"
        for words in ("controlled goods", "everything")
        for months in (1, 3, 6, 12, 24)
    ]
    first = [one.scenario for one in seen[: len(seen) // 2]]
    assert [one.name for one in first[:3]] == [BANNED, "japan-2026", BANNED]
    assert [event.end for one in first for event in one.choices] == 2 * [
        "2026-02-05",
        "2026-04-05",
        "2026-07-05",
        "2027-01-05",
        "2028-01-05",
    ]


def test_dependence_by_measure_is_the_median_over_worlds_of_yearly_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Worlds with 40, 50 and 90% in both months of 2009: 50%; of 2014 one world tells 20%; of 2018
    none.
    """

    def worlds(name: str, seeds: Any, months: int) -> list[Any]:
        assert (name, list(seeds), months) == ("embargo-2010", [1, 2, 3], 192)
        return [
            SimpleNamespace(seed=seed, table=lambda _, at=at: table(at))
            for seed, at in zip(seeds, (0.4, 0.5, 0.9), strict=True)
        ]

    def table(share: float) -> pd.DataFrame:
        row = ("Japan", "China", "last_origin", "tonnes", "all")
        rows = [("2009-01", *row, share - 0.1), ("2009-02", *row, share + 0.1)]
        if share == 0.4:
            rows.append(("2014-05", *row, 0.2))
        rows += [
            ("2009-01", "France", *row[1:], 1.0),
            ("2009-01", "Japan", "Vietnam", *row[2:], 1.0),
        ]
        columns = ["month", "state", "supplier", "basis", "measure", "group", "share"]
        return pd.DataFrame(rows, columns=columns)

    monkeypatch.setattr(cases, "run_worlds", worlds)
    (row,) = cases.dependence_by_measure([1, 2, 3])
    assert (row["basis"], row["measure"], row["group"]) == ("last_origin", "tonnes", "all")
    assert (row["2009"], row["2014"]) == (pytest.approx(50.0), pytest.approx(20.0))
    assert np.isnan(row["2018"])
    assert list(row)[3:] == ["2009", "2014", "2018", "2024"]


def test_c3_tells_every_third_year_from_2009_to_2024() -> None:
    found = beside("C3", {"path": np.arange(60.0, 76.0)})
    assert found == {
        "2009, %": 60.0,
        "2012, %": 63.0,
        "2015, %": 66.0,
        "2018, %": 69.0,
        "2021, %": 72.0,
        "2024, %": 75.0,
        "lowest, %": 60.0,
        "year of the lowest": 2009.0,
    }


def test_c14_tells_2030_2035_2038_and_the_first_year_at_five_percent_or_more() -> None:
    prices = np.full(15, 100.0)
    boom = np.array([100.0] * 5 + [104.99, 102.0] + [101.0] * 4 + [107.0, 105.0, 105.0, 109.0])
    told_ = beside("C14", {"boom": (boom, 0.0), "free": (prices, 0.0)})
    assert told_["in 2030, %"] == pytest.approx(2.0)
    assert told_["in 2035, %"] == pytest.approx(7.0)
    assert told_["in 2038, %"] == pytest.approx(9.0)
    assert told_["first year 5% above the twin"] == 2035.0


@pytest.mark.parametrize(("lost", "value"), [(0.0, None), (1e-6, None), (2e-6, 1.0)])
def test_c6_ranks_nobody_where_nobody_loses(lost: float, value: float | None) -> None:
    """Of a loss at one named sector, the others follow in the order of their table: those among the
    first five that are named count.
    """
    from coercivity.model.basis.names import SECTOR

    gap = np.zeros(len(SECTOR))
    named = [SECTOR[name] for name in supply.NAMED]
    gap[named[0]] = lost
    found = {
        "ban": {"sector_gap": -gap},
        "free": {
            "facts": Facts.default(),
            "sector_gap": np.zeros(len(SECTOR)),
            "sector_planned": np.ones(len(SECTOR)),
        },
    }
    got = value_of("C6", found)
    if value is None:
        assert got is None
    else:
        others = [at for at in range(len(SECTOR)) if at != named[0]][:4]
        assert got == value + len(set(others) & set(named))


def test_discipline_bites_on_what_comes_past_the_border() -> None:
    """What smugglers and traders bring into Japan under a ban of everything goes with enforcement:
    of raw tonnes at least a tenth less; refuted where the same comes in.
    """
    arms = {arm: one for arm, one in asked("C16").items() if arm.startswith("ban")}
    lax, strict = (
        run_scenario(arms[f"ban {share}"].scenario, 7).table("leaks").astype({"to": str})
        for share in (0, 1)
    )
    brought = [
        float(
            table[(table["to"] == "Japan") & table["good"].isin(GOOD_GROUPS["raw_materials"])][
                "tonnes"
            ].sum()
        )
        for table in (lax, strict)
    ]
    assert brought[1] < 0.9 * brought[0]
