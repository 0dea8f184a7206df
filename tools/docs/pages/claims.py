"""Pages of the claims: one each with its figure, and an index with all verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from coercivity.experiments.claims.written_claims import load_claims
from coercivity.viz.words import claims_text as words
from coercivity.viz.words.claim_rows import VERDICTS, three_digits
from tools.docs.kit.documents import Document
from tools.docs.pages.text import Draw, Row, render, table


def pages(document: Document) -> dict[str, str]:
    """Return a page a claim, and the index."""
    helpers = {"words": words, "verdicts": VERDICTS}
    cells = {"sourced": linked_source, "table_of": table_of}
    known = {claim.id: claim for claim in load_claims()}
    return {
        "claims/index.md": render("claims", document, **helpers),
        **{
            f"claims/{one['id']}.md": render(
                "claim", document, **helpers, **cells, claim=known[one["id"]], found=one
            )
            for one in document["found"]["claims"]
        },
    }


def figures(document: Document) -> Iterator[tuple[str, Draw]]:
    """Give a figure a claim."""
    from tools.docs.pages.claim_figures import claim_figure

    for claim in document["found"]["claims"]:
        yield f"claims/{claim['id']}.svg", partial(claim_figure, claim)


def tables(document: Document) -> dict[str, list[Row]]:
    """Return verdicts; every value of every metric; the tables that C3 and C5 have besides."""
    claims = document["found"]["claims"]
    apart = ("evidence", "beside", "table")
    verdicts = [{k: value for k, value in one.items() if k not in apart} for one in claims]
    beside = [
        {"id": one["id"], "quantity": name, "median": mid, "p05": low, "p95": high}
        for one in claims
        for name, (mid, low, high) in one["beside"].items()
    ]
    return {
        "claims": verdicts,
        "claims-values": [row for one in claims for row in _values(one)],
        "claims-beside": beside,
        **{f"claims-{one['id']}": one["table"]["rows"] for one in claims if one.get("table")},
    }


def _values(claim: Row) -> Iterator[Row]:
    evidence = claim["evidence"]
    groups = [(name, None, evidence[name]) for name in ("main", "placebo", "corner")]
    for group, level, got in [*groups, *(("scan", at, got) for at, got in evidence["scan"])]:
        start = {"id": claim["id"], "group": group, "flip_value": level}
        yield from ({**start, "draw": draw, "value": value} for draw, value in enumerate(got))


def table_of(rows: list[Row]) -> str:
    """Return rows as a table, columns as they are named; numbers with three digits."""
    cells = (
        [three_digits(v) if isinstance(v, float | None) else v for v in one.values()]
        for one in rows
    )
    return table(rows[0], cells)


def linked_source(text: str, url: str) -> str:
    """Return a source, as a link where there is one."""
    return f"[{text}]({url})" if url.startswith("http") else text
