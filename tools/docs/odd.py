"""Writes the ODD protocol (docs/odd.md, docs/odd/*.md) from its templates, the docstrings, the
tables and docs/notation.csv. Run by `make docs`.

A template is Markdown with directives, each on a line of its own:

    @month                     the verbs of World.step with their comments
    @list NAME                 a tuple of names, fixed or of the facts, with its descriptions
    @kinds                     kinds of events with their fields
    @columns PREFIX ...        rows of the notation whose attribute begins with a prefix
    @parameters GROUP ...      the parameters of these groups, by name and value
    @tables                    the data tables
    @luck                      the named streams of luck and where they are drawn
    @module ROOM.FILE          the module's docstring, its constants, and every rule that no @rules
                               line names (nothing where there is no such module)
    @rules ROOM.FILE: A B      these functions or classes of a module
    @others                    modules that no directive names, so that nothing is left out
    @decisions MECHANISM       the records of docs/decisions whose head names this mechanism
    @submodels                 the mechanisms with their sections and their records

Where a docstring names a decision ("See decision 0016"), its rule links to the record.
"""

from __future__ import annotations

import ast
import csv
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tools.docs.rationale import decisions, decisions_line, rationale

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROOT = DOCS.parent

PAGES = {
    "odd.md": "odd/template.md",
    "odd/summary.md": "odd/summary_template.md",
    "odd/submodels.md": "odd/submodels_template.md",
    "odd/notation.md": "odd/notation_template.md",
}
MADE = "<!-- made by tools/docs/odd.py from {}; do not edit here -->"
# What carries the model but is not part of its behaviour: reading files, checking them, keeping
# records, drawing tables.
PLUMBING = {  # packages and modules without behaviour of their own
    "agents": "base information firms.firm firms.firm_set tables",
    "model": """books.ledger mechanism_guard parts plugin_world results scenario world world_agents
        basis.assumed basis.calendar basis.code_fingerprint basis.display basis.errors basis.facts
        basis.fact_names basis.fact_specs basis.fixed_names basis.gone_names basis.goods
        basis.inputs basis.installed basis.overlay basis.parameters
        basis.table_columns basis.table_specs basis.yaml_loader basis.yaml_text""",
}
WIDTH = 118
COLUMNS = 100  # of a line of code


@dataclass
class Rule:
    """A function or class with a docstring: its name, its arguments, its text, and the methods of a
    class that have one.
    """

    module: str
    name: str
    arguments: str
    text: str
    fields: list[str] = field(default_factory=list)
    methods: list[Rule] = field(default_factory=list)

    def markdown(self) -> str:
        """The rule as the page shows it: its sentence as prose, the rest (equations, symbols,
        sources) as it stands in the code.
        """
        head, _, rest = self.text.partition("\n\n")
        lines = [
            f"**`{self.module}.{self.name}`**{f' ({self.arguments})' if self.arguments else ''}  ",
            prose(head),
        ]
        if rest or self.fields:
            lines += ["", "```text", *folded(rest), *self.fields, "```"]
        if why := rationale(self.text):
            lines += ["", why]
        for method in self.methods:
            lines += ["", *method.markdown().splitlines()]
        return "\n".join(lines)


def prose(text: str) -> str:
    """Text of a docstring as Markdown: code in backticks stays, everything else that Markdown would
    read is escaped.
    """
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(part if part.startswith("`") else _escape(part) for part in parts)


def _escape(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_\[\]|\\])", r"\\\1", text)


def docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """A docstring without its indent; lines that only the width of the code ended are joined
    again.
    """
    room = COLUMNS - (node.body[0].col_offset if node.body else 0)
    lines: list[str] = []
    ended = 0  # columns of the last line as it stands in the code
    for line in (ast.get_docstring(node) or "").splitlines():
        first = (line.split() or [""])[0]
        if lines and first not in ("", "-") and ended + 1 + len(first) > room:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
        ended = len(line) + (3 if len(lines) == 1 and ended == 0 else 0)
    return "\n".join(lines)


