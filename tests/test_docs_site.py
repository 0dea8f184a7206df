"""The documentation hangs together: links lead somewhere, every page can be found, the reference
has every public name, and what pages show as files would be accepted.
"""

from __future__ import annotations

import fnmatch
import importlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import coercivity
from coercivity.model.scenario.scenario import load_scenario, parse_scenario
from tests.source_tree import where_said
from tools.docs import cli, notebooks

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SITE: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
OUTSIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
FENCE = re.compile(r"^([ \t]*)(`{3,}).*?^\1\2", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
DIRECTIVE = re.compile(r"^::: ([\w.]+)$(?:\n    options:\n((?:      .+\n)+))?", flags=re.MULTILINE)


@cache
def pages() -> dict[str, str]:
    """Text of every page by its path from the root, without code blocks: what is in the repository,
    and the pages that the site makes of the notebooks.
    """
    files = [
        *(ROOT / name for name in OUTSIDE),
        *DOCS.rglob("*.md"),
        *ROOT.glob("examples/**/*.md"),
    ]
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if not path.name.endswith("template.md")
    }
    for path in notebooks.sources():
        cells = [text for kind, text in notebooks.cells(path.read_text()) if kind == "markdown"]
        found[f"docs/notebooks/{path.stem}.md"] = "\n\n".join(cells)
    return {name: FENCE.sub("", text) for name, text in found.items()}


@cache
def anchors(text: str) -> frozenset[str]:
    """What a link to a page may point at: its headings as the site writes them, ids, and the names
    that the reference is made of.
    """
    found: dict[str, int] = {}
    for title in re.findall(r"^#{1,6} +(.+?)(?: +#+)?$", text, flags=re.MULTILINE):
        plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", title)
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
        slug = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
        found[slug] = found.get(slug, -1) + 1
    more = {f"{slug}_{n}" for slug, count in found.items() for n in range(1, count + 1)}
    ids = set(re.findall(r"\bid=\"([^\"]+)\"", text))
    return frozenset({*found, *more, *ids, *(name for name, _ in DIRECTIVE.findall(text))})


def links(text: str) -> Iterator[str]:
    """Links of a page to somewhere in the repository."""
    for target in LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
        if not re.match(r"[a-z]+:", target):
            yield target


def broken(page: str) -> Iterator[str]:
    """Links of a page that lead nowhere."""
    for link in links(pages()[page]):
        place, _, anchor = link.partition("#")
        target = page if not place else _path(page, place)
        if target not in pages() and not (ROOT / target).exists():
            yield f"{link}: there is no {target}"
        elif anchor and target in pages() and anchor not in anchors(pages()[target]):
            yield f"{link}: {target} has no heading '{anchor}'"


def _path(page: str, place: str) -> str:
    return (ROOT / page).parent.joinpath(place).resolve().relative_to(ROOT).as_posix()


def test_links_lead_somewhere() -> None:
    wrong = [
        where_said(ROOT / page, f"({one.partition(': ')[0]}", one)
        if (ROOT / page).is_file()
        else f"{page}: {one}"  # a page made of a notebook
        for page in sorted(pages())
        for one in broken(page)
    ]
    assert not wrong, "\n".join(wrong)


def nav(items: list[Any]) -> Iterator[str]:
    """Pages of the navigation, top to bottom."""
    for item in items:
        for held in item.values() if isinstance(item, dict) else [item]:
            if isinstance(held, str):
                yield held
            else:
                yield from nav(held)


def test_every_page_is_found_once() -> None:
    listed = list(nav(SITE["nav"]))
    assert len(listed) == len(set(listed))
    there = {name.removeprefix("docs/") for name in pages() if name.startswith("docs/")}
    left_out = SITE["not_in_nav"].split()
    lost = [
        name
        for name in sorted(there - set(listed))
        if not any(fnmatch.fnmatch(name, pattern) for pattern in left_out)
    ]
    assert not lost, "in no navigation"
    assert set(listed) <= there, "in the navigation, and not there"


def swallowed(items: list[Any]) -> Iterator[str]:
    """Pages that the site takes for the index of their section and shows no link to: those that are
    the index of a folder and do not stand first.
    """
    for place, item in enumerate(items):
        for held in item.values():
            if isinstance(held, list):
                yield from swallowed(held)
            elif place and held.rpartition("/")[2] in ("index.md", "README.md"):
                yield held


