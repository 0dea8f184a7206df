"""A briefing for a state that is not Japan tells of its levers, and of those of others as such."""

from __future__ import annotations

import pytest

from coercivity.experiments.lab.setting import checked
from coercivity.viz.words.briefing_table import changes
from coercivity.viz.words.briefing_title import moved, subjects
from coercivity.viz.words.language import speaking

SETTING = checked(
    state="Germany",
    levers={"eu_stockpile": 4, "germany_measure": 5, "japan_stockpile": 3},
    changes=[("2027-03", "germany_stock", 2)],
)


def test_levers_of_the_state_come_first_and_none_is_lost() -> None:
    assert [lever.id for lever in moved(SETTING)] == [
        "germany_measure",
        "eu_stockpile",
        "japan_stockpile",
    ]


def test_title_and_table_name_them() -> None:
    told = subjects(SETTING)
    assert len(told) == 4
    assert any("easure against Germany: ban on everything" in one for one in told)
    assert any("state stockpile at 4 months of use" in one for one in told)
    assert any("Japan, State stockpile at 3 months of use" in one for one in told)
    what = [row.what for row in changes(SETTING)]
    assert sum("Measure against Germany" in one for one in what) == 1
    assert sum("Target: Japan, State stockpile" in one for one in what) == 1


@pytest.mark.parametrize("code", ["de", "ja"])
def test_in_the_language_of_the_page(code: str) -> None:
    with speaking(code):
        words = " ".join([*subjects(SETTING), *(row.what for row in changes(SETTING))])
    assert "Measure against" not in words
    assert "stockpile" not in words
