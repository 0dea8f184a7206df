"""The loader behind yaml_text: PyYAML's safe one, stricter. Imported with the first text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import yaml

from coercivity.model.basis.errors import InputError, shorten

MAX_DIGITS: Final = 1_000  # of one number; no float holds more than 309 before the point


class Loader(yaml.SafeLoader):
    """SafeLoader that refuses aliases (they can grow without end), tags, endless numbers and
    repeated keys, and leaves dates alone."""

    def __init__(self, text: str, where: str, most: int) -> None:
        super().__init__(text)
        self.where = where
        self.most = self.left = most  # keys and values that may come, and may still come

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node, once it is known to be no alias, to bear no tag and not to be one too many."""
        self.left -= 1
        if self.left < 0:  # now, not when all of them have been read
            raise InputError(
                f"{self.where}: more than {self.most:,} keys and values are too many; a scenario "
                "of 2,000 events and choices needs fewer, leave some out"
            )
        event = self.peek_event()
        if isinstance(event, yaml.events.AliasEvent):
            raise _refused("aliases (*name) are not allowed, write the value out", event.start_mark)
        if event.tag is not None:
            # what stands behind it need not fit: !!int of a text, !!bool of no word for it
            problem = f"tags ({_tag(event.tag)}) are not allowed, write the value alone"
            raise _refused(problem, event.start_mark)
        return super().compose_node(parent, index)

    def construct_yaml_int(self, node: Any) -> Any:
        """A whole number that can be read."""
        return self._number(super().construct_yaml_int, node)

    def construct_yaml_float(self, node: Any) -> Any:
        """A number that can be read."""
        return self._number(super().construct_yaml_float, node)

    def _number(self, build: Callable[[Any], Any], node: Any) -> Any:
        problem = "a value cannot be read, use another number or put it in quotes"
        if len(node.value) > MAX_DIGITS:
            problem = (
                f"a value cannot be read: a number of {len(node.value):,} digits, "
                "use a shorter one or put it in quotes"
            )
        else:
            # 0x_ has no digit, and 1:00:00 counted in sixties may grow beyond every float
            with suppress(ValueError, OverflowError):
                return build(node)
        raise _refused(problem, node.start_mark)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """A mapping whose keys stand once."""
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise _refused(f"the key {key.value} stands twice, keep one", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def _refused(problem: str, place: Any) -> yaml.MarkedYAMLError:
    """What is wrong with a text, and where."""
    return yaml.MarkedYAMLError(problem=problem, problem_mark=place)


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
