"""Finished histories, kept for a while and shared by all visitors. Never a live world."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from coercivity.experiments.run import run as run_history
from coercivity.model.scenario import load_scenario
from coercivity.viz.page_choice import Choice
from coercivity.viz.page_data import Kept, page_data

KEPT_RESULTS = 8  # a reference result is some tens of MB with the tables that the page reads
KEPT_PAGES = 64  # about 150 KB each


class _Shelf:
    """The last few things made, by key. Who asks for a thing that another thread is making waits for it instead of making it twice."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._making: dict[tuple[Any, ...], threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return the thing under *key*, made by *make* if it is not on the shelf; what *make* raises is raised and not kept."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if key in self._things:
                    return self._things[key]
            try:
                thing = make()
                with self._lock:
                    self._things[key] = thing
                    while len(self._things) > self._size:
                        self._things.popitem(last=False)
                return thing
            finally:
                with self._lock:
                    self._making.pop(key, None)


_results = _Shelf(KEPT_RESULTS)
_pages = _Shelf(KEPT_PAGES)


def page_json(choice: Choice) -> str:
    """Run the whole history of *choice*, or take it from the shelf, and return what the page draws as JSON.

    Raises InputError for a scenario that cannot be loaded or run. Text, not a dictionary: comparing and sending one string on each
    render costs nothing, walking 10,000 numbers does.
    """
    scenario = load_scenario(choice.scenario)
    history = (scenario.fingerprint(), choice.seed)

    def draw() -> str:
        result = _results.get(history, lambda: Kept(run_history(scenario, choice.seed)))
        return json.dumps(page_data(result, choice.state), separators=(",", ":"), allow_nan=False)

    return str(_pages.get((*history, choice.state), draw))
