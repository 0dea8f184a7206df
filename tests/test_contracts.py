"""What holds for the whole project, whatever it computes: who may import whom, what ships, where
luck comes from.
"""

import ast
import fnmatch
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

from tests.source_tree import ROOMS, ROOT, nodes, project_files, python_files, where

MAY_IMPORT = {  # room -> rooms of the project that its files may import; nothing may import api
    "api": {"viz", "experiments", "model", "agents"},
    "viz": {"viz", "experiments", "model", "agents"},
    "experiments": {"experiments", "model", "agents"},
    "model": {"model", "agents"},
    "agents": {"agents"},
}
OUTSIDE_FOR_AGENTS = {"numpy", "mesa"}
BY_NAME = {"experiments/worlds/world_class.py"}  # imports a class of somebody else
SOURCE = {".py", ".vue", ".html", ".js", ".css"}
TEXT = SOURCE | {".md", ".toml", ".txt", ".yml", ".yaml", ".csv", ".cff", ""}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PYPROJECT["tool"]["setuptools"]
ROOM_FOLDERS: dict[str, str] = SETUPTOOLS["package-dir"]


def folder_of(package: str) -> str:
    """Where a package stands: its room's folder and what follows the room in its name."""
    room = max((name for name in ROOM_FOLDERS if f"{package}.".startswith(f"{name}.")), key=len)
    return "/".join([ROOM_FOLDERS[room], *package.removeprefix(room).split(".")[1:]])


PACKAGES = {package: folder_of(package) for package in SETUPTOOLS["packages"]}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, full module name) of every import in a file, wherever it stands: in a function and
    under TYPE_CHECKING too.
    """
    yield from imported_in(nodes(path, ast.Import, ast.ImportFrom))


def imported_in(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """(line, full name) of every import; what is taken from a module counts as module.name too,
    for it may be a module itself.
    """
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level + (node.module or "")
            elif (
                node.module == "coercivity"
            ):  # `from coercivity import model` names a room, anything else the front door
                yield from ((node.lineno, f"coercivity.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module or ""
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def room_of(module: str) -> str | None:
    """Room that a module belongs to; None for other people's modules."""
    first, _, rest = module.partition(".")
    if first != "coercivity":
        return None
    name = rest.split(".")[0]
    return name if name in MAY_IMPORT and name != "api" else "api"


def is_public(path: Path, module: str) -> bool:
    """Whether the class game takes a public name, as a user of the library does."""
    if "classroom" not in path.parts:
        return False
    import coercivity

    return module.removeprefix("coercivity.") in (*coercivity.__all__, "__version__")


def test_imports_point_one_way() -> None:
    """viz -> experiments -> model -> agents; api may import all, and nothing imports api but the
    class game, which takes its public names.
    """
    wrong = [
        where(path, line, f"{room} imports {module}")
        for room in ROOMS
        for path in python_files(room)
        for line, module in imported(path)
        if (target := room_of(module))
        and target not in MAY_IMPORT[room] | ({"api"} if room == "api" else set())
        and not is_public(path, module)
    ]
    assert not wrong, "\n".join(wrong)


def test_tools_do_not_import_tests() -> None:
    """What both use stands in tools/check."""
    wrong = [
        where(path, line, f"imports {module}")
        for path in python_files("tools")
        for line, module in imported(path)
        if module.split(".")[0] == "tests"
    ]
    assert not wrong, "\n".join(wrong)


def test_agents_import_only_numpy_and_mesa_from_outside() -> None:
    wrong = [
        where(path, line, f"agents imports {module}")
        for path in python_files("agents")
        for line, module in imported(path)
        if (top := module.split(".")[0]) != "coercivity"
        and top not in OUTSIDE_FOR_AGENTS
        and top not in sys.stdlib_module_names
    ]
    assert not wrong, "\n".join(wrong)


def test_viz_never_holds_a_live_world() -> None:
    """Pages and figures are drawn from finished results."""
    wrong = [
        where(path, line, f"viz imports {module}")
        for path in python_files("viz")
        for line, module in imported(path)
        if holds_a_world(module)
    ]
    assert not wrong, "\n".join(wrong)


