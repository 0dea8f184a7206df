"""One thread for numerical libraries in every worker: workers share the cores, and threads of each
would fight over them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Final

THREADS: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Processes started inside compute with one thread each: numerical libraries read these names
    when they are loaded.
    """
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
