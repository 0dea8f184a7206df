"""What each claim asks of which world: scenario, months, acts, governments; the tables beside the
claims, by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.claims import EXPERIMENTS, bans_on_japan, record_and_demand
from coercivity.experiments.claims.setting import Setting, without_acts
from coercivity.experiments.claims.written_claims import Claim, choose_claims
from coercivity.experiments.questions.acts import act
from coercivity.experiments.questions.shared_runs import Ask
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_name
from coercivity.model.scenario.scenario import load_scenario
from tests.experiments.test_claims_by_hand import flow
from tests.names import GOOD_GROUPS

HOSTS = "Japan United_States France Australia Malaysia Vietnam India Brazil Rest_of_world"


def claim(name: str) -> Claim:
    return choose_claims([name])[0]


def asked(name: str, **fields: Any) -> dict[str, Ask]:
    """What a claim asks at shipped parameters, with luck number 7."""
    return EXPERIMENTS[name].asks(Setting(claim(name), Draw((), 7), full=True, **fields))


def told(event: Any) -> str:
    """An act in short: date, end, kind, who, whom, and what else was chosen."""
    held = dict(event.fields)
    numbers = [
        f"{name} {value:g}" if isinstance(value, float) else value
        for name, value in held.items()
        if name in ("budget", "share", "severity", "framing", "growth") and value
    ]
    hosts = [host.replace(" ", "_") for host in held.get("hosts", ())]
    who, until = f"{event.actor}>{','.join(event.targets)}", event.end and f"to {event.end}"
    words = (event.date, until, event.kind, who, *numbers, *held.get("stages", ()), *hosts)
    return " ".join(filter(None, words))


BANNED = "japan-2026 without acts against Japan"
CALM = "business-as-usual"
YEAR_OF_BAN = ["2026-01-06 to 2027-01-05 blanket_ban China>Japan"]
THREATS = [f"{year}-01-15 threat China>Japan severity 1" for year in (2025, 2026, 2027)]
CARRIED = [f"{year}-03-01 to {year}-05-31 blanket_ban China>Japan" for year in (2025, 2026, 2027)]


def money(stage: str, budget: int, end: int = 2030, hosts: str = HOSTS) -> str:
    return f"2026-01-06 to {end + 1}-01-05 grant Japan> budget {budget} share 0.5 {stage} {hosts}"


# claim, arm -> scenario, months of the run, acts that are added
ARMS: dict[tuple[str, str], tuple[str, int, list[str]]] = {
    ("C1", "ban"): ("japan-2026", 48, []),
    ("C1", "free"): (BANNED, 48, []),
    ("C2", "ban"): ("japan-2026", 66, []),
    ("C2", "free"): (BANNED, 66, []),
    ("C3", "path"): ("embargo-2010", 192, []),
    ("C4", "ban"): ("japan-blanket-ban", 48, []),
    ("C4", "free"): ("japan-blanket-ban without acts against Japan", 48, []),
    ("C5", "ban"): (BANNED, 48, YEAR_OF_BAN),
    ("C5", "free"): (BANNED, 48, []),
    ("C6", "ban"): (BANNED, 48, YEAR_OF_BAN),
    ("C7", "ban"): (BANNED, 48, YEAR_OF_BAN),
    ("C7", "free"): (BANNED, 48, []),
    ("C8", "none"): (CALM, 85, []),
    ("C8", "mines"): (CALM, 85, [money("mining", 2000)]),
    ("C8", "separation"): (CALM, 85, [money("separation", 2000)]),
    ("C8", "both"): (CALM, 85, [money("mining", 1000), money("separation", 1000)]),
    ("C8", "both paid"): (CALM, 85, [money("mining", 1000), money("separation", 1000)]),
    ("C9", "ban"): ("japan-2026-from-2024", 85, []),
    ("C9", "free"): (CALM, 85, []),
    ("C10", "security"): (CALM, 120, ["2026-01-06 licensing China>World security"]),
    ("C10", "conservation"): (CALM, 120, ["2026-01-06 licensing China>World conservation"]),
    ("C11", "none"): (CALM, 73, []),
    ("C11", "threats"): (CALM, 73, THREATS),
    ("C11", "carried out"): (CALM, 73, THREATS + CARRIED),
    ("C12", "none"): (BANNED, 49, []),
    ("C13", "targeted"): ("targeted-pressure", 48, []),
    ("C13", "blunt"): ("blunt-instrument", 48, []),
    ("C13", "free"): ("targeted-pressure without acts against Japan", 48, []),
    ("C14", "free"): (BANNED, 156, []),
    ("C15", "none"): (CALM, 85, []),
    ("C15", "early"): (CALM, 85, [money("mining", 500, 2028, "Rest_of_world")]),
    ("C15", "late"): (CALM, 85, [money("separation", 500, 2028)]),
    ("C15", "late paid"): (CALM, 85, [money("separation", 500, 2028)]),
    ("C16", "ban 0"): ("japan-blanket-ban", 48, []),
    ("C16", "free 1"): ("japan-blanket-ban without acts against Japan", 48, []),
}


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_a_claim_is_tried_on_these_worlds(name: str, arm: str) -> None:
    scenario, months, acts = ARMS[name, arm]
    one = asked(name)[arm]
    assert (one.scenario.name, one.scenario.months) == (scenario, months)
    assert [told(event) for event in one.scenario.choices] == acts
    assert one.seed == 7


def test_leverage_is_asked_for_in_january_of_2031_and_of_2030() -> None:
    def when(one: Ask) -> str:
        assert one.lever is not None
        return month_name(one.scenario.start, one.lever)

    cut = {arm: when(one) for arm, one in asked("C8").items() if one.reader is None}
    assert cut == dict.fromkeys(("none", "mines", "separation", "both"), "2031-01")
    for name in ("C11", "C12"):
        assert {when(one) for one in asked(name).values()} == {"2030-01"}


@pytest.mark.parametrize(
    ("name", "arms", "states"),
    [
        ("C1", ["ban"], []),
        ("C2", ["ban", "free"], ["Japan"]),
        ("C9", ["ban", "free"], ["Australia", "EU", "Japan", "United States"]),
        ("C10", ["security"], ["EU", "Japan", "United States"]),
    ],
)
def test_governments_that_answer_by_themselves_are_those_the_claim_is_about(
    name: str, arms: list[str], states: list[str]
) -> None:
    for arm in arms:
        modes = asked(name)[arm].scenario.governments
        assert [state for state, mode in modes if mode == "autonomous"] == states


def test_enforcement_is_none_or_full_in_either_world_of_c16() -> None:
    found = {arm: dict(one.scenario.parameters) for arm, one in asked("C16").items()}
    assert found == {
        f"{world} {share:g}": {"border_enforcement": share, "enforcement": share}
        for world in ("ban", "free")
        for share in (0.0, 1.0)
    }


def test_demand_cases_come_alone_and_together_and_grow_with_their_lever() -> None:
    found = asked("C12")
    assert list(found) == ["none", "ev", "ai_hardware", "defence", "clean_energy", "all"]
    apart = [
        told(event) for case in record_and_demand.CASES for event in found[case].scenario.choices
    ]
    assert sorted(told(event) for event in found["all"].scenario.choices) == sorted(apart)
    (once,), (doubled,) = (
        [dict(event.fields)["growth"] for event in one["ev"].scenario.choices]
        for one in (found, asked("C12", moved=2.0))
    )
    assert doubled == pytest.approx(2.0 * once)
    boom, free = asked("C14")["boom"].scenario, asked("C14")["free"].scenario
    assert {event.id.split("-")[0] for event in boom.choices} == {"humanoid"}
    assert min(event.date for event in boom.choices) == f"{boom.start}-01"
    assert (boom.months, free.choices) == (156, ())


def test_the_ban_of_c5_lasts_as_its_lever_says_and_bars_all_of_c7_only_what_is_controlled() -> None:
    def the_ban(name: str, **fields: Any) -> Any:
        (event,) = asked(name, **fields)["ban"].scenario.choices
        return event

    assert the_ban("C5").end == "2027-01-05"
    assert the_ban("C5", moved=3.0).end == "2026-04-05"
    assert set(the_ban("C7").goods) < set(the_ban("C5").goods)


def test_a_twin_lacks_what_was_done_to_the_target_and_what_the_target_had_said() -> None:
    whole, twin = load_scenario("japan-2026"), without_acts("japan-2026")
    gone = {("China", ("Japan",)), ("Japan", ("China",))}
    enacted = {(event.actor, event.targets) for event in whole.events}
    assert gone & enacted
    assert {(event.actor, event.targets) for event in twin.events} == enacted - gone
    kept = {event.id for event in twin.events}
    assert "T041" in kept  # the licences of 2025 name no country
    assert all(dict(event.fields).get("of", event.id) in kept for event in twin.events)


@pytest.mark.parametrize(
    ("date", "months", "end"),
    [
        ("2026-01-06", 12, "2027-01-05"),
        ("2026-01-06", 1.6, "2026-03-05"),
        ("2025-11-03", 3, "2026-02-02"),
        ("2025-01-31", 12, "2026-01-30"),
    ],
)
def test_an_act_stays_in_force_for_whole_months(date: str, months: float, end: str) -> None:
    plain = {"date": date, "kind": "tariff", "id": f"asked-tariff-{date}"}
    assert act("tariff", date) == plain
    assert act("tariff", date, months) == {**plain, "end": end}


def test_severity_and_duration_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two draws; the ban as enacted loses 3 and 5 bn more than its twin and costs 1 and 5: medians
    4 and 3, a share of 0.75 and 0.5.
    """
    seen: list[Ask] = []

    def answers(asks: list[Ask], workers: int = 1) -> list[dict[str, Any]]:
        seen.extend(asks)
        assert workers == 3
        half, free = len(asks) // 2, flow(output_lost=100.0)
        found = []
        for of, (lost, paid) in enumerate(((3000.0, 1000.0), (5000.0, 5000.0))):
            ban = flow(output_lost=100.0 + lost, cost_paid=paid, made_up=500.0)
            found += [free, ban, *[free] * (half - 2)]
            assert asks[of * half].seed == of + 1
        return found

    monkeypatch.setattr(bans_on_japan, "answer_all", answers)
    rows = bans_on_japan.split_by_severity([Draw((), 1), Draw((), 2)], workers=3)
    enacted = {"output_lost": 4.0, "cost_paid": 3.0, "made_up": 0.5, "output share": 0.625}
    assert rows[0].pop("severity") == "dual-use ban and lists, as enacted"
    assert rows[0] == pytest.approx(enacted)
    assert (rows[1]["output_lost"], rows[1]["output share"]) == (0.0, 0.0)
    assert [row["severity"] for row in rows[1:]] == [
        f"{words} barred, {months} months"
        for words in ("controlled goods", "everything")
        for months in (1, 3, 6, 12, 24)
    ]
    first = [one.scenario for one in seen[: len(seen) // 2]]
    assert [one.name for one in first[:3]] == [BANNED, "japan-2026", BANNED]
    ends = ["2026-02-05", "2026-04-05", "2026-07-05", "2027-01-05", "2028-01-05"]
    assert [event.end for one in first for event in one.choices] == 2 * ends


def test_dependence_by_measure_is_the_median_over_worlds_of_yearly_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Worlds with 40, 50 and 90% in both months of 2009: 50%; of 2014 one world tells 20%; of 2018
    none.
    """

    def table(share: float) -> pd.DataFrame:
        row = ("last_origin", "tonnes", "all")
        rows = [
            ("2009-01", "Japan", "China", *row, share - 0.1),
            ("2009-02", "Japan", "China", *row, share + 0.1),
            ("2009-01", "France", "China", *row, 1.0),
            ("2009-01", "Japan", "Vietnam", *row, 1.0),
        ]
        if share == 0.4:
            rows.append(("2014-05", "Japan", "China", *row, 0.2))
        columns = ["month", "state", "supplier", "basis", "measure", "group", "share"]
        return pd.DataFrame(rows, columns=columns)

    def worlds(name: str, seeds: Any, months: int) -> list[Any]:
        assert (name, list(seeds), months) == ("embargo-2010", [1, 2, 3], 192)
        shares = zip(seeds, (0.4, 0.5, 0.9), strict=True)
        return [SimpleNamespace(seed=seed, table=lambda _, at=at: table(at)) for seed, at in shares]

    monkeypatch.setattr(record_and_demand, "run_worlds", worlds)
    (row,) = record_and_demand.dependence_by_measure([1, 2, 3])
    assert list(row.values())[:3] == ["last_origin", "tonnes", "all"]
    assert (row["2009"], row["2014"]) == (pytest.approx(50.0), pytest.approx(20.0))
    assert np.isnan(row["2018"])
    assert list(row)[3:] == ["2009", "2014", "2018", "2024"]


# ---------------------------------------------------------------- the tables beside the claims


def test_discipline_bites_on_what_comes_past_the_border() -> None:
    """What smugglers and traders bring into Japan under a ban of everything goes with enforcement:
    of raw tonnes at least a tenth less; refuted where the same comes in.
    """

    def brought(arm: Ask) -> float:
        table = run_scenario(arm.scenario, 7).table("leaks").astype({"to": str})
        raw = (table["to"] == "Japan") & table["good"].isin(GOOD_GROUPS["raw_materials"])
        return float(table[raw]["tonnes"].sum())

    lax, strict = (brought(asked("C16")[f"ban {share}"]) for share in (0, 1))
    assert strict < 0.9 * lax
