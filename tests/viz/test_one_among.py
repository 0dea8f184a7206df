"""The line of pages that show one history: its numbers are those of the history and of the many."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.experiments.findings.lab_answers import measures
from coercivity.experiments.lab.histories import Histories, range_of
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting
from coercivity.viz.page_data.ensemble_position import among_json
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs
from coercivity.viz.server import lab_jobs
from coercivity.viz.words.ensemble_position_text import position_sentences, rows, value_of
from coercivity.viz.words.lab_text import question_of
from coercivity.viz.words.range_text import range_in_words
from tests.viz import stand_in
from tests.viz.test_lab_answer import ASKED, histories


def one(**values: Any) -> Histories:
    """A history alone, as the page has it."""
    return histories(1, **values)


@pytest.mark.parametrize("lost", [2.0, 500.0])
def test_a_history_outside_of_eight_in_ten_is_said_to_be_unusual(lost: float) -> None:
    many = histories(20, lost=30.0, step=1.6)
    found = position_sentences(one(lost=lost), many, ASKED, 7, False)
    assert "this is an unusual one: in 8 of 10 histories it is USD 10 to 50 bn." in found


def test_each_number_lies_where_its_bar_says() -> None:
    mine, many = one(stop=90.0, peak=3.0, end=0.5), histories(20, stop=300.0, stops=13, step=1.6)
    found = {row.id: row for row in rows(mine, many, ASKED, True)}
    assert list(found) == ["output_lost_24m", "stops", "peak", "dependence_separated_end"]
    assert found["stops"].value == "3 months"
    assert found["stops"].others == "in 13 of 20, typically 10 months"
    assert found["dependence_separated_end"].at == 0.5
    by_id = {measure.id: measure for measure in measures(ASKED)}
    for name, row in found.items():
        others = range_of(by_id[name].read(many).values())
        value = value_of(by_id[name], mine)
        assert others is not None
        assert value is not None
        assert row.low is not None
        assert row.high is not None
        assert row.at is not None
        assert 0.0 <= row.low <= row.high <= 1.0
        # the same axis for the three of them
        assert (row.at <= row.low) == (value <= others.low)
        assert (row.at >= row.high) == (value >= others.high)
        if name != "stops":
            assert row.others == "8 of 10: " + range_in_words(others, by_id[name].unit)


def told_of(setting: LabSetting) -> Any:
    """What a page says of the stand-in's history of seed 1 once all of the others have come."""
    scenario, since = setting.asked(), story_day(setting.shipped)
    fixed = tuple(name for name, _ in setting.assumptions)
    held = HistoryPairs(stand_in.histories(scenario, fixed, setting.state, since), alone=True)
    own = stand_in._read(scenario, setting.state, since).packed()
    mark = lab_jobs.mark_of(scenario, setting.seed, setting.state)
    return json.loads(among_json(held, own, mark, question_of(setting), setting.seed))
