"""Packages written by tests: a module, and the metadata by which their entry points are found."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest

from coercivity.model.basis import installed

_count = itertools.count()
MECHANISM = """
import numpy as np
from coercivity import Mechanism
from tests.names import GOOD

def rule(needs, *, seen, clock, p):
    {body}

MADE = Mechanism("{name}", "{verb}", "{when}", {{"needs": ("stock",)}}, rule, "It does something.")
"""


def mechanism(body: str, name: str = "trying", verb: str = "produce", when: str = "before") -> str:
    """The source of a module with one mechanism, whose rule may store to the stock of needs."""
    return MECHANISM.format(body=body, name=name, verb=verb, when=when)


def write_package(
    folder: Path, source: str, *points: str, package: str = "a-package", version: str = "1.2"
) -> Path:
    """Write a package: its module, and entry points as 'kind name object'. Gives the module's
    file.
    """
    module = f"plug_in_{next(_count)}"
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    told = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", encoding="utf-8"
    )
    lines = []
    for point in points:
        kind, name, made = point.split()
        value = made if ":" in made else f"{module}:{made}"
        lines += [f"[{installed.GROUPS[kind]}]", f"{name} = {value}"]
    (told / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / f"{module}.py"


def forget() -> None:
    """What was read of packages is read anew."""
    installed.all_installed.cache_clear()
    installed.load_plugin.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Packages of a folder are found in this process until the test is over."""
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    forget()
