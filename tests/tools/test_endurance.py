"""A class through everything that may befall its server, in a game that ends as if nothing had."""

import pytest

from tools.fuzz.endurance import INCIDENTS, run


@pytest.mark.slow
def test_forty_sessions_reach_the_same_end_through_kills_a_full_disk_and_a_deleted_journal() -> (
    None
):
    calm, rough, same = run(sessions=40)
    assert (calm.sessions, rough.sessions) == (40, 40)
    assert len(rough.log) == 1 + len(INCIDENTS)
    assert calm.said == []
    told = " | ".join(rough.said)
    assert all(
        words in told
        for words in (
            "was deleted on the server's disk",
            "are not on the server's disk",
            "was damaged",
        )
    )
    # what was lost with a full disk and a power cut was played again
    assert rough.steps > calm.steps
    assert all(same.values()), same
