"""Writes what translators translate: every sentence of the pages, into viz/data/languages.

    python docs/languages.py          messages.pot, and each CODE.po brought up to it
    python docs/languages.py --new fr  a new language, empty

Sentences are those of the templates (viz/screens/*.vue), of viz/data/rejoin.js, of `say`, `says`
and `noted` in the code of viz, the names of the model (viz/words/names.py), titles and reasons of
the scenarios, what each parameter is, the texts of tables that the pages show (TABLES), and what
the class game and the claims say of themselves. A sentence that changed is marked fuzzy and shown
in English until somebody has looked at it.

A wording may ask for the name of a state in a form that its language needs, {state:in} "in den
USA": each form that a catalogue asks for it has of every state, as an entry with the form as its
context. No other language has them.
"""

from __future__ import annotations

import argparse
import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from coercivity.experiments.lab import state_levers
from coercivity.experiments.quantities.headlines import headline_rows
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.drawn import claims_data
from coercivity.viz.drawn.shown_results import load_shown
from coercivity.viz.words import game_text, language, lesson_texts
from coercivity.viz.words.in_template import sentences
from coercivity.viz.words.names import NAMED, every_name, readable

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "viz" / "data" / "languages"
KEYWORDS = {"say": 1, "noted": 1, "says": 2}  # texts that each takes
# tables of model/data whose texts the lab shows: the columns that are read
TABLES = {
    "levers": ("group", "label", "unit", "options", "what", "example", "limits"),
    "act_words": ("group", "label", "unit", "said", "note"),
    "headlines": ("label", "unit"),
    "parameters": ("unit", "status", "group"),
}
MANY = "|"  # between the texts of one cell


def template() -> Catalog:
    """All sentences there are, by where they stand."""
    found = Catalog(project="Coercivity", fuzzy=False)
    for place, message in every_sentence():
        found.add(message, locations=[(place, None)])
    return found


def every_sentence() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Each sentence of the pages, with the file in which it stands."""
    for path in (*sorted((ROOT / "viz" / "screens").glob("*.vue")), ROOT / "viz/data/rejoin.js"):
        for text in sentences(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), text
    for path in sorted((ROOT / "viz").rglob("*.py")):
        for message in spoken_in(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), message
    for text in state_levers.every_text():
        yield "experiments/lab/state_levers.py", text
    for table, columns in TABLES.items():
        for row in headline_rows() if table == "headlines" else load_table(table):
            for text in (row[column] for column in columns if row[column]):
                for part in str(text).split(MANY):
                    yield f"model/data/{table}.csv", part
    for name in every_name():
        yield "viz/words/names.py", name
    for text in game_text.texts():
        yield "model/data/game_cards.csv", text
    for text in lesson_texts.texts():
        yield "viz/data/lessons.csv", text
    for text in claims_data.texts():
        yield "model/data/claims.csv", text
    for row in load_shown("backtest")["found"]["targets"]:
        if row["imposed"]:
            yield "viz/data/results/backtest.json", row["imposed"]
    for row in load_parameters():
        yield "model/data/parameters.csv", readable(row.description)
    for name in list_scenarios():
        scenario = load_scenario(name)
        for text in filter(None, (scenario.title, scenario.why)):
            yield f"model/data/scenarios/{name}.yaml", text


def spoken_in(source: str) -> Iterator[str | tuple[str, ...]]:
    """The sentences that a module says: the texts that it gives to what it took from `language`."""
    tree = ast.parse(source)
    taken = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == language.__name__
        for name in node.names
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        count = KEYWORDS.get(node.func.id, 0) if node.func.id in taken else 0
        texts = [
            one.value
            for one in node.args[:count]
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if count and len(texts) == count:
            yield texts[0] if count == 1 else tuple(texts)


def brought_up(path: Path, wanted: Catalog) -> Catalog:
    """The catalogue of a language with just the sentences there are now."""
    held = read_po(io.BytesIO(path.read_bytes()), locale=path.stem)
    held.update(with_forms(wanted, forms_asked(held)), no_fuzzy_matching=False)
    held.obsolete.clear()
    return held


def forms_asked(held: Catalog) -> set[str]:
    """The forms in which the wordings of a language ask for names."""
    wordings = [
        text
        for one in held
        for text in ([one.string] if isinstance(one.string, str) else one.string or ())
    ]
    return {form for text in wordings for form in language.FORM.findall(text or "")}


def with_forms(wanted: Catalog, forms: set[str]) -> Catalog:
    """The sentences there are, and each state in these forms."""
    if not forms:
        return wanted
    more = Catalog(project="Coercivity", fuzzy=False)
    for one in wanted:
        if one.id:
            more.add(one.id, locations=one.locations)
    for form in sorted(forms):
        for name in NAMED:
            more.add(name, locations=[("viz/words/names.py", None)], context=form)
    return more


def written(held: Catalog) -> bytes:
    """A catalogue as its file: in order, without dates."""
    stream = io.BytesIO()
    write_po(stream, held, sort_output=True, omit_header=True, include_previous=False, width=0)
    return stream.getvalue()


def missing(held: Catalog) -> list[str]:
    """What a language has no wording for, or one that nobody has looked at since it changed."""
    left = []
    for one in held:
        wording = [one.string] if isinstance(one.string, str) else list(one.string or [""])
        if one.id and (one.fuzzy or not all(wording)):
            left.append(one.id if isinstance(one.id, str) else one.id[0])
    return left


def main() -> None:
    """Bring the catalogues up to the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new", metavar="CODE", help="begin a language")
    chosen = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if chosen.new:
        (FOLDER / f"{chosen.new}.po").touch()
    wanted = template()
    (FOLDER / "messages.pot").write_bytes(written(wanted))
    for path in sorted(FOLDER.glob("*.po")):
        for _ in range(2):  # the marks of what became fuzzy are at rest only then
            held = brought_up(path, wanted)
            path.write_bytes(written(held))
        print(f"{path.name}: {len(held) - len(missing(held))} of {len(held)} sentences")


if __name__ == "__main__":
    main()
