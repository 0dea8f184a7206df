"""YAML for scenarios, read safely: no tags, no aliases, no repeated keys, limits on size and on digits; dates stay text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.inputs import path_of

MAX_BYTES: Final = 1_000_000
MAX_NODES: Final = 100_000  # keys, values and lists in one text: fifty for each of 2,000 acts, of which the fullest has about thirty; read in some seconds
MAX_DIGITS: Final = 1_000  # of one number; no float holds more than 309 before the point


def read_yaml(path: Path) -> Any:
    """Return what the YAML file *path* holds. Raises InputError naming the file and the fix."""
    return parse_yaml(read_bytes(path, "scenario file"), path.name)


def read_bytes(path: Path, what: str) -> bytes:
    """Return the first bytes of a text file, one more than a text may have. Raises InputError with *what* first where it cannot be read."""
    file = path_of(path, what)
    if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe would be waited for
        raise InputError(f"{what} '{shorten(path, 200)}' is no file; give the path of a .yaml file")
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # never more, whatever the file claims to be
    except FileNotFoundError:
        raise InputError(
            f"{what} '{shorten(path, 200)}' is not there; give the path of a .yaml file that exists"
        ) from None
    except OSError as error:
        raise InputError(
            f"{what} '{shorten(path, 200)}' cannot be read ({error.strerror}); give the path of a .yaml file"
        ) from None


def parse_yaml(data: str | bytes, where: str) -> Any:
    """Return what YAML *data* holds: mappings, lists, texts, numbers, true and false. Raises InputError, *where* first."""
    import yaml

    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"{where}: the file has more than {MAX_BYTES:,} bytes; a scenario is a short text, use at most 1 MB"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: byte {raw[error.start]:#x} at {error.start} is not UTF-8 text; save the file as UTF-8"
        ) from None
    try:
        loader = _loader()(text)
        loader.left, loader.where = MAX_NODES, where
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        shown = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
        reason = shorten(error.problem or error.context, 100)
        raise InputError(
            f"{where}{place}: '{shorten(shown)}' is not YAML ({reason}); check indents, colons, quotes"
        ) from None
    except yaml.YAMLError as error:
        raise InputError(
            f"{where}: the file is not YAML ({shorten(error, 100)}); save it as plain text"
        ) from None
    except RecursionError:
        raise InputError(
            f"{where}: lists or mappings are nested too deeply; a scenario needs three levels"
        ) from None


def dump_yaml(value: Any, ascii_only: bool = False) -> str:
    """Return *value* as YAML in the order of its keys; *ascii_only* writes other letters as codes that are read back as what they were."""
    import yaml

    return str(
        yaml.safe_dump(
            value,
            sort_keys=False,
            allow_unicode=not ascii_only,
            width=120,
            default_flow_style=False,
        )
    )


def _tag(name: str) -> str:
    """A tag as it was written: !!int for tag:yaml.org,2002:int."""
    return shorten(
        f"!!{name.removeprefix('tag:yaml.org,2002:')}"
        if name.startswith("tag:yaml.org,2002:")
        else name,
        40,
    )


@lru_cache(maxsize=1)
def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """SafeLoader that refuses aliases (they can grow without end), tags, endless numbers and repeated keys, and leaves dates alone."""

        left: int  # keys and values that may still come
        where: str

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.left -= 1
            if self.left < 0:  # now, not when all of them have been read
                raise InputError(
                    f"{self.where}: more than {MAX_NODES:,} keys and values are too many; a scenario of 2,000 events and choices needs fewer, leave some out"
                )
            event = self.peek_event()
            place: Any = event.start_mark
            if isinstance(event, yaml.events.AliasEvent):
                raise yaml.MarkedYAMLError(
                    problem="aliases (*name) are not allowed, write the value out",
                    problem_mark=place,
                )
            if (
                event.tag is not None
            ):  # what stands behind it need not fit: !!int of a text, !!bool of no word for it
                raise yaml.MarkedYAMLError(
                    problem=f"tags ({_tag(event.tag)}) are not allowed, write the value alone",
                    problem_mark=place,
                )
            return super().compose_node(parent, index)

        def construct_yaml_int(self, node: Any) -> Any:
            return self._number(super().construct_yaml_int, node)

        def construct_yaml_float(self, node: Any) -> Any:
            return self._number(super().construct_yaml_float, node)

        def _number(self, build: Callable[[Any], Any], node: Any) -> Any:
            problem = "a value cannot be read, use another number or put it in quotes"
            if len(node.value) > MAX_DIGITS:
                problem = f"a value cannot be read: a number of {len(node.value):,} digits, use a shorter one or put it in quotes"
            else:
                with suppress(
                    ValueError, OverflowError
                ):  # 0x_ has no digit, and 1:00:00 counted in sixties may grow beyond every float
                    return build(node)
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if str(key.value) in seen:
                    raise yaml.MarkedYAMLError(
                        problem=f"the key {key.value} stands twice, keep one",
                        problem_mark=key.start_mark,
                    )
                seen.add(str(key.value))
            return super().construct_mapping(node, deep=deep)

    for kind, build in (("int", Loader.construct_yaml_int), ("float", Loader.construct_yaml_float)):
        Loader.add_constructor(f"tag:yaml.org,2002:{kind}", build)
    resolvers = Loader.yaml_implicit_resolvers.items()
    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
        for first, pairs in resolvers
    }
    return Loader
