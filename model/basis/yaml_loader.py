"""The loader behind yaml_text: PyYAML's safe one, stricter. Imported with the first text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import yaml

from coercivity.model.basis.errors import InputError, Phrase, shorten

MAX_DIGITS: Final = 1_000  # of one number; no float holds more than 309 before the point


class NotAllowed(yaml.MarkedYAMLError):
    """YAML that a scenario may not have: why, and where it stands."""

    def __init__(self, reason: Phrase, place: Any) -> None:
        super().__init__(problem=str(reason), problem_mark=place)
        self.reason = reason


class Loader(yaml.SafeLoader):
    """SafeLoader that refuses aliases (they can grow without end), tags, endless numbers and
    repeated keys, and leaves dates alone."""

    def __init__(self, text: str, where: str | Phrase, most: int) -> None:
        super().__init__(text)
        self.where = where
        self.most = self.left = most  # keys and values that may come, and may still come

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node, once it is known to be no alias, to bear no tag and not to be one too many."""
        self.left -= 1
        if self.left < 0:  # now, not when all of them have been read
            raise InputError(
                "more than {count} keys and values are too many",
                "a scenario of 2,000 events and choices needs fewer, leave some out",
                where=self.where,
                count=f"{self.most:,}",
            )
        event = self.peek_event()
        if isinstance(event, yaml.events.AliasEvent):
            reason = Phrase("aliases (*name) are not allowed, write the value out")
            raise NotAllowed(reason, event.start_mark)
        if event.tag is not None:
            # what stands behind it need not fit: !!int of a text, !!bool of no word for it
            reason = Phrase.of(
                "tags ({tag}) are not allowed, write the value alone", tag=_tag(event.tag)
            )
            raise NotAllowed(reason, event.start_mark)
        return super().compose_node(parent, index)

    def construct_yaml_int(self, node: Any) -> Any:
        """A whole number that can be read."""
        return self._number(super().construct_yaml_int, node)

    def construct_yaml_float(self, node: Any) -> Any:
        """A number that can be read."""
        return self._number(super().construct_yaml_float, node)

    def _number(self, build: Callable[[Any], Any], node: Any) -> Any:
        problem = Phrase("a value cannot be read, use another number or put it in quotes")
        if len(node.value) > MAX_DIGITS:
            problem = Phrase.of(
                "a value cannot be read: a number of {count} digits, use a shorter one or put it "
                "in quotes",
                count=f"{len(node.value):,}",
            )
        else:
            # 0x_ has no digit, and 1:00:00 counted in sixties may grow beyond every float
            with suppress(ValueError, OverflowError):
                return build(node)
        raise NotAllowed(problem, node.start_mark)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """A mapping whose keys stand once."""
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                twice = Phrase.of("the key {value} stands twice, keep one", value=key.value)
                raise NotAllowed(twice, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def _tag(name: str) -> str:
    """A tag as it was written: !!int for tag:yaml.org,2002:int."""
    return shorten(
        f"!!{name.removeprefix('tag:yaml.org,2002:')}"
        if name.startswith("tag:yaml.org,2002:")
        else name,
        40,
    )


Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_yaml_int)
Loader.add_constructor("tag:yaml.org,2002:float", Loader.construct_yaml_float)
Loader.yaml_implicit_resolvers = {  # dates stay text
    first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
    for first, pairs in Loader.yaml_implicit_resolvers.items()
}
