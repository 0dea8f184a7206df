"""What `coercivity doctor` finds out about an installation."""

from __future__ import annotations

import os
import platform
import shutil
import time
import webbrowser

from coercivity import __version__
from coercivity.experiments.worlds.output_tables import package_versions
from coercivity.model.basis.extras import PACKAGES, is_installed
from coercivity.model.scenario.scenario import load_scenario, with_changes


def checks() -> list[tuple[str, str]]:
    """(what, what was found) for doctor, the check run last."""
    rows = [
        ("coercivity", __version__),
        ("Python", platform.python_version()),
        ("system", f"{platform.system()} {platform.machine()}"),
    ]
    packages = (
        "numpy",
        "mesa",
        "networkx",
        "pandas",
        "scipy",
        "pyarrow",
        "matplotlib",
        "typer",
        "rich",
        "jinja2",
        "PyYAML",
        "solara",
        "solara-assets",
        "ipyvuetify",
    )
    rows += list(package_versions(packages).items())
    rows += [(f"extra {extra}", _of_extra(extra)) for extra in PACKAGES]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    rows.append(("cores", f"{cores} usable of {os.cpu_count()}"))
    browser = next(
        (
            path
            for name in ("chromium", "chromium-browser", "google-chrome", "firefox")
            if (path := shutil.which(name))
        ),
        None,
    )
    if browser is None:
        try:
            browser = webbrowser.get().__class__.__name__
        except webbrowser.Error:
            browser = "none found; `coercivity app` serves all the same, open its address elsewhere"
    rows.append(("browser", browser))
    return [*rows, ("3 months of business-as-usual", _check_run())]


def _of_extra(extra: str) -> str:
    """Whether what an extra brings is here, else what brings it."""
    absent = [package for package in PACKAGES[extra] if not is_installed(package)]
    if not absent:
        return "here"
    return f'no {", ".join(absent)}; pip install "coercivity[{extra}]"'


def _check_run() -> str:
    began = time.perf_counter()
    try:
        from coercivity.experiments.worlds import run as runs

        result = runs.run_worlds(
            with_changes(load_scenario("business-as-usual"), months=3), range(1, 2)
        )[0]
        rows = sum(len(result.table(name)) for name in result.tables)
    except Exception as error:  # whatever is wrong, doctor says it
        return f"FAILED: {type(error).__name__}: {error}"
    return f"works: {rows:,} rows of tables in {time.perf_counter() - began:.1f} s"
