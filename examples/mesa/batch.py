"""Mesa's batch_run over parameters and seeds; the headlines of each run's last month come back.

    python examples/mesa/batch.py

Give seeds: luck is drawn from the seed alone, so `iterations=2` gives the same run twice.

For 100,000 parameter sets use a sweep (docs/sweeps.md): it survives kills, shares work over a
cluster and keeps what is done.
"""

import mesa
import pandas as pd

from coercivity import World

if __name__ == "__main__":
    asked = {"scenario": "japan-2026", "months": 36, "over_compliance": [0.0, 0.5], "seed": [1, 2]}
    rows = mesa.batch_run(World, asked, display_progress=False)
    table = pd.DataFrame(rows)[
        ["over_compliance", "seed", "month", "price_dysprosium_oxide", "output_of_plan", "alarm"]
    ]
    print(table.to_string(index=False))
