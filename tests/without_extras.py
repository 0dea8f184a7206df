"""What the core does where no extra is installed: run as a script, it refuses every import of a
package of an extra, runs commands one after the other, and prints what each said as JSON.

    python tests/without_extras.py '[["scenarios", "list"], ["app"]]'
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sys
from typing import Any

from coercivity.model.basis.extras import PACKAGES

BAN = {
    "date": "2024-03-10",
    "kind": "blanket_ban",
    "actor": "China",
    "targets": ["Japan"],
    "goods": "all",
    "text": "China bans all of it.",
}
REFUSED = {package for held in PACKAGES.values() for package in held} | {"solara_assets"}


class Absent:
    """Finds nothing of what is refused, as if it were not installed."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Raise for what is refused; others are found by others."""
        if name.partition(".")[0] in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def said(arguments: list[str]) -> dict[str, Any]:
    """Exit code and words of a command."""
    from coercivity.cli import app

    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            app(arguments, prog_name="coercivity")
        except SystemExit as leaves:
            code = leaves.code
    return {"code": code or 0, "out": out.getvalue(), "err": err.getvalue()}


def mark_of_a_run() -> str:
    """Sum of the numbers of a run by the public name."""
    import coercivity

    result = coercivity.run("japan-2026-from-2024", months=3)
    numbers = [
        [name, result.table(name).select_dtypes("number").to_numpy().tolist()]
        for name in result.tables
    ]
    return hashlib.sha256(json.dumps(numbers).encode()).hexdigest()


def cards() -> dict[str, str]:
    """What a notebook shows of a run, a comparison and an ensemble."""
    import coercivity

    plain = {"start": "2024-01", "months": 6, "parameters": {"firms_per_sector": 1}}
    calm, ban = (
        {**plain, "name": name, "events": events} for name, events in (("calm", []), ("ban", [BAN]))
    )
    shown: dict[str, Any] = {
        "run": coercivity.run(ban, 1),
        "comparison": coercivity.compare(calm, ban, seeds=range(2)),
        "ensemble": coercivity.ensemble(ban, 2, base=calm, workers=1),
    }
    return {name: f"{one._repr_html_()} {' '.join(one.plots)}" for name, one in shown.items()}


def main() -> None:
    """Refuse, run, and print."""
    assert not REFUSED & set(sys.modules)
    sys.meta_path.insert(0, Absent())  # type: ignore[arg-type]
    found = {
        "commands": [said(one) for one in json.loads(sys.argv[1])],
        "mark": mark_of_a_run(),
        "cards": cards(),
    }
    found["loaded"] = sorted(REFUSED & set(sys.modules))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
