"""Serve the pages with a world that costs nothing (stand_in.py), as a process of its own: `python page_server.py PORT`.

Firms that hold 4.25 months more stand for a model that takes its time: the first year after the levers
is told at once, the rest when a file `told` lies in the folder of the server; 3.25 months more, on
every page, until `play on` lies there. A thread takes the place of the worker processes, so that it is this process's
stand-in that is asked. One more language has every sentence in marks (marks.py).
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from coercivity.viz.server import chain_jobs, lab_jobs, play_jobs, worker_pool
from coercivity.viz.words import language
from coercivity.viz.words.language import SOURCE
from tests.viz import stand_in
from tests.viz.marks import Marks
from tests.viz.stand_in import put_in_place, recorded

TOLD, PLAY_ON = Path("told"), Path("play on")
FAIL = Path("fail")  # while it is there no page can be drawn
MARKED = "zh"  # months and numbers of it have no Latin letters


def history(scenario: Any, seed: int, state: str, since: str, code: str = SOURCE) -> str:
    """Stands in for `coercivity.viz.server.lab_jobs.history`."""
    wait_to_play_on(scenario)
    return real(scenario, seed, state, since, code)


def result_of(scenario: Any, seed: int, at: Any = None, heard: Any = None) -> Any:
    """Stands in for `coercivity.viz.server.lab_jobs.result_of`."""
    result = stand_in.result_of(scenario, seed, at, heard)
    while holds(scenario, 4.25) and heard is not None and not TOLD.exists():
        threading.Event().wait(0.05)
    return result


def played(scenario: Any, seed: int) -> Any:
    """Stands in for the `result_of` of the pages that show one history."""
    wait_to_play_on(scenario)
    return stand_in.result_of(scenario, seed)


def wait_to_play_on(scenario: Any) -> None:
    """Take time with a setting in which firms hold 3.25 months more."""
    while holds(scenario, 3.25) and not PLAY_ON.exists():
        threading.Event().wait(0.05)


def holds(scenario: Any, months: float) -> bool:
    """Whether the lever of firms' stocks stands at so many months."""
    return any(f"aim at {months:g} more months" in choice.text for choice in scenario.choices)


def warm(number: int) -> str:
    """Stands in for the first world of a worker."""
    for start in ("2024-01", "2026-01"):
        recorded(start)
    return "ready"


real = lab_jobs.history

if __name__ == "__main__":
    marks, known, names = Marks(), language.catalogue, language.languages()
    language.catalogue = lambda code: marks if code == MARKED else known(code)  # type: ignore
    language.languages = lambda: {**names, MARKED: "中文"}  # type: ignore
    one = worker_pool.WorkerPool(1, make=ThreadPoolExecutor)
    put_in_place()
    lab_jobs.history = history
    lab_jobs.result_of = result_of
    play_jobs.result_of = chain_jobs.result_of = played  # type: ignore[attr-defined]
    worker_pool.warm_worker = warm
    worker_pool.worker_pool = lambda: one  # type: ignore[assignment]

    from coercivity.viz.serve import _set_environment, serve

    _set_environment()
    import solara

    real_title = solara.Title

    def title(text: str) -> Any:
        """Stands in for `solara.Title`, which every page calls while it is drawn."""
        if FAIL.exists():
            raise RuntimeError("the page failed on purpose")
        return real_title(text)

    solara.Title = title
    serve(int(sys.argv[1]), open_browser=False)
