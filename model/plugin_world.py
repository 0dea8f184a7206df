"""A class of worlds whose verbs have mechanisms of packages before or behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any

from coercivity.model.mechanism_guard import act, check_changes
from coercivity.model.scenario.mechanism import Mechanism


def class_with_mechanisms(
    kind: type, added: tuple[Mechanism, ...], parts: Mapping[str, Any]
) -> type:
    """The class of a world with the mechanisms of packages that its scenario switches on; its own
    where there are none. Raises InputError, one line, for one that these parts do not allow.
    """
    if not added:
        return kind
    for mechanism in added:
        check_changes(parts, mechanism)
    return with_added(kind.__bases__[0] if vars(kind).get("added") else kind, added)


@lru_cache(maxsize=64)
def with_added(kind: type, added: tuple[Mechanism, ...]) -> type:
    """A class of worlds whose verbs have mechanisms before or behind; of several, by name."""
    verbs = {
        verb: _wrap_verb(
            getattr(kind, verb),
            *(
                [one for one in added if (one.verb, one.when) == (verb, when)]
                for when in ("before", "after")
            ),
        )
        for verb in {mechanism.verb for mechanism in added}
    }
    said = {name: getattr(kind, name) for name in ("__module__", "__qualname__", "__doc__")}
    return type(kind.__name__, (kind,), {**said, **verbs, "added": added})


def _wrap_verb(
    rule: Callable[[Any], None], before: list[Mechanism], after: list[Mechanism]
) -> Callable[[Any], None]:
    """A verb with mechanisms before and behind it."""

    @wraps(rule)
    def verb(self: Any) -> None:
        for mechanism in before:
            act(vars(self), mechanism, self.seen)
        rule(self)
        for mechanism in after:
            act(vars(self), mechanism, self.seen)

    return verb
