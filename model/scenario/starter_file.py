"""A scenario file to start from."""

from __future__ import annotations

from coercivity.model.basis.errors import shorten
from coercivity.model.basis.yaml_text import dump_yaml
from coercivity.model.scenario.scenario import DEFAULT_MONTHS


def new_scenario_text(name: str) -> str:
    """Return the text of a small scenario file to start from, which passes ``check``."""
    named = shorten(name, 80)
    return f"""# {named}: a scenario to start from. Check it with: coercivity scenarios check FILE
{dump_yaml({"name": named}).strip()}
title: A ban that never was
why: What would happen if China stopped all heavy rare earths to Japan for six months?
# base: licensing-2025    # takes over a shipped scenario: its acts before those below, and its
#                         # parameters, mechanisms and governments where nothing else is said here
start: 2024-01            # or 2009-01
months: {DEFAULT_MONTHS}
parameters: {{}}            # name: value, see: coercivity parameters
mechanisms: {{}}            # M8: false switches leakage off
# tables:                 # your own rows, see: coercivity facts cover --rows Japan
#   cover:
#     - {{kind: automotive, state: Japan, months_median: 4}}
events:
  - date: 2026-01-06
    end: 2026-07-05       # the last day; leave it out and the act stays
    id: my-ban
    kind: blanket_ban
    actor: China
    targets: [Japan]
    goods: heavy_oxides
    text: China bans heavy rare earths to Japan for six months.
"""
