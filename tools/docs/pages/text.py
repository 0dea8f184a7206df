"""What pages have in common: tables in markdown, bands in cells, the line that says what made them,
and the templates in which their prose stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coercivity.viz.words.claim_rows import three_digits
from coercivity.viz.words.claims_text import counted
from tools.docs.kit.documents import Document
from tools.docs.kit.kit_steps import PARTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARK: Final = "quick: not for citation"
Row = Mapping[str, Any]
Draw = Callable[[], "Figure"]


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table in markdown."""
    heads = list(heads)
    lines = [heads, *rows]
    head, *body = ("| " + " | ".join(map(str, line)) + " |" for line in lines)
    return "\n".join([head, "|" + "---|" * len(heads), *body])


def band(value: Mapping[str, float | None]) -> str:
    """Return median and range in a cell."""
    if value["median"] is None:
        return "–"
    return f"{three_digits(value['median'])} ({three_digits(value['p05'])} to {three_digits(value['p95'])})"


def made_with(document: Document) -> str:
    """Version, the one that it was carried from, and worlds: 'coercivity 0.2.0, 16 draws'."""
    version = document["coercivity"]
    first = document.get("carried", {}).get("coercivity", version)
    older = f"run with {first}, which gives the same" if first != version else ""
    worlds = PARTS[document["part"]].in_words(document["worlds"])
    return ", ".join(filter(None, (f"coercivity {version}", older, worlds)))


OLDER_RULES: Final = (
    "**These numbers are of the rules of version 0.5.0**; prices, orders and quotas follow others "
    "since (decisions 0091 to 0107), until the paper kit is made anew."
)


def made_by(document: Document) -> str:
    """Return the sentence that says what made a page."""
    part, collection = PARTS[document["part"]], document["collection"]
    drawn = collection and part.of == "draws" and document["worlds"]
    vectors = f", vectors of collection {collection}" if drawn else ""
    older = f" {OLDER_RULES}" if document["coercivity"] == "0.5.0" else ""
    return f"Made by `{part.again}` ({made_with(document)}{vectors}).{older}"


TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # markdown
)
TEMPLATES.filters |= {"band": band, "fmt": format, "short": three_digits}
TEMPLATES.globals |= {"counted": counted, "made_with": made_with, "table": table}


def render(name: str, document: Document, **more: Any) -> str:
    """Return a page: a template, with what a document found and what made it."""
    told = {"results": document["found"], "document": document, "made_by": made_by(document)}
    return TEMPLATES.get_template(f"{name}.md").render(told | more)


def with_quick_warning(text: str, document: Document) -> str:
    """Return a page with a warning below its title where it was made in a hurry."""
    if not document["quick"]:
        return text
    title, _, rest = text.partition("\n")
    return (
        f"{title}\n\n> **{MARK}.** Few worlds and short runs: numbers, and years named in the "
        f"text, are for trying the kit.\n{rest}"
    )
