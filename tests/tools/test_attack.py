"""The attacker's list against a real server. It takes minutes; what it found first stands as quick
tests in tests/viz (doors, answers, codes, connections).
"""

import pytest

from tools.fuzz.attack import GROUPS, attack


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_the_server_survives(group: str) -> None:
    found = attack((group,))
    assert found.failed == []
    assert sum(found.tried.values()) > 3
