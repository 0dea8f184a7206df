"""YAML for scenarios, read safely: no tags, no aliases, no repeated keys, limits on size and on
digits; dates stay text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.inputs import path_of

MAX_BYTES: Final = 1_000_000
# keys, values and lists in one text: fifty for each of 2,000 acts, of which the fullest has about
# thirty; read in some seconds
MAX_NODES: Final = 100_000


def read_yaml(path: Path) -> Any:
    """Return what the YAML file *path* holds. Raises InputError naming the file and the fix."""
    return parse_yaml(read_bytes(path, "scenario file"), path.name)


def read_bytes(path: Path, what: str) -> bytes:
    """Return the first bytes of a text file, one more than a text may have. Raises InputError with
    *what* first where it cannot be read.
    """
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
            f"{what} '{shorten(path, 200)}' cannot be read ({error.strerror}); give the "
            "path of a .yaml file"
        ) from None


def parse_yaml(data: str | bytes, where: str) -> Any:
    """Return what YAML *data* holds: mappings, lists, texts, numbers, true and false. Raises
    InputError, *where* first.
    """
    import yaml

    from coercivity.model.basis.yaml_loader import Loader

    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"{where}: the file has more than {MAX_BYTES:,} bytes; a scenario is a short "
            "text, use at most 1 MB"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: byte {raw[error.start]:#x} at {error.start} is not UTF-8 text; save "
            "the file as UTF-8"
        ) from None
    try:
        return Loader(text, where, MAX_NODES).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        shown = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
        reason = shorten(error.problem or error.context, 100)
        raise InputError(
            f"{where}{place}: '{shorten(shown)}' is not YAML ({reason}); check indents, "
            "colons, quotes"
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
