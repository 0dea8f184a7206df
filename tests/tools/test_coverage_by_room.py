"""The table of `make cover`: rooms are summed over their files, and one with too few of its
branches is named.
"""

from __future__ import annotations

import pytest

from tools.coverage_by_room import LEAST, ROOMS, by_room, table


def file(lines: int, lines_run: int, branches: int, branches_run: int) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "num_statements": lines,
            "covered_lines": lines_run,
            "num_branches": branches,
            "covered_branches": branches_run,
        }
    }


WHOLE = {f"{room}/a.py": file(10, 10, 4, 4) for room in ROOMS}


def test_a_room_is_the_sum_of_its_files_in_all_its_folders() -> None:
    text, below = table(
        by_room({**WHOLE, "viz/b.py": file(70, 60, 76, 70), "viz/screens/c.py": file(20, 10, 0, 0)})
    )
    line = next(one for one in text.splitlines() if one.startswith("viz"))
    assert line.split() == ["viz", "100", "80.0%", "80", "92.5%", "85.6%"]
    assert below == ["viz"]
    assert text.splitlines()[-1].split()[:2] == ["all", "140"]


@pytest.mark.parametrize(("branches_run", "below"), [(95, []), (94, ["model"])])
def test_the_branches_decide_and_not_the_lines(branches_run: int, below: list[str]) -> None:
    assert LEAST == 95.0
    assert table(by_room({**WHOLE, "model/a.py": file(1000, 500, 100, branches_run)}))[1] == below


def test_what_is_in_no_room_is_not_left_out_in_silence() -> None:
    with pytest.raises(KeyError, match="attic"):
        by_room({"attic/a.py": file(1, 1, 0, 0)})
