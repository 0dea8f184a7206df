"""Writes what translators translate: every sentence of the pages, into viz/data/languages.

    python -m tools.docs.languages            messages.pot, and each CODE.po brought up to it
    python -m tools.docs.languages --missing  the same, and what each language shows in English
    python -m tools.docs.languages --new fr   a new language, empty

Sentences are those of the templates (viz/**/*.vue), of viz/data/rejoin.js, of `say`, `says`
and `noted` in the code of viz, the names of the model (viz/words/names.py), titles and reasons of
the scenarios, what each parameter is, the texts of tables that the pages show (TABLES), what is
said of findings, what the class game and the claims say of themselves, and the refusals, events and
decisions that a page may show (SHOWN). One from elsewhere is one of them where a catalogue has a
wording for it. A sentence that changed is marked fuzzy and shown in English until somebody has
looked at it.

The catalogues are complete for the sentences of viz, which a test holds. Those of model, agents and
experiments are shown in English where a language has no wording, and are counted here.

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

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from coercivity.experiments.lab import state_levers
from coercivity.experiments.quantities.headlines import headline_rows
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.classroom.lessons import texts
from coercivity.viz.classroom.words import game_text
from coercivity.viz.page_data import claims_data
from coercivity.viz.page_data.shown_results import load_shown
from coercivity.viz.words import language
from coercivity.viz.words.finding_text import SENTENCES
from coercivity.viz.words.names import CALLED_HERE, every_name, place_names, readable_text
from coercivity.viz.words.template_text import sentences

ROOT = Path(__file__).resolve().parents[2]
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
REFUSALS = {"InputError": 2, "Phrase": 1, "Phrase.of": 1}  # sentences that each takes
ROOMS = ("agents", "model", "experiments", "viz", "api")  # where they stand
SHOWN = (
    "viz/screens",
    "viz/classroom",
    "viz/words/refusals.py",
    "experiments/lab",
    "model/scenario",
    "model/basis",
    "agents/governments",
    "model/plants/firm_acts.py",
    "model/politics/chancellery.py",
    "model/results/event_tables.py",
)
PAGES = "viz/"  # begins the place of a sentence for which every language has a wording


def template() -> Catalog:
    """All sentences there are, by where they stand."""
    found = Catalog(project="Coercivity", fuzzy=False)
    for place, message in every_sentence():
        found.add(message, locations=[(place, None)])  # type: ignore[list-item]
    return found


def every_sentence() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Each sentence of the pages, with the file in which it stands."""
    for path in (*sorted((ROOT / "viz").rglob("*.vue")), ROOT / "viz/data/rejoin.js"):
        for text in sentences(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), text
    for path in sorted((ROOT / "viz").rglob("*.py")):
        for message in spoken_in(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), message
    yield from refusals()
    for text in state_levers.every_text():
        yield "experiments/lab/state_levers.py", text
    for table, columns in TABLES.items():
        for row in headline_rows(Facts.default()) if table == "headlines" else load_table(table):
            for text in (row[column] for column in columns if row[column]):
                for part in str(text).split(MANY):
                    yield f"model/data/{table}.csv", part
    for name in every_name():
        yield place_of_name(name), name
    for one, *many in SENTENCES.values():
        yield "viz/words/finding_sentences.csv", (one, *many) if many else one
    for text in game_text.texts():
        yield "viz/classroom/engine/game_cards.csv", text
    for text in texts.texts():
        yield "viz/classroom/lessons/lessons.csv", text
    for text in claims_data.texts():
        yield "model/data/claims.csv", text
    for row in load_shown("backtest")["found"]["targets"]:
        if row["imposed"]:
            yield "viz/data/results/backtest.json", row["imposed"]
    for row in load_parameters():
        yield "model/data/parameters.csv", readable_text(row.description)
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


def refusals() -> Iterator[tuple[str, str]]:
    """Each sentence of a refusal that a page may show, or for which there is a wording."""
    held = [read(path) for path in FOLDER.glob("*.po")]
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            shown = place.startswith(SHOWN)
            for text in refused_in(path.read_text(encoding="utf-8")):
                if shown or any(
                    (one := each.get(text)) and one.string and not one.fuzzy for each in held
                ):
                    yield place, text


def refused_in(source: str) -> Iterator[str]:
    """The sentences that a module gives to errors and phrases (`agents/base/phrase.py`)."""
    if "InputError" not in source and "Phrase" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            for argument in node.args[: REFUSALS.get(ast.unparse(node.func), 0)]:
                yield from (text for text in _constants(argument) if not _is_field(text))


def _is_field(text: str) -> bool:
    """Whether a sentence says nothing but one of its fields, or nothing at all."""
    return not text or (text[0] == "{" and text[1:-1].isidentifier())


def _constants(argument: ast.expr) -> Iterator[str]:
    """A text, or the two of a choice."""
    if isinstance(argument, ast.IfExp):
        yield from (*_constants(argument.body), *_constants(argument.orelse))
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def place_of_name(name: str) -> str:
    """Where a name stands: in the model, or in viz, which calls it otherwise."""
    return "viz/words/names.py" if name in CALLED_HERE else "model/basis/facts.py"


def read(path: Path) -> Catalog:
    """A catalogue from its file."""
    locale = path.stem if path.suffix == ".po" else None
    return read_po(io.BytesIO(path.read_bytes()), locale=locale)


def brought_up(path: Path, wanted: Catalog) -> Catalog:
    """The catalogue of a language with just the sentences there are now."""
    held = read(path)
    held.update(with_forms(wanted, forms_asked(held)), no_fuzzy_matching=False)
    held.obsolete.clear()
    for one in held:
        if one.fuzzy and not is_of_pages(one):  # a guess that nobody asked for
            one.string = ""
            one.flags.discard("fuzzy")
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
    """The sentences there are, and each state among them in these forms."""
    if not forms:
        return wanted
    more = Catalog(project="Coercivity", fuzzy=False)
    for one in wanted:
        if one.id:
            more.add(one.id, locations=one.locations)
    for form in sorted(forms):
        for name in filter(wanted.get, place_names(Facts.default())):
            more.add(name, locations=[(place_of_name(name), None)], context=form)  # type: ignore[list-item]
    return more


def written(held: Catalog) -> bytes:
    """A catalogue as its file: in order, without dates."""
    stream = io.BytesIO()
    write_po(stream, held, sort_output=True, omit_header=True, include_previous=False, width=0)
    return stream.getvalue()


def missing(held: Catalog) -> list[Message]:
    """What a language has no wording for, or one that nobody has looked at since it changed."""
    left = []
    for one in held:
        wording = [one.string] if isinstance(one.string, str) else list(one.string or [""])
        if one.id and (one.fuzzy or not all(wording)):
            left.append(one)
    return left


def is_of_pages(one: Message) -> bool:
    """Whether a sentence is one of viz."""
    return any(place.startswith(PAGES) for place, _ in one.locations)


def main() -> None:
    """Bring the catalogues up to the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--new", metavar="CODE", help="begin a language")
    parser.add_argument("--missing", action="store_true", help="list what is shown in English")
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
        left = missing(held)
        pages = sum(map(is_of_pages, left))
        print(
            f"{path.name}: {len(held) - len(left)} of {len(held)} sentences; in English: "
            f"{pages} of the pages, {len(left) - pages} of the model"
        )
        for one in left if chosen.missing else ():
            print(f"  {one.locations[0][0]}: {one.id if isinstance(one.id, str) else one.id[0]}")


if __name__ == "__main__":
    main()
