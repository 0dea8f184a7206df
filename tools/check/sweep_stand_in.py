"""A quick stand-in for the model in a sweep."""

from __future__ import annotations

import os
import signal
import time
from typing import Any


def stand_in(
    run: Any, design: Any, *, pause: float = 0.0, deadly: int = -1, faulty: int = -1
) -> dict[str, Any]:
    """A row that depends on the run alone; after a pause, and with a run that kills its process and
    one that fails.
    """
    time.sleep(pause)
    if run.index == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    head = {
        "run": run.index,
        "scenario": run.name,
        "seed": run.seed,
        "point": run.point,
        **run.parameters,
    }
    clock = next(iter(run.parameters.values()), 0.0)
    values = {
        name: None if (run.index + at) % 7 == 0 else clock / (run.index + at + 3)
        for at, name in enumerate(design.outcomes)
    }
    if run.index == faulty:
        return {
            **head,
            **dict.fromkeys(values),
            "status": "failed",
            "message": "ValueError: as asked",
        }
    return {**head, **values, "status": "done", "message": ""}
