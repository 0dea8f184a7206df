"""A worker's shelf: the next question is often about the same run, which is then not run again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest

from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.server import lab_jobs


def test_the_last_results_are_kept_and_the_one_longest_unused_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[int] = []
    monkeypatch.setattr(lab_jobs, "_kept", OrderedDict())
    monkeypatch.setattr(
        lab_jobs,
        "run_from_snapshots",
        lambda scenario, seed, **more: ran.append(seed) or ("result", seed),
    )  # type: ignore[func-returns-value]
    scenario = load_shipped("business-as-usual")

    def ask(seed: int) -> Any:
        return lab_jobs.result_of(scenario, seed)

    assert ask(1) == ask(1) == ("result", 1)
    assert ran == [1]
    ask(2)
    ask(1)  # used again, so that 2 is the one that goes
    ask(3)
    assert len(lab_jobs._kept) == lab_jobs.KEPT == 2
    ask(1)
    assert ran == [1, 2, 3]
    ask(2)
    assert ran == [1, 2, 3, 2]