def folded(text: str) -> list[str]:
    """Lines of a docstring, long ones folded."""
    lines = textwrap.dedent(text).rstrip().splitlines()
    out: list[str] = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        out += textwrap.wrap(
            line.replace("\n", " "),
            WIDTH,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return out


def modules(room: str) -> list[str]:
    """Modules of a room that hold behaviour, by name inside the room."""
    found = (path.relative_to(ROOT / room).with_suffix("") for path in (ROOT / room).rglob("*.py"))
    names = sorted(".".join(path.parts) for path in found if path.name != "__init__")
    plumbing = set(PLUMBING[room].split())
    return [name for name in names if not {name, name.partition(".")[0]} & plumbing]


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))


def module_text(module: str) -> str:
    """The docstring of a module."""
    return docstring(_tree(module))


def rules_of(module: str) -> list[Rule]:
    """Functions and classes of a module that have a docstring, in their order; a class brings its
    own methods (not copies).
    """
    found = []
    for node in _tree(module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (text := docstring(node)):
            rule = Rule(
                module,
                node.name,
                _arguments(node) if isinstance(node, ast.FunctionDef) else "",
                text,
            )
            if isinstance(node, ast.ClassDef):
                rule.fields = _fields(module, node)
                rule.methods = [
                    Rule(f"{module}.{node.name}", method.name, _arguments(method), words)
                    for method in node.body
                    if isinstance(method, ast.FunctionDef)
                    and method.name != "copy"
                    and (words := docstring(method))
                ]
            found.append(rule)
    return found


def _fields(module: str, node: ast.ClassDef) -> list[str]:
    """What an object of a class holds: its declared fields, and what its beginning says about
    attributes in comments.
    """
    lines = (ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8").splitlines()
    found = [
        stated(lines, part)[0].strip() for part in node.body if isinstance(part, ast.AnnAssign)
    ]
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            for statement in part.body:
                for line in stated(lines, statement):
                    if match := re.match(r"\s+self\.(\w+).*#\s+(.+)$", line):
                        found.append(f"{match[1]}: {match[2]}")
    return [line for text in found for line in folded(text)]


def stated(lines: list[str], node: ast.stmt) -> list[str]:
    """The lines of a statement; a comment above it, where no line was free for it, stands beside
    the first.
    """
    text = lines[node.lineno - 1 : node.end_lineno]
    above = node.lineno - 1
    while above and re.match(rf" {{{node.col_offset}}}# ", lines[above - 1]):
        above -= 1
    comment = " ".join(line.strip(" #") for line in lines[above : node.lineno - 1])
    return [f"{text[0]}  # {comment}", *text[1:]] if comment else text


def constants_of(module: str) -> list[str]:
    """Lines that set numbers and lists of a module by a name in capitals, with the comment beside
    them.
    """
    lines = (ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8").splitlines()
    found: list[str] = []
    for node in _tree(module).body:
        target = (
            node.targets[0]
            if isinstance(node, ast.Assign)
            else node.target
            if isinstance(node, ast.AnnAssign)
            else None
        )
        plain = isinstance(
            getattr(node, "value", None),
            (ast.Constant, ast.Dict, ast.Tuple, ast.List, ast.Set, ast.BinOp),
        )
        if isinstance(target, ast.Name) and len(target.id) > 1 and target.id.isupper() and plain:
            text = "\n".join(stated(lines, node)).replace("  # fmt: skip", "")
            found += folded(text.replace(": Final", ""))
    return found


def _arguments(node: ast.FunctionDef) -> str:
    names = [
        argument.arg
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    ]
    return ", ".join(f"`{name}`" for name in names if name not in ("self", "world", "cls"))


def named_rules(text: str) -> dict[str, set[str]]:
    """Module -> the names that @rules lines place somewhere."""
    found: dict[str, set[str]] = {}
    for module, names in re.findall(r"^@rules (\S+): (.+)$", text, flags=re.MULTILINE):
        found.setdefault(module, set()).update(names.split())
    return found


def placed_modules(text: str) -> set[str]:
    """Modules that a directive names."""
    return set(re.findall(r"^@(?:module|rules) ([\w.]+)", text, flags=re.MULTILINE))


def notation() -> list[dict[str, str]]:
    """Symbol, meaning, unit and attribute of every column of the tables, as declared, and of what
    docs/notation.csv names.
    """
    from coercivity.agents.tables import Firms, Links, Needs, Offers

    tables = {"firms": Firms, "needs": Needs, "offers": Offers, "links": Links}
    columns = [
        {
            "symbol": column.symbol,
            "meaning": column.meaning,
            "unit": column.unit,
            "attribute": f"{name}.{column.name}",
        }
        for name, table in tables.items()
        for column in table.declared.values()
        if column.kind == "column"
    ]
    with (DOCS / "notation.csv").open(encoding="utf-8", newline="") as file:
        return columns + list(csv.DictReader(file))


def columns_table(*prefixes: str) -> str:
    """Rows of the notation whose attribute begins with one of the prefixes."""
    rows = [row for row in notation() if row["attribute"].startswith(prefixes)]
    cells = [
        (f"`{r['attribute']}`", f"`{r['symbol']}`" if r["symbol"] else "", r["meaning"], r["unit"])
        for r in rows
    ]
    return _table("| attribute | symbol | meaning | unit |", cells)


def _table(head: str, rows: Sequence[tuple[str, ...]]) -> str:
    cells = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *cells])


def month_table() -> str:
    """The verbs of World.step in their order, with the comments beside them and the sentence of
    each.
    """
    source = (ROOT / "model/world.py").read_text(encoding="utf-8")
    body = source.partition("def step(self)")[2].partition("\n    def ")[0]
    steps = re.findall(r"^ +self\.(\w+)\(\)\s+# (.+)$", body, flags=re.MULTILINE)
    said = [(verb, prose(words)) for verb, words in steps]
    return _table(
        "| | verb | what happens |",
        [(str(i), f"`{verb}`", words) for i, (verb, words) in enumerate(said, start=1)],
    )


def names_list(name: str) -> str:
    """A tuple of names as a table where the names are described, else as a sentence."""
    from coercivity.model.basis import fixed_names
    from coercivity.model.basis.facts import Facts

    facts = Facts.default()
    held = fixed_names if hasattr(fixed_names, name) else facts
    values: tuple[str, ...] = getattr(held, name if held is fixed_names else name.lower())
    told = facts.descriptions
    described = [(f"`{value}`", told[value]) for value in values if value in told]
    return (
        _table("| name | what it is |", described)
        if len(described) == len(values)
        else ", ".join(values) + "."
    )


def submodels_table() -> str:
    """The mechanisms: a link to the section of each, what it is, and the records about it."""
    from coercivity.model.basis.facts import Facts

    text = (DOCS / PAGES["odd/submodels.md"]).read_text(encoding="utf-8")
    rows = []
    for mechanism, title in re.findall(r"^## (M\d+) (.+)$", text, flags=re.MULTILINE):
        words = re.sub(r"[^\w\s-]", "", title.lower())
        anchor = f"{mechanism.lower()}-{'-'.join(words.split())}"
        about = [one.link() for one in decisions().values() if mechanism in one.mechanisms]
        told = prose(Facts.default().descriptions[mechanism].partition(": ")[2])
        rows.append((f"[{mechanism} {title}](submodels.md#{anchor})", told, ", ".join(about)))
    return _table("| submodel | what it is | decisions |", rows)


def kinds_table() -> str:
    """Kinds of events: what each does and which fields it has."""
    from coercivity.model.basis.facts import Facts
    from coercivity.model.scenario.act_kinds import kinds_of

    rows = []
    for name, kind in kinds_of(Facts.default()).items():
        fields = ", ".join(f"`{key}`" for key in kind.fields)
        common = [
            word
            for word, there in (
                ("actor", kind.actor),
                ("targets", kind.actor and kind.towards),
                ("goods", bool(kind.goods)),
            )
            if there
        ]
        rows.append((f"`{name}`", kind.description, ", ".join(common), fields))
    return _table("| kind | what it does | takes | fields of its own |", rows)


def parameters_line(*groups: str) -> str:
    """The parameters of some groups in one sentence: name (value, unit)."""
    with (ROOT / "model/data/parameters.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["group"] in groups]
    listed = ", ".join(f"`{row['name']}` ({row['value']} {row['unit']})" for row in rows)
    return f"Parameters ([ranges, sources, status](../parameters.md)): {listed}." if listed else ""


def luck_line() -> str:
    """The named streams of luck in one sentence, with the module that draws them."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for room in PLUMBING for path in (ROOT / room).rglob("*.py")):
        for name in re.findall(
            r'(?:uniforms|normals)\(\s*(?:[\w.]+,\s*)?f?"([^"{]+)', path.read_text(encoding="utf-8")
        ):
            found.setdefault(path.stem, []).append(name.strip())
    return (
        "Streams: "
        + "; ".join(
            f"{', '.join(f'`{name}`' for name in names)} ({module})"
            for module, names in found.items()
        )
        + "."
    )


def tables_table() -> str:
    """The data tables: rows and columns."""
    rows = []
    for path in sorted((ROOT / "model/data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            head, count = next(reader), sum(1 for _ in reader)
        tail = {"source", "url", "confidence", "note"}
        rows.append(
            (
                f"`{path.name}`",
                str(count),
                ", ".join(column for column in head if column not in tail),
                "yes" if tail & set(head) else "",
            )
        )
    return _table("| table | rows | columns | sources by row |", rows)


def expand(text: str, everything: str) -> str:
    """A template with its directives replaced. *everything*: all templates together, which say what
    is placed where.
    """
    named, placed = named_rules(everything), placed_modules(everything)

    def whole(module: str) -> str:
        rules = [rule for rule in rules_of(module) if rule.name not in named.get(module, set())]
        numbers = constants_of(module)
        first, _, more = module_text(module).partition("\n\n")
        blocks = [
            "\n".join(["```text", *lines, "```"]) for lines in (folded(more), numbers) if lines
        ]
        why = rationale("\n".join([module_text(module), *numbers]))
        head = [f"*`{module}`* - {prose(first)}", *blocks, *([why] if why else [])]
        return "\n\n".join([*head, *(rule.markdown() for rule in rules)])

    def directive(match: re.Match[str]) -> str:
        word, rest = match[1], match[2].strip()
        if word == "month":
            return month_table()
        if word == "list":
            return names_list(rest)
        if word == "kinds":
            return kinds_table()
        if word == "columns":
            return columns_table(*rest.split())
        if word == "parameters":
            return parameters_line(*(group.strip() for group in rest.split(",")))
        if word == "decisions":
            return decisions_line(rest, prose)
        if word == "submodels":
            return submodels_table()
        if word == "luck":
            return luck_line()
        if word == "tables":
            return tables_table()
        if word == "module":
            return whole(rest)
        if word == "rules":
            module, _, wanted = rest.partition(":")
            found = {rule.name: rule for rule in rules_of(module)}
            return "\n\n".join(found[name].markdown() for name in wanted.split())
        if word == "others":
            left = [
                f"{room}.{name}"
                for room in PLUMBING
                for name in modules(room)
                if f"{room}.{name}" not in placed
            ]
            return "\n\n".join(whole(module) for module in left) or "None."
        raise ValueError(f"no directive @{word}")

    return re.sub(r"^@(\w+)(.*)$", directive, text, flags=re.MULTILINE)


def page(name: str) -> str:
    """A page as its template, the code and the tables make it now."""
    texts = {
        target: (DOCS / source).read_text(encoding="utf-8") for target, source in PAGES.items()
    }
    made = expand(texts[name], "\n".join(texts.values()))
    made = re.sub(r"\n{3,}", "\n\n", made)
    return MADE.format(PAGES[name]) + "\n\n" + made.rstrip() + "\n"


if __name__ == "__main__":
    for name in PAGES:
        (DOCS / name).write_text(page(name), encoding="utf-8")
