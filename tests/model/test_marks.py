"""The mark of a rule counts all that the rule is made of, as it was when this process loaded it."""

from __future__ import annotations

import functools
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis import code_fingerprint
from coercivity.model.basis.code_fingerprint import class_made_of, function_digest
from coercivity.model.basis.errors import InputError
from coercivity.model.parts.world_view import PARTS
from coercivity.model.results.provenance import class_of
from coercivity.model.scenario.instrument import Instrument
from coercivity.model.scenario.mechanism import VERBS, Mechanism, mechanism_named
from coercivity.model.world import World
from tests.plug_ins import forget, install, mechanism, write_package

PACKAGE = {
    "__init__.py": "",
    "rule.py": "from {name}.numbers import BY\ndef rule(needs): return BY\n",
    "numbers.py": "BY = 0.1\n",
    "deep/more.py": "",
    "data/table.csv": "a,b\n1,2\n",
}
ALONE = {
    "rule.py": "import helper\ndef rule(needs): return helper.BY\n",
    "helper.py": "from beside.inner import BY\n",
    "beside/__init__.py": "",
    "beside/inner.py": "BY = 0.1\n",
    "beside/own.csv": "a\n",
    "stranger.py": "",
}


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    kept = set(sys.modules)
    yield
    forget()
    for name in set(sys.modules) - kept:
        del sys.modules[name]


def write(folder: Path, files: dict[str, str], name: str = "") -> Path:
    for place, text in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{name}", name), encoding="utf-8")
    return folder


def rule_of(monkeypatch: pytest.MonkeyPatch, folder: Path, module: str) -> Any:
    """The rule of a module in a folder, loaded anew."""
    monkeypatch.syspath_prepend(str(folder))
    for name in [
        name for name in sys.modules if name.partition(".")[0] == module.partition(".")[0]
    ]:
        del sys.modules[name]
    return importlib.import_module(module).rule


@pytest.mark.parametrize("changed", ["numbers.py", "data/table.csv"])
def test_of_a_package_every_file_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: str
) -> None:
    inside = write(tmp_path / "marked", PACKAGE, "marked")
    before = function_digest(rule_of(monkeypatch, tmp_path, "marked.rule"))
    (inside / changed).write_text((inside / changed).read_text() + "# more\n", encoding="utf-8")
    after = function_digest(rule_of(monkeypatch, tmp_path, "marked.rule"))
    assert before.mark != after.mark
    assert before.changed() == f"marked/{changed}"
    assert after.changed() == ""


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ("helper.py", True),
        ("beside/inner.py", True),
        ("beside/own.csv", True),
        ("stranger.py", False),
    ],
)
def test_of_a_file_that_stands_alone_what_it_imports_from_its_folder_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: str, counts: bool
) -> None:
    write(tmp_path, ALONE)
    before = function_digest(rule_of(monkeypatch, tmp_path, "rule"))
    (tmp_path / changed).write_text(ALONE[changed] + "# more\n", encoding="utf-8")
    assert before.changed() == (changed if counts else "")


WORLDS = {
    "__init__.py": "",
    "worlds.py": """
from coercivity import EndUser, Maker, Miner, World
from actors_{name}.firms import Own
from base_{name} import Base

class Mine(Base):
    kinds = (Miner, Own, Maker, EndUser)
""",
}


@pytest.mark.parametrize("changed", ["mine/worlds.py", "actors_t/firms.py", "base_t.py", None])
def test_of_a_class_of_worlds_its_bases_and_its_kinds_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: str | None
) -> None:
    write(tmp_path / "mine", WORLDS, "t")
    firms = "from coercivity import Processor\nclass Own(Processor): pass\n"
    write(tmp_path / "actors_t", {"__init__.py": "", "firms.py": firms})
    write(tmp_path, {"base_t.py": "from coercivity import World\nclass Base(World): pass\n"})
    write(tmp_path, {"stranger.py": ""})
    monkeypatch.syspath_prepend(str(tmp_path))
    kind = importlib.import_module("mine.worlds").Mine
    with (tmp_path / (changed or "stranger.py")).open("a", encoding="utf-8") as file:
        file.write("# more\n")
    assert class_made_of(kind).changed() == (changed or "")
    said = class_of(kind)
    assert said == f"Mine {class_made_of(kind).mark}", "asked for after the file was edited"


