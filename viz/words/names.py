"""Names of the model as a reader would write them, and what is said where the model failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.model.basis.names import DESCRIPTIONS, PROCESSES

FAILED: Final = "This could not be computed: the model failed. The server's log says why."
GROUP_LABELS: Final[Mapping[str, str]] = {"all": "All rare earths", "SEG": "Sm, Eu, Gd"}
_WORDS: Final = {"ndpr": "NdPr", "seg": "SEG", "smco": "SmCo", "ev": "EV"}
_NAMES: Final = {
    "aerospace_defence": "Aerospace and defence",
    "semiconductors_ceramics": "Semiconductors, ceramics",
    "catalysts_glass": "Catalysts and glass",
}


def trade_of(does: str) -> str:
    """What a firm does, in words: a process as it is described, a sector by its name."""
    return DESCRIPTIONS[does] if does in PROCESSES else does.replace("_", " ")


def words(name: str) -> str:
    """Return a name of the model in words: 'ndpr_oxide' is 'NdPr oxide'."""
    if name in _NAMES:
        return _NAMES[name]
    text = " ".join(_WORDS.get(part, part) for part in name.split("_"))
    return text[:1].upper() + text[1:]
