"""Look at the agents: who they are, what they hold, whom they buy from, and how one decision of one
firm is made.

python examples/mesa/agents.py
"""

from coercivity import Processor, World

world = World("japan-2026", seed=7, licence_clock_months=4)
world.run_for(2)

for kind, agents in world.agents_by_type.items():
    print(f"{kind.__name__:12} {len(agents)}")

lynas = world.agents_by_type[Processor].select(lambda firm: firm.name.startswith("Lynas"))[0]
print(f"\n{lynas.name} in {lynas.state_name}: {lynas.process_name}, margin {lynas.margin:+.0%}")
for good, tonnes in lynas.stock.items():
    print(f"  {good:22} {tonnes:8.1f} t in stock, asks {lynas.price[good]:8.2f} USD/kg")
for mine, share in lynas.suppliers("light_concentrate").items():
    print(f"  buys {share:.0%} of its ore from {mine.name}")

twin = world.fork().firm(lynas.name)  # a decision called by hand changes its world: on a fork
twin.margin = -0.9  # what if it lost nearly all that it costs to run?
twin.plan_run()
print(f"\nwith a margin of -90% it would run {twin.wish:.0f} t a month, not {lynas.wish:.0f}")

japan = world.government("Japan")
view = japan.look()
print(f"Japan sees a loss of {view.loss_share_12:.3%} of GDP in a year, and months of cover:")
print({good: round(months, 1) for good, months in view.cover.items()})
