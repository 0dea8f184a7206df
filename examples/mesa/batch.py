"""Mesa's batch_run over parameters and seeds. It returns the headlines of each run's last month.

    python examples/mesa/batch.py

Name seeds by `rng`, which every Mesa passes on; Mesa 3.5 drops a parameter `seed`. Without seeds,
`iterations=3` runs the seeds 1, 2 and 3.

For 100,000 parameter sets use a sweep (docs/sweeps.md): it survives kills, shares work over a
cluster and keeps what is done.
"""

import mesa
import pandas as pd

from coercivity import World

if __name__ == "__main__":
    asked = {"scenario": "japan-2026", "months": 12, "over_compliance": [0.0, 0.5], "rng": [1, 2]}
    rows = mesa.batch_run(World, asked, display_progress=False)
    table = pd.DataFrame(rows)[
        ["over_compliance", "rng", "month", "price_dysprosium_oxide", "output_of_plan", "alarm"]
    ]
    print(table.to_string(index=False))
