"""The pages of page_server.py in a language in which every sentence stands in marks (marks.py): `python marked_server.py PORT`."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from coercivity.viz.words import language
from tests.viz.marks import Marks

CODE = "zh"  # months and numbers of it have no Latin letters

if __name__ == "__main__":
    marks, known, names = Marks(), language.catalogue, language.languages()
    language.catalogue = lambda code: marks if code == CODE else known(code)  # type: ignore
    language.languages = lambda: {**names, CODE: "中文"}  # type: ignore
    runpy.run_path(str(Path(__file__).with_name("page_server.py")), run_name="__main__")