def holds_a_world(module: str) -> bool:
    return f"{module}.".startswith(("coercivity.model.world.", "coercivity.agents."))


def named_rooms(constants: Iterable[ast.Constant]) -> Iterator[tuple[int, str]]:
    """(line, room) of every room that a string names as a module, so that it could be imported
    past the rule above.
    """
    for node in constants:
        if isinstance(node.value, str):
            found = re.fullmatch(r"coercivity\.(\w+)[\w.:]*", node.value)
            if found and found[1] in MAY_IMPORT:
                yield node.lineno, found[1]


def test_a_room_is_not_reached_from_below_by_its_name_either() -> None:
    """What shows a result is looked up by name, in model/basis/display.py alone; where it stands,
    the front door says (api/__init__.py, decision 0077).
    """
    below = ("agents", "model", "experiments")
    wrong = [
        where(path, line, f"{room} names {found}")
        for room in below
        for path in python_files(room)
        for line, found in named_rooms(nodes(path, ast.Constant))
        if found not in MAY_IMPORT[room]
    ]
    wrong += [
        where(path, node.lineno, "imports by name")
        for path in python_files(*below)
        for node in nodes(path, ast.Call)
        if ast.unparse(node.func).endswith("import_module")
        and path.relative_to(ROOT).as_posix() not in {"model/basis/display.py"} | BY_NAME
    ]
    assert not wrong, "\n".join(wrong)


def shipped_data() -> Iterator[tuple[str, str]]:
    """(package, path inside it) of every file in the rooms that is not Python; a package inside
    another has its own.
    """
    folders = {ROOT / folder for folder in PACKAGES.values()}
    for package, folder in PACKAGES.items():
        for path in sorted((ROOT / folder).rglob("*")):
            if next(parent for parent in path.parents if parent in folders) != ROOT / folder:
                continue
            if (
                path.is_file()
                and path.suffix not in {".py", ".pyc"}
                and "__pycache__" not in path.parts
            ):
                yield package, path.relative_to(ROOT / folder).as_posix()


def test_every_package_is_listed() -> None:
    """A mapped layout has no discovery: an unlisted package works in an editable install and is
    missing from the wheel.
    """
    folders = {path.parent for room in ROOMS for path in python_files(room)}
    listed = {ROOT / folder for folder in PACKAGES.values()}
    assert folders == listed
    assert all((folder / "__init__.py").is_file() for folder in folders)
    assert sorted(SETUPTOOLS["packages"]) == sorted(PACKAGES)


def test_every_data_file_is_listed() -> None:
    patterns = SETUPTOOLS["package-data"]

    def matches(name: str, pattern: str) -> bool:  # setuptools' * does not cross a slash
        return name.count("/") == pattern.count("/") and fnmatch.fnmatchcase(name, pattern)

    missing = [
        f"{package}: {name}"
        for package, name in shipped_data()
        if not any(matches(name, pattern) for pattern in patterns.get(package, []))
    ]
    assert not missing, "no package-data pattern in pyproject.toml covers:\n" + "\n".join(missing)


