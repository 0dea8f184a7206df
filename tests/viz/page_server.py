"""Serve the page with the made-up results of tests/fake_result.py, as a process of its own: `python page_server.py PORT`.

Seed 13 stands for a model that fails, seed 12 for one that takes a while.
"""

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fake_result import FakeResult  # noqa: E402


def fake_run(scenario: Any, seed: int = 1, **_: Any) -> FakeResult:
    """Stands in for `coercivity.experiments.run.run`."""
    if seed == 13:
        raise RuntimeError("the model failed on purpose")
    if seed == 12:
        time.sleep(1.0)
    return FakeResult(scenario, seed)


if __name__ == "__main__":
    from coercivity.viz import histories
    from coercivity.viz.serve import serve

    histories.run_history = fake_run
    serve(int(sys.argv[1]), open_browser=False)
