"""What each table of ``model/data`` is, in a sentence, and what the columns hold that mean the same
in all of them. Everything else of a table is declared in ``model/basis/table_specs.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "act_words": "Plain words for the kinds of act of a scenario and for their fields.",
        "actors": "Whom the model takes an actor of the timeline for: a government, or nobody.",
        "assumptions": "The rules behind rows of confidence `assumed`, and on what each rests.",
        "bounds": "Totals of later years that no parameter vector may miss by much.",
        "capability": "What China's law lets it do with exports, step by step.",
        "capex": "What a plant costs to build, by process and place.",
        "choke": "Price at which users stop buying a good.",
        "claims": "Claims about export controls, each with the test that the model puts it to.",
        "collection": "Parameter vectors drawn from what the record leaves.",
        "content": "Tonnes of each element in a tonne of a good.",
        "conversion_cost": "What a process costs beside its inputs, by place.",
        "counter_leverage": "How hard a government could strike back outside of this trade.",
        "cover": "Months of use that firms hold in stock.",
        "demand_cases": "Cases of faster demand that a scenario may ask for.",
        "elements": "Elements whose tonnes balance.",
        "end_use": "What end users of a state and sector use in a year.",
        "evidence": "Targets of the record that the model is judged by.",
        "firms": "Firms with a name, and their share of a process in a state.",
        "gdp": "Gross domestic product.",
        "goods": "The goods of the chain: stage, pricing, shelf, qualification.",
        "governments": "Governments: capability to coerce, and costs of giving way.",
        "groups": "Goods that an act may name together.",
        "growth": "Growth of end use by sector and region.",
        "hazard_test": "When the link from triggers to measures counts as reproduced.",
        "headings": "Goods and their headings in the Harmonized System.",
        "headlines": "The headline numbers of a run: label, formula in words, unit.",
        "instruments": "Instruments of coercion and what each one does.",
        "integrated": "Plants that feed on a mine of the same owner.",
        "lanes": "Days of freight between regions.",
        "levers": "Levers of the policy lab.",
        "licence_outcomes": "What earlier export licensing did to China's exports.",
        "licence_practice": "How the licensing office works: what acts prescribe, what it did.",
        "multipliers": "Output of all sectors for a unit of output of one.",
        "options": "Plants that could be built.",
        "parameters": "Every number of behaviour: value, range, source, status.",
        "parts": "How many parts of a good a product's line waits for.",
        "pits": "The most that can be dug in a state.",
        "plants": "What is known of plants; no rule reads it.",
        "price_level": "Level of prices, by which values of different years are compared.",
        "prices_start": "Prices at the start, by market.",
        "processes": "Processes, their stages, and what of them is controlled.",
        "projects": "Plants that are planned at the start.",
        "recipes": "What processes take in and put out, tonnes a tonne of run.",
        "record": "What is on record of the episodes, month by month or year by year.",
        "sectors": "Sectors of end users.",
        "stage_output": "What each state makes at each stage at the start.",
        "starts": "Months in which a world may begin.",
        "states": "States, their government and region.",
        "targets_start": "Facts that the start of the model is set against.",
        "timeline": "Acts, signals and events of the dispute, as published.",
        "trade_prior": "Shares in what a state buys of a good, by origin.",
        "triggers": "Political incidents, and what answered them.",
        "value_added": "Value added of the sectors that use the goods.",
    }
)
COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "source": "the document that the row rests on, in words",
        "url": "where it was read",
        "confidence": (
            "high: an official or primary source, read; medium: a reputable secondary source, or "
            "simple arithmetic on a primary one; low: one item of trade press; recall: known, but "
            "not confirmed; assumed: an assumption of the project, the note says on what it rests"
        ),
        "note": "what else is to be known of the row",
        "start": "month in which a world that reads the row begins",
    }
)
# What the name of a column of numbers says of its unit: the first of these that stands in it
UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "usd_per_kg": "USD/kg",
        "usd_per_t_year": "USD per t/year",
        "usd_bn": "USD bn",
        "usd_m": "USD million",
        "tonnes_per_year": "t/year",
        "tonnes": "t",
        "per_year": "1/year",
        "months": "months",
        "days": "days",
    }
)


def unit_of(column: str) -> str:
    """The unit that the name of a column of numbers says; empty where it says none."""
    words = f"_{column}_"
    return next((unit for said, unit in UNITS.items() if f"_{said}_" in words), "")
