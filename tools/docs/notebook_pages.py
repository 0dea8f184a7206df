"""Pages of the notebooks for the site: a hook of mkdocs (`hooks:` in mkdocs.yml). What was run
(`tools/docs/notebooks.py`, kept in runs/notebooks) is shown with its tables and figures, and can be
taken home as .ipynb; what was not run is shown as code.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap as fold
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # mkdocs loads hooks by path
from tools.docs import notebooks

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

FOLDER: Final = "notebooks"
NOT_RUN: Final = (
    "*This site was built without running the notebook: `python -m tools.docs.notebooks`.*"
)
HOME: Final = "[As a notebook]({name}.ipynb), with what it showed; as [source]({name}.txt)."
FOLDED: Final = 4_000  # characters of text from which an output is cut
WIDTH: Final = 84  # characters of a line of it
Written = dict[str, bytes]


def page(path: Path, held: dict[str, Any] | None) -> tuple[str, Written]:
    """A notebook as Markdown, and the files beside it."""
    shown = held or notebooks.notebook(path)
    files: Written = {
        f"{path.stem}.ipynb": (json.dumps(shown, indent=1, ensure_ascii=False) + "\n").encode(),
        f"{path.stem}.txt": path.read_bytes(),
    }
    blocks: list[str] = []
    for number, cell in enumerate(shown["cells"], start=1):
        if cell["cell_type"] == "markdown":
            blocks.append(cell["source"])
        else:
            blocks.append(f"```python\n{cell['source']}\n```")
            for place, output in enumerate(cell["outputs"], start=1):
                blocks += _told(output, f"{path.stem}-{number}-{place}.png", files)
    title, _, rest = blocks[0].partition("\n")
    beside = [title, HOME.format(name=path.stem), *([] if held else [NOT_RUN]), rest.strip()]
    return "\n\n".join([*beside, *blocks[1:]]) + "\n", files


def _told(output: dict[str, Any], picture: str, files: Written) -> Iterator[str]:
    """One output as Markdown: a picture, a table, or text; progress on standard error is left
    out.
    """
    if output["output_type"] == "stream":
        if output["name"] == "stdout":
            yield _text(_joined(output["text"]))
        return
    data = output.get("data", {})
    if "image/png" in data:
        files[picture] = base64.b64decode(_joined(data["image/png"]))
        yield f"![]({picture})"
    elif "text/html" in data:
        yield f'<div class="notebook-output">\n{_html(_joined(data["text/html"]))}\n</div>'
    elif "text/plain" in data:
        yield _text(_joined(data["text/plain"]))


def _joined(text: str | list[str]) -> str:
    """Text of a notebook, which may stand in it line by line."""
    return text if isinstance(text, str) else "".join(text)


def _text(text: str) -> str:
    """Text as it was printed, long lines folded, cut where it would fill the page."""
    lines = [fold(line, WIDTH, subsequent_indent="  ") or [""] for line in text.splitlines()]
    text = "\n".join(part for parts in lines for part in parts)
    cut = text if len(text) <= FOLDED else f"{text[:FOLDED]}\n..."
    return "```text\n" + cut.rstrip("\n").replace("```", "'''") + "\n```"


def _html(text: str) -> str:
    """HTML in one piece: a blank line would end it in Markdown, and the style of pandas is not that
    of the site.
    """
    text = re.sub(r"<style scoped>.*?</style>", "", text, flags=re.DOTALL)
    text = text.replace('<table border="1" class="dataframe">', "<table>")
    return re.sub(r"\n\s*\n", "\n", text).strip()


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and what lies beside them (called by mkdocs)."""
    from mkdocs.structure.files import File

    for path in notebooks.sources():
        text, beside = page(path, notebooks.ran(path))
        made: dict[str, str | bytes] = {f"{path.stem}.md": text, **beside}
        for name, content in made.items():
            files.append(File.generated(config, f"{FOLDER}/{name}", content=content))
    return files