def test_no_page_is_swallowed_by_its_section() -> None:
    assert not list(swallowed(SITE["nav"]))
    assert list(swallowed([{"A": "a.md"}, {"B": [{"C": "c.md"}, {"D": "d/README.md"}]}])) == [
        "d/README.md"
    ]


def directives() -> Iterator[tuple[str, str, str]]:
    """(page, name, options) of all that the reference is made of."""
    for path in sorted((DOCS / "api").glob("*.md")):
        for name, options in DIRECTIVE.findall(path.read_text(encoding="utf-8")):
            yield path.name, name, options


def thing(name: str) -> Any:
    """What a dotted name stands for."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise AssertionError(name)


def is_told(name: str) -> bool:
    """Whether what a dotted name stands for is there and says something of itself."""
    try:
        return bool(thing(name).__doc__)
    except (AttributeError, AssertionError):
        return False


def test_what_the_reference_names_is_there() -> None:
    wrong = [
        where_said(DOCS / "api" / page, name, f"{one} is not there or says nothing of itself")
        for page, name, options in directives()
        for member in ("", *(yaml.safe_load(options or "{}") or {}).get("members", []))
        if not is_told(one := f"{name}.{member}".removesuffix("."))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_public_name_is_in_the_reference() -> None:
    named = [name for _, name, _ in directives()]
    assert len(named) == len(set(named))
    missing = {f"coercivity.{name}" for name in coercivity.__all__} - set(named)
    assert missing == {"coercivity.__version__"}


def test_the_page_of_the_command_line_is_that_of_the_commands() -> None:
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == cli.page(), "run `make docs`"


def blocks(page: str, language: str) -> list[str]:
    """Code blocks of a page in one language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_the_scenario_file_of_its_page_is_right() -> None:
    whole, *acts = blocks("scenario-file.md", "yaml")
    scenario = parse_scenario(whole)
    assert scenario.mode_of("Japan") == "played"
    assert not scenario.is_on("M8")
    cut, order = (
        event for act in acts for event in parse_scenario(f"name: a\nstart: 2024-01\n{act}").events
    )
    assert (cut.kind, cut.get("share")) == ("cut", 0.4)
    assert (order.kind, order.get("size")) == ("supply_order", 0.5)


def test_the_first_scenario_goes_on_from_a_file_that_is_begun(tmp_path: Path) -> None:
    """Each step's lines in the place of those that the file has."""
    from coercivity.model.scenario.starter_file import new_scenario_text

    text = new_scenario_text("mine")
    reach, decide, off = blocks("first-scenario.md", "yaml")
    goods, targets = (line.split("#")[0].strip() for line in reach.strip().splitlines())
    text = text.replace("goods: heavy_oxides", goods).replace("targets: [Japan]", targets)
    text = text.replace("mechanisms: {}", off.strip()) + decide
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    scenario = load_scenario(file)
    assert scenario.events[0].targets == ("Japan", "EU")
    assert scenario.mode_of("EU") == "autonomous"
    assert not scenario.is_on("M2")


def unknown(place: str, code: str) -> list[str]:
    """Names of the front door that code on a page asks for and that are not there."""
    compile(code, place, "exec")
    names = re.findall(r"\bcoercivity\.(\w+)", code)
    return [f"{place}: coercivity.{name}" for name in names if name not in coercivity.__all__]


def test_python_on_a_page_calls_what_is_there() -> None:
    shown = {
        page: blocks(page, "python")
        for page in ("index.md", "own-rule.md", "own-facts.md", "first-scenario.md")
    }
    assert all(shown.values()), shown
    wrong = [one for page, texts in shown.items() for text in texts for one in unknown(page, text)]
    assert not wrong, "\n".join(wrong)


def test_a_notebook_is_cells_that_begin_with_a_title() -> None:
    wrong = []
    for path in notebooks.sources():
        cells = notebooks.notebook(path)["cells"]
        if not cells[0]["source"].startswith("# "):
            wrong.append(f"{path.name} begins with no title")
        if not all(cell["source"] for cell in cells):
            wrong.append(f"{path.name} has an empty cell")
        code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        wrong += unknown(path.name, "\n".join(code))
    assert not wrong, "\n".join(wrong)
