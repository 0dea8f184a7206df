"""What each part of the paper kit asks for, whole and in a hurry, and what it makes of the answers:
made-up answers take the place of the runs.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from coercivity.experiments.claims.survey import SCANNED
from coercivity.experiments.claims.table import choose_claims
from coercivity.experiments.claims.verdict import Evidence, judge
from coercivity.experiments.paper import backtest, claims, cover, policy, questions, starts
from coercivity.experiments.paper.documents import Order
from coercivity.experiments.questions import ablation, friend_shoring, market_power

Asked = dict[str, Any]


def recorded(monkeypatch: pytest.MonkeyPatch, module: Any, *names: str) -> dict[str, Asked]:
    """Answer functions of a module with their own name, and return what each was asked."""
    asked: dict[str, Asked] = {}

    def answer(name: str) -> Any:
        def told(*args: Any, **fields: Any) -> str:
            asked[name] = {"args": args, **fields}
            return name

        return told

    for name in names:
        monkeypatch.setattr(module, name, answer(name))
    return asked


# ---------------------------------------------------------------- policy


def ask_policy(monkeypatch: pytest.MonkeyPatch, quick: bool) -> tuple[dict[str, Asked], Any]:
    money = recorded(monkeypatch, friend_shoring, "equal_money", "alone_or_together")
    floor = recorded(monkeypatch, policy, "grant_or_floor")
    hazard = recorded(
        monkeypatch, policy.hazards, "report", "leave_one_out", "cases", "default_temper"
    )
    recorded(monkeypatch, policy, "history")
    found = policy.build(Order(worlds=3, quick=quick, workers=2))
    return money | floor | hazard, found


def test_public_money_is_asked_over_seeds_from_one_and_hazards_over_sixteen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, found = ask_policy(monkeypatch, quick=False)
    assert list(asked["report"]["args"][0]) == list(range(1, 17))
    assert asked["leave_one_out"]["args"] == ("cases", "default_temper")
    for name in ("equal_money", "alone_or_together", "grant_or_floor"):
        assert list(asked[name]["seeds"]) == [1, 2, 3]
        assert set(asked[name]) == {"args", "seeds", "workers"}
        assert asked[name]["workers"] == 2
    assert found == {
        "seeds": 3,
        "hazards": "report",
        "instruments": "leave_one_out",
        "history": "history",
        "equal": "equal_money",
        "together": "alone_or_together",
        "floor": "grant_or_floor",
    }


def test_in_a_hurry_runs_of_public_money_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, _ = ask_policy(monkeypatch, quick=True)
    assert list(asked["report"]["args"][0]) == [1, 2]
    for name in ("equal_money", "alone_or_together"):
        assert (asked[name]["months"], asked[name]["after"]) == (61, (2, 3))
    assert (asked["grant_or_floor"]["months"], asked["grant_or_floor"]["steps"]) == (61, 2)


def test_one_history_tells_the_first_fourteen_choices_that_were_choices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        ("2024-01", "China", "tension", "nothing", "a ban"),
        ("2024-02", "Japan", "a ban", "endure it", "a strike"),
        ("2024-03", "Japan", "a ban", "a stockpile", ""),
        *((f"2025-{k:02d}", "China", "tension", f"choice {k}", "nothing") for k in range(1, 17)),
    ]
    columns = ["month", "actor", "saw", "chose", "rejected"]
    told = SimpleNamespace(table=lambda _: pd.DataFrame(rows, columns=columns))
    seen: list[Any] = []
    monkeypatch.setattr(policy, "run", lambda name, seed: seen.append((name, seed)) or told)
    found = policy.history("a-scenario")
    assert seen == [("a-scenario", 1)]
    assert [row["chose"] for row in found] == [f"choice {k}" for k in range(1, 15)]
    assert found[0] == {"month": "2025-01", "actor": "China", "chose": "choice 1", "saw": "tension"}


# ---------------------------------------------------------------- questions


def ask_questions(monkeypatch: pytest.MonkeyPatch, quick: bool) -> dict[str, Asked]:
    names = ("after_signals", "entry_map", "after_episode", "third_countries", "frozen")
    asked = recorded(monkeypatch, market_power, *names)
    fall = recorded(monkeypatch, questions.relapse, "decompose")
    worth = recorded(monkeypatch, ablation, "ablate")
    found = questions.build(Order(worlds=2, quick=quick, workers=3))
    assert found == {
        "draws": 2,
        "ablation": "ablate",
        "relapse": "decompose",
        "signals": "after_signals",
        "map": "entry_map",
        "episode": "after_episode",
        "third_countries": "third_countries",
        "frozen": "frozen",
    }
    return asked | fall | worth


def test_questions_are_asked_over_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask_questions(monkeypatch, quick=False)
    (chosen,) = asked["decompose"]["args"]
    assert [draw.seed for draw in chosen] == [1000, 1001]
    for name in ("after_signals", "entry_map", "after_episode", "frozen"):
        assert asked[name] == {"args": (chosen,), "workers": 3}
    assert asked["third_countries"] == {"args": ([1000, 1001],)}
    assert (asked["ablate"]["months"], asked["ablate"]["workers"]) == (120, 3)


def test_in_a_hurry_questions_have_fewer_cells_years_and_months(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = ask_questions(monkeypatch, quick=True)
    assert (asked["entry_map"]["hurdles"], asked["entry_map"]["alarms"]) == ((0.0, 1.0), (0.1, 0.6))
    assert asked["after_episode"]["years"] == (1, 4)
    assert asked["third_countries"]["compliance"] == (0.0, 1.0)
    assert asked["ablate"]["months"] == 60
    assert "licensing-2025" in questions.scenarios()
    assert len(set(questions.scenarios())) == len(questions.scenarios())


# ---------------------------------------------------------------- claims


def finding(name: str) -> Any:
    details = {"x": [1.0, None, 3.0], "y": [None]}
    return judge(choose_claims([name])[0], Evidence([0.6], [0.1], [0.2], {0.0: [0.5]}, details))


@pytest.mark.parametrize(
    ("quick", "seeds", "severe", "scan"), [(False, 4, 8, SCANNED), (True, 1, 1, 2)]
)
def test_claims_are_run_with_the_tables_of_two(
    monkeypatch: pytest.MonkeyPatch, quick: bool, seeds: int, severe: int, scan: int
) -> None:
    asked: dict[str, Any] = {}

    def run(**fields: Any) -> list[Any]:
        asked.update(fields)
        return [finding(name) for name in ("C3", "C4", "C5")]

    monkeypatch.setattr(claims, "run_claims", run)
    monkeypatch.setattr(claims.cases, "dependence_by_measure", list)
    monkeypatch.setattr(
        claims.supply, "split_by_severity", lambda of, workers: [len(of), of[0].seed, workers]
    )
    found = claims.build(Order(worlds=16, quick=quick, workers=2))["claims"]
    assert (asked["draws_count"], asked["workers"], asked["scanned"]) == (16, 2, scan)
    c3, c4, c5 = found
    assert c3["table"] == {"worlds": seeds, "rows": list(range(1, seeds + 1))}
    assert c5["table"] == {"worlds": severe, "rows": [severe, 1000, 2]}
    assert "table" not in c4


def test_a_finding_is_kept_with_all_its_values() -> None:
    told = claims.one_finding(finding("C5"))
    assert told["evidence"] == {
        "main": [0.6],
        "placebo": [0.1],
        "corner": [0.2],
        "scan": [[0.0, [0.5]]],
    }
    assert told["beside"] == {
        "x": [2.0, pytest.approx(1.1), pytest.approx(2.9)],
        "y": [None, None, None],
    }
    claim = choose_claims(["C5"])[0]
    assert (told["low"], told["high"], told["flip_unit"]) == (
        claim.low,
        claim.high,
        claim.flip_unit,
    )
    assert "embargo-2010" in claims.scenarios()
    assert len(set(claims.scenarios())) == len(claims.scenarios())


# ---------------------------------------------------------------- backtest, starts, cover


def test_the_whole_evidence_is_asked_over_draws_with_its_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, Any] = {}

    def survey(targets: Any, chosen: Any, **fields: Any) -> str:
        asked.update(fields, targets=targets, chosen=chosen)
        return "a survey"

    monkeypatch.setattr(backtest, "choose_targets", lambda: "every target")
    monkeypatch.setattr(backtest, "run_survey", survey)
    monkeypatch.setattr(backtest, "document", lambda of: {"of": of, "version": "1.2.3"})
    assert backtest.build(Order(worlds=2, workers=3)) == {"of": "a survey"}  # versions stand apart
    assert (asked["targets"], asked["workers"], asked["lines"]) == ("every target", 3, True)
    assert [draw.seed for draw in asked["chosen"]] == [1000, 1001]


def test_either_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "start_report", lambda start: [f"rows of {start}"])
    assert starts.build(Order(worlds=0)) == {
        "starts": [
            {"start": "2009-01", "rows": ["rows of 2009-01"]},
            {"start": "2024-01", "rows": ["rows of 2024-01"]},
        ]
    }
    assert starts.scenarios() == ()


def test_the_study_of_cover_looks_at_twelve_months_of_the_ban_from_its_first_on() -> None:
    with_ban, without = cover._with_ban(), cover._without_ban()
    (ban,) = (event for event in with_ban.events if event.kind == "blanket_ban")
    assert ban.month_index(with_ban.start) == cover.FIRST == 24
    assert cover.LAST - cover.FIRST + 1 == 12
    assert (ban.end_index(with_ban.start) or 0) >= cover.LAST
    assert with_ban.months == without.months == 36
    assert [event.id for event in without.events] == [
        event.id for event in with_ban.events if event is not ban
    ]
