"""YAML for scenarios: no tags, aliases or repeated keys; sizes have limits; dates are text."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.inputs import path_of

MAX_BYTES: Final = 1_000_000
# keys, values and lists in one text: fifty for each of 2,000 acts, of which the fullest has about
# thirty; read in some seconds
MAX_NODES: Final = 100_000


def read_yaml(path: Path) -> Any:
    """Return what the YAML file *path* holds. Raises InputError naming the file and the fix."""
    return parse_yaml(read_bytes(path, "scenario file"), path.name)


def read_bytes(path: Path, field: str | Phrase) -> bytes:
    """Return the first bytes of a text file, one more than a text may have. Raises InputError
    naming *field* where it cannot be read.
    """
    file = path_of(path, field)
    named: dict[str, Any] = {"field": field, "value": path}
    if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe would be waited for
        raise InputError("{field} '{value}' is no file", "give the path of a .yaml file", **named)
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # never more, whatever the file claims to be
    except FileNotFoundError:
        raise InputError(
            "{field} '{value}' is not there", "give the path of a .yaml file that exists", **named
        ) from None
    except OSError as error:
        raise InputError(
            "{field} '{value}' cannot be read ({reason})",
            "give the path of a .yaml file",
            reason=error.strerror,
            **named,
        ) from None


def parse_yaml(data: str | bytes, where: str | Phrase) -> Any:
    """Return what YAML *data* holds, dates as texts. Raises InputError, *where* first."""
    import yaml

    from coercivity.model.basis.yaml_loader import Loader, NotAllowed

    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise InputError(
            "the file has more than {value} bytes",
            "a scenario is a short text, use at most 1 MB",
            where=where,
            value=f"{MAX_BYTES:,}",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "byte {byte} at {start} is not UTF-8 text",
            "save the file as UTF-8",
            where=where,
            byte=f"{raw[error.start]:#x}",
            start=str(error.start),
        ) from None
    try:
        return Loader(text, where, MAX_NODES).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        shown = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
        own = isinstance(error, NotAllowed)
        raise InputError(
            "'{value}' is not YAML ({reason})" if own else "'{value}' is not YAML ({problem})",
            "check indents, colons, quotes",
            where=_line_at(where, mark) if mark else where,
            value=shown,
            reason=error.reason if isinstance(error, NotAllowed) else "",
            problem=Phrase(shorten(error.problem or error.context, 100)),
        ) from None
    except yaml.YAMLError as error:
        raise InputError(
            "the file is not YAML ({problem})",
            "save it as plain text",
            where=where,
            problem=Phrase(shorten(error, 100)),
        ) from None
    except RecursionError:
        raise InputError(
            "lists or mappings are nested too deeply", "a scenario needs three levels", where=where
        ) from None


def _line_at(where: str | Phrase, mark: Any) -> Phrase:
    """Where in a text something stands."""
    return Phrase.of(
        "{place} line {line}, column {column}",
        place=where,
        line=str(mark.line + 1),
        column=str(mark.column + 1),
    )


def dump_yaml(value: Any, ascii_only: bool = False) -> str:
    """Return *value* as YAML in the order of its keys; *ascii_only* writes other letters as codes
    that are read back as what they were.
    """
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
