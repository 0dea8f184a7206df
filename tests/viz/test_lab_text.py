"""What the lab says of a setting's twin and of the levers of a state."""

import pytest

from coercivity.experiments.lab.setting import check_setting
from coercivity.viz.words.lab_text import twin_leaves_out
from coercivity.viz.words.lever_text import levers_notes


@pytest.mark.parametrize(
    ("scenario", "against"),
    [("japan-2026", True), ("embargo-2010", True), ("licensing-2025", False)],
)
def test_a_measure_is_against_japan_only_where_it_names_japan(scenario: str, against: bool) -> None:
    setting = check_setting(scenario=scenario, state="Germany")
    assert ("against Japan" in twin_leaves_out(setting)) is against
    assert any("Look at Japan to move it" in note for note in levers_notes(setting)) is against