@pytest.mark.parametrize("api", [1, 3])
def test_a_package_for_another_contract_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, api: Any
) -> None:
    source = mechanism("return").replace('"It does something.")', f'"So.", api={api!r})')
    write_package(tmp_path, source, "mechanism trying MADE")
    install(monkeypatch, tmp_path)
    with pytest.raises(InputError, match="is another contract than that of this version") as told:
        mechanism_named("trying")
    said = str(told.value)
    assert said.startswith("mechanism 'trying' of a-package 1.2: mechanism 'trying': api '")
    assert "\n" not in said


def test_what_is_promised_to_packages_is_there() -> None:
    page = (Path(__file__).parents[2] / "docs" / "own-rule.md").read_text(encoding="utf-8")
    promised = page.split("## What stays as it is")[1].split("**Not promised**")[0]
    world = World("japan-2026-from-2024", collect=False)
    names = re.findall(r"`(\w+)\.(\w+)`", promised)
    assert len(names) > 40
    for part, name in names:
        assert hasattr(getattr(world, part), name), f"{part}.{name}"
    (verbs,) = re.findall(r"\| verbs, in this order \| (.*) \|", promised)
    assert tuple(re.findall(r"\w+", verbs)) == VERBS
    (parts,) = re.findall(r"\| parts \| (.*) \|", promised)
    assert set(re.findall(r"\w+", parts)) >= {part for part, _ in names}
    assert set(re.findall(r"\w+", parts)) <= {*PARTS}
    assert "`api = 2`" in promised
    assert Mechanism.api == Instrument.api == 2


def test_what_is_hidden_does_not_count_and_what_cannot_be_read_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside = write(tmp_path / "marked", PACKAGE, "marked")
    (inside / "gone.csv").symlink_to(inside / "nowhere")
    made = function_digest(functools.partial(rule_of(monkeypatch, tmp_path, "marked.rule")))
    assert made.files["marked/gone.csv"] == "cannot be read"
    write(inside, {"__pycache__/x.txt": "1", ".git/x": "1", ".x": "1", "rule.py~": "1"})
    assert made.changed() == ""
    (inside / "large.bin").write_bytes(b"1" * (code_fingerprint.LARGE + 1))
    assert made.changed() == "marked/large.bin"


def test_of_installed_packages_what_came_with_it_and_their_version_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    twice = {"helper.py": "import again\nBY = 0.1\n", "again.py": "import helper\n"}
    write(tmp_path, {**ALONE, **twice, "mine-1.0.dist-info/top_level.txt": "rule\nhelper\nagain\n"})
    made = function_digest(rule_of(monkeypatch, tmp_path, "rule"))
    assert sorted(made.files) == ["again.py", "helper.py", "rule.py"]  # others are somebody else's
    (tmp_path / "mine-1.0.dist-info").rename(tmp_path / "mine-1.1.dist-info")
    assert function_digest(rule_of(monkeypatch, tmp_path, "rule")).mark != made.mark


@pytest.mark.parametrize(
    "around",
    [
        lambda rule: functools.wraps(rule)(lambda needs: rule(needs)),
        lambda rule: functools.cache(functools.partial(rule)),
        lambda rule: functools.partial(functools.cache(functools.partial(rule))),
    ],
)
def test_of_a_wrapped_rule_the_rule_inside_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, around: Callable[[Any], Any]
) -> None:
    write(tmp_path, ALONE)
    rule = rule_of(monkeypatch, tmp_path, "rule")
    assert function_digest(around(rule)).mark == function_digest(rule).mark
    assert function_digest(around(rule)).starts == [tmp_path / "rule.py"]


def test_what_was_typed_in_has_no_mark() -> None:
    room: dict[str, Any] = {"__name__": "__main__"}
    exec("def rule(needs): pass", room)
    assert function_digest(room["rule"]).mark == code_fingerprint.TYPED_IN
