"""The names that everything else uses: states, governments, goods, elements, stages, sectors,
processes, mechanisms.

Order matters: columns of arrays, rows of tables and colours of charts follow these tuples. Nothing
here has a
value or a behaviour; coefficients and totals live in ``model/data``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.inputs import is_name

STATES: Final[tuple[str, ...]] = (
    "China",
    "Japan",
    "United States",
    "Germany",
    "France",
    "Rest of EU",
    "United Kingdom",
    "South Korea",
    "Taiwan",
    "India",
    "Australia",
    "Malaysia",
    "Vietnam",
    "Thailand",
    "Myanmar",
    "Brazil",
    "Canada",
    "Russia",
    "Rest of world",
)

EU: Final = "EU"
WORLD: Final = "World"
EU_STATES: Final[tuple[str, ...]] = ("Germany", "France", "Rest of EU")

# A state is a place, a government decides; the European Union decides for its members. Order of
# first appearance.
GOVERNMENTS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(EU if state in EU_STATES else state for state in STATES)
)

STAGES: Final[tuple[str, ...]] = ("mining", "separation", "metal", "magnet", "assembly", "end_use")

ELEMENTS: Final[tuple[str, ...]] = ("La", "Ce", "NdPr", "SEG", "Dy", "Tb", "Y")

_GOODS: Final = (  # good, stage that makes it, description
    (
        "light_concentrate",
        "mining",
        "concentrate of light ores (bastnaesite, monazite), t of rare-earth oxide",
    ),
    (
        "heavy_concentrate",
        "mining",
        "concentrate of ionic clays, rich in Dy, Tb and Y, t of rare-earth oxide",
    ),
    ("lanthanum_oxide", "separation", "separated lanthanum oxide"),
    ("cerium_oxide", "separation", "separated cerium oxide"),
    ("ndpr_oxide", "separation", "separated neodymium-praseodymium oxide, the magnet light oxide"),
    ("seg_oxide", "separation", "separated samarium, europium and gadolinium oxides"),
    (
        "dysprosium_oxide",
        "separation",
        "separated dysprosium oxide, which keeps a magnet strong when hot",
    ),
    ("terbium_oxide", "separation", "separated terbium oxide, stronger and dearer than dysprosium"),
    ("yttrium_oxide", "separation", "separated yttrium oxide, for ceramics, coatings and lasers"),
    ("ndpr_metal", "metal", "neodymium-praseodymium metal and alloys"),
    ("magnet_standard", "magnet", "neodymium-iron-boron magnet without heavy rare earths"),
    ("magnet_heat_resistant", "magnet", "neodymium-iron-boron magnet with dysprosium or terbium"),
    ("magnet_smco", "magnet", "samarium-cobalt magnet"),
    (
        "motor_standard",
        "assembly",
        "motor or assembly with standard magnets, t of contained magnet",
    ),
    (
        "motor_heat_resistant",
        "assembly",
        "motor or assembly with heat-resistant magnets, t of contained magnet",
    ),
)
GOODS: Final[tuple[str, ...]] = tuple(good for good, _, _ in _GOODS)
GOOD_STAGE: Final = MappingProxyType({good: stage for good, stage, _ in _GOODS})

_OXIDES: Final = tuple(good for good in GOODS if good.endswith("_oxide"))
_MAGNETS: Final = tuple(good for good in GOODS if good.startswith("magnet_"))
_HEAVY: Final = ("seg_oxide", "dysprosium_oxide", "terbium_oxide", "yttrium_oxide")
_HOT: Final = "magnet_heat_resistant"

# Short words that may stand wherever goods are listed.
GOOD_GROUPS: Final = MappingProxyType(
    {
        "all": GOODS,
        "raw_materials": tuple(
            good for good in GOODS if GOOD_STAGE[good] in ("mining", "separation", "metal")
        ),
        "oxides": _OXIDES,
        "light_oxides": tuple(good for good in _OXIDES if good not in _HEAVY),
        "heavy_oxides": _HEAVY,
        "metals": ("ndpr_metal",),
        "magnets": _MAGNETS,
        "motors": ("motor_standard", "motor_heat_resistant"),
        "controlled_2025": (*_HEAVY, "magnet_heat_resistant", "magnet_smco"),
        # by element, with the magnets that contain it, as MOFCOM announcement 18/2025 lists them
        "neodymium": ("ndpr_oxide", "ndpr_metal", "magnet_standard", _HOT),
        "samarium": ("seg_oxide", "magnet_smco"),
        "dysprosium": ("dysprosium_oxide", _HOT),
        "terbium": ("terbium_oxide", _HOT),
        "dysprosium_terbium": ("dysprosium_oxide", "terbium_oxide", _HOT),
    }
)

_SECTORS: Final = (
    (
        "automotive",
        "cars and their small motors, sensors and steering, without the electric drivetrain",
    ),
    ("ev_drivetrains", "traction motors of electric and hybrid vehicles"),
    ("wind", "wind-turbine generators"),
    ("electronics", "phones, drives, speakers, servers and other electronics"),
    ("industrial", "industrial motors, machine tools and robots"),
    ("appliances", "air conditioners, refrigerators and other appliances"),
    ("aerospace_defence", "aircraft, missiles, radars, submarines and satellites"),
    (
        "semiconductors_ceramics",
        "chip tools, capacitors, thermal coatings, lasers and technical ceramics",
    ),
    ("catalysts_glass", "cracking and exhaust catalysts, glass, polishing powders, phosphors"),
)
SECTORS: Final[tuple[str, ...]] = tuple(sector for sector, _ in _SECTORS)

_PROCESSES: Final = (
    ("mine_light", "mining", "mine and concentrate light ore"),
    ("mine_heavy", "mining", "leach ionic clay"),
    ("separate_light", "separation", "separate light concentrate into oxides"),
    ("separate_heavy", "separation", "separate heavy concentrate into oxides"),
    ("make_metal", "metal", "reduce NdPr oxide to metal and alloy"),
    ("make_magnet_standard", "magnet", "make standard magnets"),
    ("make_magnet_heat_resistant", "magnet", "make heat-resistant magnets"),
    ("make_magnet_smco", "magnet", "make samarium-cobalt magnets"),
    ("make_motor_standard", "assembly", "assemble standard magnets into motors"),
    ("make_motor_heat_resistant", "assembly", "assemble heat-resistant magnets into motors"),
)
PROCESSES: Final[tuple[str, ...]] = tuple(
    process for process, _, _ in _PROCESSES
)  # end use is named by its sector
PROCESS_STAGE: Final = MappingProxyType({process: stage for process, stage, _ in _PROCESSES})

_MECHANISMS: Final = (
    ("M1", "production: fixed proportions, losses, utilisation, ramp-up"),
    ("M2", "stocks and orders: order up to a target cover that rises with perceived risk"),
    ("M3", "sourcing: suppliers chosen on cost, risk and relationship; qualification takes time"),
    ("M4", "rationing: home, contract and strategic customers first"),
    ("M5", "prices: posted by sellers, home and export prices part when a border binds"),
    ("M6", "export controls: quotas, duties, licensing, bans, lists, suspensions"),
    ("M7", "signals: remarks, threats and reviews move beliefs before anything binds"),
    ("M8", "leakage: third countries, assemblies, smuggling, enforcement"),
    ("M9", "capacity and place: where and when plants are built, mothballed, restarted"),
    ("M10", "friend-shoring: grants, loans, price floors, offtake, stockpiles, tariffs"),
    ("M11", "adaptation in use: thrifting, substitution, innovation, recycling"),
    ("M12", "geopolitics: tension, triggers, escalation, bargaining, memory"),
    ("M13", "the exporter's supply policy: production quotas, state purchases, illegal mining"),
    ("M14", "macroeconomy: stopped lines, cost paid, output made up later"),
    ("M15", "demand: growth and noise by sector and state"),
    ("M16", "shocks: mine closure, war at the mine, plant fire"),
)
MECHANISMS: Final[tuple[str, ...]] = tuple(mechanism for mechanism, _ in _MECHANISMS)
Switches = Mapping[str, bool]  # by mechanism: whether it acts

STARTS: Final[tuple[str, ...]] = ("2009-01", "2024-01")

# One line on every name that needs one, for help texts, tooltips and the reference page.
DESCRIPTIONS: Final = MappingProxyType(
    {
        **{good: text for good, _, text in _GOODS},
        **dict(_SECTORS),
        **{process: text for process, _, text in _PROCESSES},
        **dict(_MECHANISMS),
        "mining": "ore to concentrate",
        "separation": "concentrate to separated oxides",
        "metal": "oxide to metal and alloy",
        "magnet": "metal and heavy oxides to magnets",
        "assembly": "magnets to motors and assemblies",
        "end_use": "what contains them: vehicles, turbines, chips",
    }
)


def government_of(state: str) -> str:
    """Return the government that decides for *state* (EU for Germany, France and Rest of EU).
    Raises InputError if unknown.
    """
    if not is_name(state, STATES):
        raise InputError(f"state '{shorten(state)}' is not known; {suggest(state, STATES)}")
    return EU if state in EU_STATES else state


# Kinds of acts that are over once they have happened: never in force, so they have no end and there
# is nothing to stop.
MOMENTS: Final[tuple[str, ...]] = (
    "remark",
    "threat",
    "review",
    "trigger",
    "concession",
    "breach",
    "firm_build",
)


def states_of(target: str, actor: str = "") -> tuple[str, ...]:
    """Return the states that *target* stands for: a state, a government, or "World", which is
    everyone but *actor*.

    Raises InputError for a name that is none of these.
    """
    if target == WORLD:
        own = states_of(actor) if actor else ()
        return tuple(state for state in STATES if state not in own)
    if target == EU:
        return EU_STATES
    if is_name(target, STATES):
        return (target,)
    raise InputError(
        f"target '{shorten(target)}' is not known; {suggest(target, (*STATES, EU, WORLD))}"
    )


def expand_goods(names: str | Iterable[str]) -> tuple[str, ...]:
    """Return goods for *names*, which may be goods or groups, each once and in the order of GOODS.
    Raises InputError if unknown.
    """
    wanted: set[str] = set()
    for name in names if isinstance(names, Iterable) and not isinstance(names, str) else (names,):
        if is_name(name, GOOD_GROUPS):
            wanted.update(GOOD_GROUPS[name])
        elif is_name(name, GOODS):
            wanted.add(name)
        else:
            raise InputError(
                f"good '{shorten(name)}' is not known; {suggest(name, (*GOODS, *GOOD_GROUPS))}"
            )
    return tuple(good for good in GOODS if good in wanted)
