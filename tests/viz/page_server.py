"""Serve the page with the made-up results of tests/fake_result.py, as a process of its own: `python page_server.py PORT`.

Seed 13 stands for a model that fails, seed 12 for one that takes its time.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fake_result import FakeResult, fake_scenario


def fake_run(scenario: Any, seed: int = 1, **_: Any) -> FakeResult:
    """Stands in for `coercivity.experiments.run.run`: the made-up ban under the name that was asked for."""
    if seed == 13:
        raise RuntimeError("the model failed on purpose")
    if seed == 12:
        time.sleep(1.0)
    return FakeResult(replace(fake_scenario(), name=scenario.name, title=scenario.title), seed)


if __name__ == "__main__":
    stand_in: Any = ModuleType("coercivity.experiments.run")
    stand_in.run = fake_run
    sys.modules[stand_in.__name__] = stand_in

    from coercivity.viz.serve import serve

    serve(int(sys.argv[1]), open_browser=False)
