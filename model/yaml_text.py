"""YAML for scenarios, read safely: no tags, no aliases, no repeated keys, a limit on size; dates stay text."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from coercivity.model.errors import InputError, shorten

MAX_BYTES: Final = 1_000_000


def read_yaml(path: Path) -> Any:
    """Return what the YAML file *path* holds. Raises InputError naming the file and the fix."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)  # never more, whatever the file claims to be
    except FileNotFoundError:
        raise InputError(f"scenario file '{path}' is not there; give the path of a .yaml file that exists") from None
    except OSError as error:
        raise InputError(f"scenario file '{path}' cannot be read ({error.strerror}); give the path of a .yaml file") from None
    return parse_yaml(data, path.name)


def parse_yaml(data: str | bytes, where: str) -> Any:
    """Return what YAML *data* holds: mappings, lists, texts, numbers, true and false. Raises InputError, *where* first."""
    import yaml

    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise InputError(f"{where}: the file has more than {MAX_BYTES:,} bytes; a scenario is a short text, use at most 1 MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: byte {raw[error.start]:#x} at {error.start} is not UTF-8 text; save the file as UTF-8") from None
    try:
        return _loader()(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        shown = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
        reason = shorten(error.problem or error.context, 100)
        raise InputError(f"{where}{place}: '{shorten(shown)}' is not YAML ({reason}); check indents, colons, quotes") from None
    except yaml.YAMLError as error:
        raise InputError(f"{where}: the file is not YAML ({shorten(error, 100)}); save it as plain text") from None
    except RecursionError:
        raise InputError(f"{where}: lists or mappings are nested too deeply; a scenario needs three levels") from None
    except ValueError as error:  # a number that Python will not build, such as ten thousand digits
        raise InputError(f"{where}: a value cannot be read ({shorten(error, 100)}); use shorter numbers or put it in quotes") from None


def dump_yaml(value: Any) -> str:
    """Return *value* as YAML in the order of its keys."""
    import yaml

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False))


@lru_cache(maxsize=1)
def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """SafeLoader that refuses aliases (they can grow without end) and repeated keys, and leaves dates alone."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.events.AliasEvent):
                raise yaml.MarkedYAMLError(problem="aliases (*name) are not allowed, write the value out", problem_mark=self.peek_event().start_mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if str(key.value) in seen:
                    raise yaml.MarkedYAMLError(problem=f"the key {key.value} stands twice, keep one", problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep=deep)

    resolvers = Loader.yaml_implicit_resolvers.items()
    Loader.yaml_implicit_resolvers = {first: [pair for pair in pairs if not pair[0].endswith(":timestamp")] for first, pairs in resolvers}
    return Loader
