"""Vue templates of the pages, as texts: what a browser test finds late or not at all."""

import re
from pathlib import Path

import pytest

SCREENS = Path(__file__).resolve().parents[2] / "viz" / "screens"
TEMPLATES = sorted(SCREENS.glob("*.vue"))


@pytest.mark.parametrize("template", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_no_method_has_the_name_of_an_event(template: Path) -> None:
    """Solara gives a template a method for each event, by the event's own name too: one of the same name would never be called."""
    modules = [
        path.read_text(encoding="utf-8")
        for path in (*SCREENS.glob("*.py"), SCREENS.parent / "app.py")
    ]
    declared = "\n".join(module for module in modules if f'{template.name}"' in module)
    text = template.read_text(encoding="utf-8")
    events = {name.removeprefix("event_") for name in re.findall(r"\bevent_\w+", text)}
    assert events <= {
        name.removeprefix("event_") for name in re.findall(r"\bevent_\w+", declared)
    }, "an event that the component does not take"
    methods = set(re.findall(r"^    (?:async )?(\w+)\([^)]*\) \{", text, re.MULTILINE))
    assert not methods & events


@pytest.mark.parametrize("template", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_texts_are_shown_as_texts(template: Path) -> None:
    """Scenarios, names and messages come from visitors: nothing of theirs may become markup, script or a request to elsewhere."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(
        r"v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
    )
    assert not re.search(r"""(?:src|@import)\s*=?\s*["'(]\s*(?:https?:)?//""", text)