def test_wheel_holds_every_module_and_data_file_and_nothing_else(tmp_path: Path) -> None:
    """The wheel is built from a copy, so that no build folder is left in the checkout."""
    source = tmp_path / "source"
    for folder in PACKAGES.values():
        shutil.copytree(
            ROOT / folder,
            source / folder,
            ignore=shutil.ignore_patterns("__pycache__"),
            dirs_exist_ok=True,
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(source),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {
        f"{package.replace('.', '/')}/{path.name}"
        for package, folder in PACKAGES.items()
        for path in (ROOT / folder).glob("*.py")
    }
    data = {f"{package.replace('.', '/')}/{name}" for package, name in shipped_data()}
    assert inside == modules | data


def test_version_is_written_the_same_twice() -> None:
    import coercivity

    assert coercivity.__version__ == PYPROJECT["project"]["version"]


UNNAMED = re.compile(r"\b(default_rng|RandomState|SeedSequence|shuffle_do)\b")


def unnamed_luck(path: Path) -> Iterator[tuple[int, str]]:
    """Uses of random numbers that do not come from a named stream of model/basis/luck.py."""
    for line, module in imported(path):
        if module.split(".")[0] in {"random", "secrets", "uuid"} or module.startswith(
            "numpy.random"
        ):
            yield line, f"imports {module}"
    for node in nodes(path, ast.Attribute, ast.Name):
        if isinstance(node, ast.Attribute):
            # np.random.rand, self.random.choice, model.random.shuffle; the type np.random.Generator
            # and the state of a library's generator are no draw
            if (
                isinstance(node.value, ast.Attribute)
                and node.value.attr == "random"
                and node.attr.replace("_", "") not in ("Generator", "getstate", "setstate")
            ):
                yield node.lineno, f"uses random.{node.attr}"
            elif UNNAMED.fullmatch(node.attr):
                yield node.lineno, f"uses {node.attr}"
        elif isinstance(node, ast.Name) and UNNAMED.fullmatch(node.id):
            yield node.lineno, f"uses {node.id}"


def test_what_is_looked_for_would_be_seen(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    luck = ("import random", "np.random.rand(3)", "np.random.default_rng(3)", "a.shuffle_do('x')")
    calls = ("import pickle", "eval('1')", "yaml.unsafe_load(x)")
    bad.write_text("\n".join((*luck, *calls)), encoding="utf-8")
    assert {line for line, _ in unnamed_luck(bad)} == {1, 2, 3, 4}
    assert {line for line, _ in dangerous_calls(bad)} == {5, 6, 7}


def test_no_unnamed_randomness() -> None:
    """Luck comes from the named streams of model/basis/luck.py alone: two worlds with one seed have
    the same luck whatever else differs.
    """
    files = [path for path in python_files(*ROOMS) if path != ROOT / "model" / "basis" / "luck.py"]
    wrong = [where(path, line, what) for path in files for line, what in unnamed_luck(path)]
    assert not wrong, "\n".join(wrong)


def dangerous_calls(path: Path) -> Iterator[tuple[int, str]]:
    """Calls whose result differs between processes, or that run what a file says."""
    within_hash = {
        id(node)
        for method in nodes(path, ast.FunctionDef)
        if method.name == "__hash__"
        for node in ast.walk(method)
    }
    for node in nodes(path, ast.Call):
        name = ast.unparse(node.func)
        if name in {"eval", "exec"} or (name == "hash" and id(node) not in within_hash):
            yield node.lineno, f"calls {name}()"
        elif name in {"yaml.unsafe_load", "yaml.full_load"} or (
            name == "yaml.load" and path.name != "yaml_text.py"
        ):
            yield (
                node.lineno,
                "reads YAML with more than safe_load; use coercivity.model.basis.yaml_text",
            )
    yield from (
        (line, f"imports {module}")
        for line, module in imported(path)
        if module in {"pickle", "marshal", "shelve", "dill"}
    )


def test_no_builtin_hash_no_pickle_no_eval() -> None:
    """hash() differs between processes (save in a __hash__); pickle and eval run what a file
    says.
    """
    wrong = [
        where(path, line, what)
        for path in python_files(*ROOMS)
        for line, what in dangerous_calls(path)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_asks_with_a_signal() -> None:
    """`os.kill` ends a process on Windows, whatever the signal."""
    calls = [
        where(path, node.lineno, ast.unparse(node))
        for path in python_files(*ROOMS)
        for node in nodes(path, ast.Attribute)
        if node.attr in ("kill", "killpg") and ast.unparse(node.value) == "os"
    ]
    assert calls == []


ANSWERED = {"team.look_on"}  # what it refuses is told by `ActionRunner` (pages/hooks.py)


def test_every_template_of_a_page_is_drawn_by_the_decorator_that_answers() -> None:
    """And no handler is bound to a widget beside it, but for those that only set a state."""
    files = python_files("viz")
    wrong = [
        where(path, node.lineno, node.attr)
        for path in files
        for node in nodes(path, ast.Attribute)
        if node.attr == "component_vue" and path.name != "template.py"
    ]
    for path in files:
        for keyword in nodes(path, ast.keyword):
            handler = ast.unparse(keyword.value)
            if (keyword.arg or "").startswith("on_") and not (
                "set_" in handler or handler in ANSWERED
            ):
                wrong.append(where(path, keyword.lineno, handler))
    assert not wrong, "\n".join(wrong)


LONGEST = 750  # lines at 100 columns; tests of one module may be long
LONGEST_OF_THE_ROOMS = 500


def test_no_source_file_is_too_long() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in project_files()
        if path.suffix in SOURCE
    }
    wrong = [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path, length in lengths.items()
        if length
        > (LONGEST if path.relative_to(ROOT).parts[0] == "tests" else LONGEST_OF_THE_ROOMS)
    ]
    assert not wrong, "which concern wants a file of its own?\n" + "\n".join(wrong)


def test_no_paths_of_a_machine_and_no_download_addresses() -> None:
    homes = "|".join(("work", "root", "home", "Users"))
    forbidden = re.compile(
        rf"(?<![\w.}}/~-])/(?:{homes})/\w|--(?:extra-)?{'index'}-url|\"{'resolved'}\": *\"http"
    )
    wrong = []
    for path in project_files():
        if path.suffix in TEXT:
            text = path.read_text(encoding="utf-8", errors="replace")
            wrong += [
                where(path, number, line.strip()[:100])
                for number, line in enumerate(text.splitlines(), 1)
                if forbidden.search(line)
            ]
    assert not wrong, "\n".join(wrong)


def test_readme_names_only_targets_of_the_makefile() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for name in ("README.md", "CONTRIBUTING.md"):
        used = set(
            re.findall(
                r"(?:^|`)make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        assert used <= targets, (
            f"{name} names targets that the Makefile lacks: {sorted(used - targets)}"
        )


def keyword_names(keyword: ast.keyword) -> set[str | None]:
    """The keywords that one stands for: those of `wrong_field` behind two stars, else its own."""
    if isinstance(keyword.value, ast.Call) and ast.unparse(keyword.value.func) == "wrong_field":
        return {"where", "field", "value"}
    return {keyword.arg}


def sentences_without_fields(tree_nodes: Iterable[ast.Call]) -> Iterator[tuple[int, str]]:
    """(line, sentence) of each refusal whose sentence names a field that it is not given: it would
    end in a KeyError in place of its message.
    """
    for call in tree_nodes:
        count = {"InputError": 2, "Phrase.of": 1}.get(ast.unparse(call.func), 0)
        given = {name for keyword in call.keywords for name in keyword_names(keyword)} - {"where"}
        if not count or None in given or not (given or count == 1):
            continue
        for part in call.args[:count]:
            for one in (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    asked = {name for _, name, _, _ in Formatter().parse(one.value) if name}
                    if not asked <= given:
                        yield call.lineno, one.value


def test_a_refusal_is_given_the_fields_that_its_sentences_name() -> None:
    wrong = [
        where(path, line, sentence)
        for path in python_files(*ROOMS)
        for line, sentence in sentences_without_fields(nodes(path, ast.Call))
    ]
    assert not wrong, "\n".join(wrong)


def twice(classes: Iterable[ast.ClassDef]) -> list[tuple[int, str]]:
    """(line, name) of what is declared a second time in the body of one class: Python keeps the
    last and says nothing.
    """
    found = []
    for node in classes:
        names: set[str] = set()
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                if line.target.id in names:
                    found.append((line.lineno, f"{node.name}.{line.target.id}"))
                names.add(line.target.id)
    return found


def test_a_column_is_declared_once() -> None:
    """Neither a table nor anything else declares a field twice in one class."""
    wrong = [
        where(path, line, name)
        for path in python_files(*ROOMS)
        for line, name in twice(nodes(path, ast.ClassDef))
    ]
    assert not wrong, "declared a second time; keep one declaration\n" + "\n".join(wrong)
