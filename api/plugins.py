"""`coercivity plugins`: what packages add to this installation."""

from __future__ import annotations

from typing import Any

from coercivity.command_output import print_json
from coercivity.model.basis.facts import Facts
from coercivity.options import JsonForTable


def plugins(as_json: JsonForTable = False) -> None:
    """List what installed packages add: mechanisms, instruments, worlds."""
    rows = [_plugin_row(one) for one in _installed_plugins()]
    if as_json:
        print_json(rows)
        return
    from coercivity.viz.words.terminal import print_lines, print_table

    if not rows:
        print_lines(["No package adds anything; examples/plugin/ is a template of one."])
        return
    print_table(
        ("kind", "name", "says", "package", "changes"),
        [tuple(row[key] for key in ("kind", "name", "says", "package", "changes")) for row in rows],
    )
    print_lines([f"BROKEN {row['error']}" for row in rows if row["error"]])


def _installed_plugins() -> tuple[Any, ...]:
    from coercivity.model.basis.installed import all_installed

    return all_installed()


def _plugin_row(one: Any) -> dict[str, str]:
    """An entry point as a row; what does not work says why under `error`."""
    from coercivity.model.basis.errors import InputError

    row = {
        "kind": one.kind,
        "name": one.name,
        "says": "",
        "package": f"{one.package} {one.version}",
        "changes": "",
        "mark": "",
        "error": "",
    }
    try:
        row["says"], row["changes"], row["mark"] = _plugin_summary(one.kind, one.name)
    except InputError as error:
        row["says"], row["error"] = "broken, see below", str(error)
    return row


def _plugin_summary(kind: str, name: str) -> tuple[str, str, str]:
    """What a plug-in says of itself, what it changes, and its mark. Raises InputError where it is
    broken.
    """
    from coercivity.model.results.provenance import class_of
    from coercivity.model.scenario.instrument_acts import instrument_named
    from coercivity.model.scenario.mechanism import mechanism_named

    if kind == "mechanism":
        mechanism = mechanism_named(name)
        stored = [f"{part}.{one}" for part, names in mechanism.changes.items() for one in names]
        return (
            mechanism.says,
            f"{', '.join(stored)} {mechanism.when} {mechanism.verb}",
            mechanism.mark,
        )
    if kind == "instrument":
        instrument = instrument_named(Facts.default(), name)
        return instrument.says, "acts of a scenario", instrument.mark
    from coercivity.experiments.worlds.world_class import class_named

    kind_of_world = class_named(name)
    doc = (kind_of_world.__doc__ or "").strip().splitlines()
    return doc[0] if doc else "", "the whole world", class_of(kind_of_world)
