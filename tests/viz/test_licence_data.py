"""What the play page tells of licences: the offices' month by month as the table has it, and the
applications of one firm in words.
"""

from __future__ import annotations

import json

import pytest

from coercivity.agents.governments.licensing_office import OUTCOMES
from coercivity.experiments.questions import firm_trace
from coercivity.experiments.questions.firm_licences import FILED_ANEW
from coercivity.experiments.questions.firm_lines import Line
from coercivity.experiments.questions.firm_trace import FirmTrace
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.parts.border import CASES
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.viz.page_data.licence_data import offices
from coercivity.viz.server.play_jobs import firm
from coercivity.viz.words.firm_text import NOT_TOLD, SENTENCES, lines_in_words
from coercivity.viz.words.licence_text import ANSWERS


@pytest.fixture(scope="module")
def result() -> Result:
    return run_scenario(with_changes(load_scenario("japan-2026"), months=40), 2)


def test_an_office_has_the_numbers_of_the_table(result: Result) -> None:
    table = result.table("licences")
    shown = offices(result.records)
    sums = table.groupby(["exporter", "month"], observed=True)[list(CASES)].sum()
    assert set(shown) == {exporter for exporter, _ in sums[sums.sum(axis=1) > 0].index} != set()
    for exporter, found in shown.items():
        assert sum(found["rows"][0]) > 0
        assert found["first"] + len(found["rows"]) == len(result.months)
        wanted = sums.loc[exporter].reindex(result.months).to_numpy()
        assert found["rows"] == wanted[found["first"] :].tolist()
        assert wanted[: found["first"]].sum() == 0


def test_without_a_rule_there_is_no_office() -> None:
    calm = run_scenario(with_changes(load_scenario("business-as-usual"), months=3), 1)
    assert offices(calm.records) == {}


def test_every_outcome_has_its_words_on_the_page() -> None:
    assert {"waits", FILED_ANEW, *filter(None, OUTCOMES)} == {*ANSWERS}
    assert {f"licence.{one or 'waits'}" for one in OUTCOMES} <= {*SENTENCES}


def test_the_page_tells_what_a_ban_has_filed_anew() -> None:
    """As the play page asks it: the ban of January 2026 begins applications of 2025 anew."""
    told = json.loads(
        firm(
            with_changes(load_scenario("japan-2026-from-2024"), months=30), 1, "Shin-Etsu Chemical"
        )
    )
    answers = [one["answer"] for one in told["licences"]]
    assert ANSWERS[FILED_ANEW] in answers


@pytest.mark.parametrize(("name", "shown"), [("TDK", False), ("Japan wind 1", True)])
def test_a_halt_in_a_month_that_is_past_is_told_of_no_real_firm(
    monkeypatch: pytest.MonkeyPatch, name: str, shown: bool
) -> None:
    """2026-02 is past, 2035-01 is not."""
    scenario = with_changes(load_scenario("japan-2026-from-2024"), months=133)
    lines = (Line.of("no_look"), Line.of("mothballed", runs=True))
    trace = FirmTrace(name, "Japan", "sintered_magnets", "magnets", (), (((), lines, ()),) * 133)
    monkeypatch.setattr(firm_trace, "trace_firm", lambda *_: trace)
    months = json.loads(firm(scenario, 1, name))["months"]
    look, halt = lines_in_words(lines)
    assert months[132][1] == [look, halt]
    assert months[25][1] == [look, halt if shown else NOT_TOLD]
