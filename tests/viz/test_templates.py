"""Vue templates of the pages, as texts: what a browser test finds late or not at all."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import ipyvue
import pytest
import solara

from coercivity.viz.screens.template import template as drawn_by
from coercivity.viz.words.language import speaking, translate_text

VIZ = Path(__file__).resolve().parents[2] / "viz"
TEMPLATES = sorted(VIZ.rglob("*.vue"))


@pytest.mark.parametrize("template", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_no_method_has_the_name_of_an_event(template: Path) -> None:
    modules = [
        path.read_text(encoding="utf-8") for path in (*template.parent.glob("*.py"), VIZ / "app.py")
    ]
    declared = "\n".join(module for module in modules if f'{template.name}"' in module)
    text = template.read_text(encoding="utf-8")
    events = {name.removeprefix("event_") for name in re.findall(r"\bevent_\w+", text)}
    assert events <= {
        name.removeprefix("event_") for name in re.findall(r"\bevent_\w+", declared)
    }, "an event that the component does not take"
    methods = set(re.findall(r"^    (?:async )?(\w+)\([^)]*\) \{", text, re.MULTILINE))
    assert not methods & events


def test_texts_are_shown_as_texts() -> None:
    runs = r"v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(runs, text), path
        assert not re.search(r"""(?:src|@import)\s*=?\s*["'(]\s*(?:https?:)?//""", text), path


PHONES = 30


def test_thirty_phones_at_once_have_a_page_in_their_language(tmp_path: Path) -> None:
    file = tmp_path / "own.vue"
    file.write_text("<template><p>Your name</p></template>", encoding="utf-8")

    @drawn_by(str(file))
    def Own() -> None:
        """A part of a page that nobody has drawn yet."""

    at_once = Barrier(PHONES)

    def shown(_: int) -> str:
        with speaking("ja"):
            at_once.wait()
            _, rendering = solara.render(Own(), handle_error=False)
            text = rendering.find(ipyvue.VueTemplate).widget.template.template
            rendering.close()
        return str(text)

    with ThreadPoolExecutor(PHONES) as phones:
        texts = list(phones.map(shown, range(PHONES)))
    assert set(texts) == {f"<template><p>{translate_text('Your name', 'ja')}</p></template>"}
    assert "Your name" not in texts[0]
