"""What a process that answers another with other facts does with its results: it sends them as they
are told there (told.py).
"""

from __future__ import annotations

from multiprocessing.reduction import ForkingPickler
from typing import Any, Final

from coercivity.experiments.worlds.compare import Comparison
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.experiments.worlds.told import KINDS, told, told_kind

ToldComparison: Final = told_kind(Comparison, __name__)
ToldEnsemble: Final = told_kind(Ensemble, __name__)


def tell() -> None:
    """From now on, what this process sends to whoever asks it is told; copies here are not."""
    for kind in KINDS:
        ForkingPickler.register(kind, _packed)


def _packed(result: Any) -> tuple[Any, ...]:
    return _as_it_is, (told(result),)


def _as_it_is(result: Any) -> Any:
    """What is unpacked in place of a result that was told."""
    return result
