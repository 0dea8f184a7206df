"""A page of one's own on Mesa's SolaraViz: sliders for parameters, plots of the headlines.

    pip install altair
    solara run examples/mesa/page.py

Move a slider and press Reset: Mesa makes a new world with it. The page of `coercivity app` does
more and answers faster.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Mesa's own notices about what it will rename
    from mesa.visualization import SolaraViz, make_plot_component

from coercivity import World
from coercivity.model.basis.parameters import load_parameters


def slider(name: str, label: str) -> dict[str, object]:
    """Return a slider over a parameter's documented range."""
    row = load_parameters()[name]
    return {
        "type": "SliderFloat",
        "value": row.value,
        "label": label,
        "min": row.low,
        "max": row.high,
        "step": (row.high - row.low) / 20.0,
    }


page = SolaraViz(
    World("japan-2026", seed=7, months=60),
    components=[
        make_plot_component("price_dysprosium_oxide"),
        make_plot_component("output_of_plan"),
    ],
    model_params={
        "scenario": "japan-2026",
        "months": 60,
        "seed": {"type": "SliderInt", "value": 7, "label": "Seed", "min": 0, "max": 20, "step": 1},
        "licence_clock_months": slider("licence_clock_months", "Licence clock (months)"),
        "over_compliance": slider("over_compliance", "Over-compliance"),
    },
    name="Rare earths",
)
