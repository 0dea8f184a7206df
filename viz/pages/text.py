"""What pages have in common: tables in markdown, bands in cells, and the line that says what made
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.paper.build import MARK, PARTS
from coercivity.viz.words.findings import short

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Document = Mapping[str, Any]
Row = Mapping[str, Any]
Draw = Callable[[], "Figure"]
WORDS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in markdown."""
    names = list(heads)
    return "\n".join(
        [
            "| " + " | ".join(names) + " |",
            "|" + "---|" * len(names),
            *("| " + " | ".join(row) + " |" for row in rows),
        ]
    )


def table_of(rows: Sequence[Row]) -> str:
    """Rows as a table in markdown, columns as they are named; numbers with three digits."""
    return table(
        rows[0],
        (
            [
                value
                if isinstance(value, str)
                else str(value)
                if isinstance(value, int)
                else short(value)
                for value in row.values()
            ]
            for row in rows
        ),
    )


def band(value: Mapping[str, float | None]) -> str:
    """Median and range in a cell."""
    return (
        "–"
        if value["median"] is None
        else f"{short(value['median'])} ({short(value['p05'])} to {short(value['p95'])})"
    )


def number_word(count: int) -> str:
    """A small number in words."""
    return WORDS[count] if count < len(WORDS) else str(count)


def counted(count: int, what: str) -> str:
    """'one seed', 'four seeds'."""
    return f"{number_word(count)} {what if count == 1 else what + 's'}"


def made_with(document: Document) -> str:
    """Version, the one that it was carried from, and worlds: 'coercivity 0.2.0, 16 draws'."""
    first = document.get("carried", {}).get("coercivity", document["coercivity"])
    older = first != document["coercivity"]
    return ", ".join(
        filter(
            None,
            (
                f"coercivity {document['coercivity']}",
                f"run with {first}, which gives the same" if older else "",
                PARTS[document["part"]].in_words(document["worlds"]),
            ),
        )
    )


def made_by(document: Document) -> str:
    """The sentence that says what made a page."""
    part = PARTS[document["part"]]
    collection = (
        f", vectors of collection {document['collection']}"
        if document["collection"] and part.of == "draws" and document["worlds"]
        else ""
    )
    return (
        f"Made by `{part.command or f'coercivity paper --parts {part.name}'}` "
        f"({made_with(document)}{collection})."
    )


def marked(text: str, document: Document) -> str:
    """A page with the warning below its title where it was made in a hurry."""
    if not document["quick"]:
        return text
    title, _, rest = text.partition("\n")
    return (
        f"{title}\n\n> **{MARK}.** Few worlds and short runs: numbers, and years named in the "
        f"text, are for trying the kit.\n{rest}"
    )
