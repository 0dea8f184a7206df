"""Serve the pages with a model that misbehaves on purpose, as a process of its own: `python page_server.py PORT`.

Seed 13 stands for a model that fails, seed 12 for one that takes its time. A thread takes the place of the worker processes, so that it is this
process's stand-in that runs; every other seed is the real model.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from coercivity.viz.server import engine, jobs

real = jobs.history


def history(scenario: Any, seed: int, state: str, since: str) -> str:
    """Stands in for `coercivity.viz.server.jobs.history`."""
    if seed == 13:
        raise RuntimeError("the model failed on purpose")
    if seed == 12:
        time.sleep(1.5)
    return real(scenario, seed, state, since)


if __name__ == "__main__":
    one = engine.Engine(1, make=ThreadPoolExecutor)
    jobs.history = history
    engine.engine = lambda: one  # type: ignore[assignment]

    from coercivity.viz.server.serve import serve

    serve(int(sys.argv[1]), open_browser=False)
