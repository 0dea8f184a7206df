"""An act as the value of a field of an address, and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from coercivity.experiments.lab.acts import Act
from coercivity.model.basis.errors import InputError, Phrase


def to_field(act: Act) -> str:
    """An act as the value of a field of an address."""
    return ",".join(f"{name}:{_encode_value(value)}" for name, value in act.said().items())


def _encode_value(value: Any) -> str:
    if isinstance(value, tuple):
        return "/".join(_encode_value(one) for one in value)
    return quote(value, safe=" ()'.&") if isinstance(value, str) else shortest(value)


def shortest(value: float) -> str:
    """The shortest text that is read back as just this number."""
    text = f"{value:.10g}"
    return text if float(text) == value else repr(value)


def from_field(text: str) -> dict[str, object]:
    """What an address says of an act, not yet checked. Raises InputError for a part that has no
    name or says a thing twice.
    """
    found: dict[str, object] = {}
    for part in text.split(","):
        name, colon, value = part.partition(":")
        if not colon or not name:
            raise InputError(
                "act '{value}' is no part of an act",
                "write name:value, with commas between them, for example "
                "kind:licensing,actor:China,targets:Japan",
                value=part,
            )
        if name in found:
            raise InputError(
                "{written} stands twice in one act",
                "write it once",
                where=Phrase("act"),
                written=name,
            )
        names = [unquote(one) for one in value.split("/")]
        found[name] = names if len(names) > 1 else names[0]
    return found
