"""The edges of the command line: version, help, a fault of ours, and commands that are stopped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity import __version__
from coercivity.experiments.claims import run_claims
from coercivity.experiments.claims.verdict import Evidence, judge
from coercivity.experiments.claims.written_claims import choose_claims
from coercivity.model.scenario import scenario
from tests.terminal import call


def test_the_version_is_printed_and_whoever_asks_for_nothing_gets_the_help() -> None:
    shown = call("--version")
    assert (shown.exit_code, shown.stdout) == (0, f"coercivity {__version__}\n")
    assert "Usage: " in call().output


def test_what_lacks_an_extra_costs_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")

    monkeypatch.setattr(scenario, "load_scenario", broken)
    shown = call("scenarios", "show", "japan-2026")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert 'pip install "coercivity[plot]"' in shown.stderr
    assert shown.stderr.count("\n") == 1


def test_a_fault_of_ours_is_a_traceback_and_not_the_users_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(name: str) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(scenario, "load_scenario", broken)
    shown = call("scenarios", "show", "japan-2026")
    assert shown.exit_code == 1
    assert str(shown.exception) == "a fault of ours"
    assert shown.stderr == ""


def test_all_claims_are_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        judge(claim, Evidence([0.7, 0.4], [0.0], [0.9], {}, {}))
        for claim in choose_claims(["C4", "C5"])
    ]
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        run_claims, "run_claims", lambda ids, **more: asked.append({"ids": ids, **more}) or found
    )  # type: ignore[func-returns-value]
    shown = call("claims", "--draws", "2")
    assert shown.exit_code == 0, shown.output
    assert "over 2 draws" in shown.stdout
    for name in ("C4", "C5"):
        assert name in shown.stdout
    assert list(asked[0]["ids"]) == [one.id for one in choose_claims(())]
    assert asked[0]["draws_count"] == 2
    assert len(json.loads(call("claims", "--json").stdout)) == 2
    del found[1:]
    shown = call("claims", "C4")
    for word in ("metric", "threshold", "placebo", "flips at", "verdict"):
        assert word in shown.stdout
