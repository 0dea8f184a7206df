"""Files to start from: `coercivity scenarios new FILE` and `coercivity sweep new FILE`."""

from __future__ import annotations

from collections.abc import Callable


def write_new_yaml(file: str, text: Callable[[str], str], example: str) -> None:
    """Write what *text* makes of the file's name, as YAML, into a new file. Raises InputError where
    there is one, or none can be written. example: a name for it where the one given has none.
    """
    from coercivity.model.basis.errors import InputError, Phrase, shorten
    from coercivity.model.basis.inputs import path_of

    path, shown = path_of(file, "FILE"), Phrase(shorten(file, 200))
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(
            "FILE '{file}' does not end in .yaml",
            "write for example {name}.yaml",
            file=shown,
            name=shorten(path.stem) or example,
        )
    contents = text(path.stem)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(contents)
    except FileExistsError:
        raise InputError(
            "FILE '{file}' is there already",
            "choose another name, nothing was overwritten",
            file=shown,
        ) from None
    except OSError as error:
        raise InputError(
            "FILE '{file}' cannot be written ({reason})",
            "choose a folder where you may write",
            file=shown,
            reason=error.strerror,
        ) from None
