"""Install by need: the core does without every package of an extra, and whoever asks for what needs
one reads in one line what to install.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from coercivity.model.basis import extras
from coercivity.model.basis.extras import PACKAGES, NotInstalled, line_of
from coercivity.viz.words import language
from tests.source_tree import ROOT, python_files, tree
from tests.test_contracts import ROOM_FOLDERS
from tests.test_dependencies import EXTRAS, declared
from tests.without_extras import mark_of_a_run

IMPORTED_AS: Final = {
    "babel": "babel",
    "fonttools": "fontTools",
    "python-docx": "docx",
    "python-pptx": "pptx",
    "salib": "SALib",
}
# declared for a floor or for their files, imported by what we import
NOT_OURS: Final = {"solara-server", "solara-assets", "ipyvuetify", "h11", "websockets"}
# where packages of an extra may be loaded together with a module: only its features come by
MAY_LOAD: Final = {
    "viz/app.py": "app",
    "viz/classroom/lessons": "app",
    "viz/classroom/pages": "app",
    "viz/screens": "app",
    "viz/serve.py": "app",
    "viz/server": "app",
    "viz/documents": "app",
    "viz/page_data": "app",
    "viz/figures": "plot",
}
CORE: Final = (
    ("--help",),
    ("scenarios", "list"),
    ("scenarios", "show", "japan-2026-from-2024"),
    ("facts",),
    ("parameters",),
    ("rooms", "list"),
    ("sweep", "designs"),
    ("run", "japan-2026-from-2024", "--months", "3", "--json"),
)
REFUSALS: Final = {
    ("app",): ("the app needs solara, reacton, ipyvue and 1", "app"),
    ("lesson", "90"): ("a lesson needs solara", "app"),
    ("run", "--out", "new"): ("--out needs pyarrow, matplotlib and jinja2", "sweep"),
    ("sweep", "run", "japan-quick", "--out", "new"): ("a sweep needs pyarrow", "sweep"),
    ("sweep", "run", "japan-quick", "--out", "new", "--dask", "local"): (
        "--dask 'local' needs distributed",
        "dask",
    ),
    ("sensitivity", "new", "--figures", "f"): ("--figures needs matplotlib", "plot"),
    ("backtest", "--figures", "new"): ("--figures needs matplotlib", "plot"),
    ("calibrate", "--out", "new"): ("a calibration needs SALib and pyarrow", "sweep"),
}


@cache
def without_extras() -> dict[str, Any]:
    """What commands and a run gave where no package of an extra could be imported."""
    asked = json.dumps([*CORE, *REFUSALS])
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.without_extras", asked],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths},
        )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    found["said"] = dict(zip([*CORE, *REFUSALS], found["commands"], strict=True))
    return found


def test_the_core_needs_no_package_of_an_extra() -> None:
    found = without_extras()
    assert found["loaded"] == []
    for command in CORE:
        said = found["said"][command]
        assert (said["code"], said["err"]) == (0, ""), command
        assert said["out"], command


def test_the_numbers_of_a_run_are_the_same() -> None:
    assert without_extras()["mark"] == mark_of_a_run()


@pytest.mark.parametrize("kind", ["run", "comparison", "ensemble"])
def test_a_card_needs_no_package_of_an_extra(kind: str) -> None:
    card = without_extras()["cards"][kind]
    assert "First stop of any maker in Japan" in card
    assert ".plot(" in card
    assert card.endswith(
        "prices-difference output-difference dependence-difference cover-difference loss-difference"
        if kind == "ensemble"
        else " loss"
    )
    assert "cannot be shown" not in card


@pytest.mark.parametrize("command", REFUSALS, ids=" ".join)
def test_what_needs_an_extra_says_so_in_one_line(command: tuple[str, ...]) -> None:
    said, (begins, extra) = without_extras()["said"][command], REFUSALS[command]
    assert (said["code"], said["out"]) == (2, "")
    (told,) = said["err"].splitlines()
    assert told.startswith(f"coercivity: {begins}")
    assert told.endswith(f'with: pip install "coercivity[{extra}]"')


def test_the_messages_know_what_each_extra_brings() -> None:
    assert set(PACKAGES) == set(extras.FEATURES) == set(EXTRAS) - {"all"}
    brought = {one: set(declared(one)) - set(declared()) - NOT_OURS for one in PACKAGES}
    assert {one: set(names) for one, names in PACKAGES.items()} == {
        one: {IMPORTED_AS.get(name, name) for name in names} for one, names in brought.items()
    }


def loaded_with(path: Path) -> set[str]:
    """Modules that are loaded when a file is: all but those that a function imports later, or types
    ask for.
    """
    found: set[str] = set()

    def look(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.Import):
                found.update(one.name for one in child.names)
            elif isinstance(child, ast.ImportFrom):
                found.add(child.module or "")
                found.update(f"{child.module}.{one.name}" for one in child.names)
            look(child)

    look(tree(path))
    return found


def name_of(path: Path) -> str:
    """The module that a file is."""
    inside = path.relative_to(ROOT)
    room = next(name for name, folder in ROOM_FOLDERS.items() if folder == inside.parts[0])
    parts = [room, *inside.with_suffix("").parts[1:]]
    return ".".join(parts).removesuffix(".__init__")


def reached() -> dict[str, tuple[Path, set[str]]]:
    """Module -> its file, and the packages of extras that are loaded with it, by way of others
    too.
    """
    paths = {name_of(path): path for path in python_files(*ROOM_FOLDERS.values())}
    direct = {name: loaded_with(path) for name, path in paths.items()}
    outside = {package for held in PACKAGES.values() for package in held}
    found = {}
    for name, path in paths.items():
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one in direct and one not in seen:
                seen.add(one)
                waiting += [*direct[one], one.rpartition(".")[0]]
        tops = {module.partition(".")[0] for one in seen for module in direct[one]}
        found[name] = (path, tops & outside)
    return found


def test_packages_of_an_extra_are_loaded_where_only_its_features_come_by() -> None:
    wrong = []
    for path, packages in reached().values():
        inside = path.relative_to(ROOT).as_posix()
        extra = next((one for place, one in MAY_LOAD.items() if inside.startswith(place)), None)
        if more := packages - set(PACKAGES.get(extra or "", ())):
            wrong.append(f"{inside} loads {', '.join(sorted(more))}")
    advice = "import them inside the function that needs them, after needed(...)\n"
    assert not wrong, advice + "\n".join(wrong)


def absent(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """Let packages look as if they were not installed."""
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)


def test_an_import_that_fails_for_want_of_an_extra_is_no_traceback() -> None:
    wants = ModuleNotFoundError("No module named 'pyarrow.lib'", name="pyarrow.lib")
    assert line_of(wants) == 'this needs pyarrow; install it with: pip install "coercivity[sweep]"'
    assert line_of(ModuleNotFoundError("No module named 'x'", name="x")) is None
    assert line_of(ModuleNotFoundError("nothing is said")) is None
    assert line_of(ImportError("cannot import name", name="pyarrow")) is None


def test_the_page_on_installing_shows_what_is_said_and_knows_every_extra() -> None:
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert str(extras._not_installed(list(PACKAGES["app"]), "app", "")) in page
    for extra in EXTRAS:
        assert f"| `{extra}` |" in page, extra  # what it is for
        assert f"| `coercivity[{extra}]` |" in page, extra  # what it costs


def test_without_babel_english_is_spoken_and_others_say_what_they_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent(monkeypatch, "babel")
    for cached in (language.languages, language.catalogue):
        cached.cache_clear()
    try:
        assert language.languages() == {"en": "English"}
        assert language.say("{count} months", count=3) == "3 months"
        with language.speaking("de"), pytest.raises(NotInstalled, match="any language but English"):
            language.say("{count} months", count=3)
    finally:
        monkeypatch.undo()
        for cached in (language.languages, language.catalogue):
            cached.cache_clear()
