"""Dated acts and shocks: what a scenario may script, and the checks that make a mistake cost one
line.

Only published legal acts and announcements belong in a scenario; what follows from them (refusals,
delays, prices)
is for the model to find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import STAGES, WORLD
from coercivity.model.scenario.act_fields import Field as Field


@dataclass(frozen=True)
class Kind:
    """A kind of event: what it does, its own fields, and which common fields it takes."""

    description: str
    fields: Mapping[str, Field]
    goods: str  # the group that stands when goods are not given; empty: the kind has no goods
    targets: str  # the target that stands when targets are not given; empty: they must be given
    actor: bool
    end: bool  # whether an end must be given
    towards: bool  # whether it is aimed at other states


def _kind(
    description: str,
    /,
    goods: str = "",
    targets: str = WORLD,
    actor: bool = True,
    end: bool = False,
    towards: bool = True,
    **fields: Field,
) -> Kind:
    return Kind(description, MappingProxyType(fields), goods, targets, actor, end, towards)


def _for_plants(description: str, hosts: Field, /, **fields: Field) -> Kind:
    """A kind of public support for plants of some stages."""
    common = {"budget": _BUDGET, "stages": _STAGES, "hosts": hosts, "firm": _PLANTS_OF}
    return Kind(description, MappingProxyType(common | fields), "", WORLD, True, False, False)


_SHARE: Final = Field("number", high=1.0, required=True)
# what is pleaded at the WTO; empty: what the sender's laws allow
_FRAMING: Final = Field("choice", ("security", "conservation"), default="")
# calendar days of review by law; empty: licence_clock_months
_CLOCK: Final = Field("number", low=1.0, high=730.0, default="")
_RATE: Final = Field("number", high=2.0, required=True)
_LOSS: Final = Field("number", high=1.0, default=1.0)
_BUDGET: Final = Field("number", required=True)  # USD million, from date to end
_STAGES: Final = Field("names", STAGES[:-1], default=("separation",))
# only plants whose name begins with this word or these words; empty: all in the hosts
_PLANTS_OF: Final = Field("text", default="")
_CAPEX_SHARE: Final = Field("number", high=1.0, default=0.3)
# a firm by name, with all its plants; empty: all firms of the states
_FIRM: Final = Field("text", default="")
# what a firm may build
_BUILT: Final = (
    "make_magnet_standard",
    "make_magnet_heat_resistant",
    "separate_heavy",
    "separate_light",
    "make_metal",
)


@cached_by_facts
def kinds_of(facts: Facts) -> Mapping[str, Kind]:
    """The kinds of events by name, where these are the facts."""
    state = Field("choice", facts.states, required=True)
    # where the supported plants stand; none named: at home and with coalition partners
    hosts = Field("names", facts.states, default=())
    sector_names = Field("names", facts.sectors, required=True)
    firm_states = Field("names", facts.states, default=("Japan",))
    return MappingProxyType(
        {
            "quota": _kind(
                "at most so many tonnes may leave from date to end",
                "raw_materials",
                end=True,
                tonnes=Field("number", required=True),
            ),
            "export_duty": _kind(
                "a tax on exports, as a share of the price", "raw_materials", rate=_RATE
            ),
            "import_tariff": _kind(
                "a tax on imports from the targets, as a share of the price", "all", rate=_RATE
            ),
            "licensing": _kind(
                "each shipment needs a licence: delay, not denial",
                "controlled_2025",
                framing=_FRAMING,
                days=_CLOCK,
            ),
            "dual_use_ban": _kind(
                "military users and uses barred, civilian ones free on paper", "controlled_2025"
            ),
            "entity_list": _kind(
                "named firms barred (control) or checked harder (watch); share: of the firms "
                "in those sectors",
                "controlled_2025",
                share=_SHARE,
                sectors=Field("names", facts.sectors, default=facts.sectors),
                list=Field("choice", ("control", "watch"), default="control"),
            ),
            "blanket_ban": _kind(
                "nothing of these goods may go to the targets", "all", framing=_FRAMING
            ),
            "cut": _kind(
                "a share of what went to the targets in a mean month of the year before may not go",
                "raw_materials",
                share=_SHARE,
                framing=_FRAMING,
            ),
            "customs_halt": _kind(
                "an unannounced stop at the border: goods wait at the port", "raw_materials"
            ),
            "technology_ban": _kind("know-how and machinery for the trade may not leave"),
            "extraterritorial": _kind(
                "goods made abroad with these goods need a licence too", "controlled_2025"
            ),
            "general_licence": _kind(
                "one licence for many shipments to known customers", "controlled_2025"
            ),
            "suspension": _kind(
                "an earlier act does not apply from date to end", of=Field("id", required=True)
            ),
            "truce": _kind("both sides hold back; licences move faster", targets=""),
            "remark": _kind(
                "a public remark that sours relations",
                severity=Field("number", high=1.0, default=0.3),
            ),
            "threat": _kind(
                "a threat to cut supply", severity=Field("number", high=1.0, default=0.5)
            ),
            "review": _kind(
                "an official inquiry or consultation that may lead to a measure",
                severity=Field("number", high=1.0, default=0.4),
            ),
            "trigger": _kind(
                "a political incident, or an act outside this trade, that sours relations",
                targets="",
                severity=Field("number", high=1.0, default=0.5),
                issue=Field("choice", ("sovereignty", "technology", "trade"), default="trade"),
            ),
            "breach": _kind(
                "the actor breaks its word to the targets",
                targets="",
                severity=Field("number", high=1.0, default=0.5),
            ),
            "concession": _kind("the actor gives way to what the targets demand", targets=""),
            "dispute": _kind(
                "a case at the WTO against an earlier act",
                targets="",
                of=Field("id", required=True),
            ),
            "grant": _for_plants(
                "public money that need not come back, for plants", hosts, share=_CAPEX_SHARE
            ),
            "loan": _for_plants(
                "cheap public loans for plants",
                hosts,
                share=Field("number", high=1.0, default=0.5),
                rate=Field("number", high=0.15, default=0.03),
            ),
            "equity": _for_plants("public shares in plants", hosts, share=_CAPEX_SHARE),
            "tax_credit": _for_plants(
                "a part of production cost, paid back",
                hosts,
                rate=Field("number", high=0.5, default=0.1),
            ),
            "price_floor": _kind(
                "a contract for difference: the state pays up to the floor, and shares what is "
                "above the ceiling",
                towards=False,
                budget=_BUDGET,
                good=Field("choice", facts.good_groups["oxides"], default="ndpr_oxide"),
                floor=Field("number", required=True),
                hosts=hosts,
                firm=_PLANTS_OF,
                ceiling=Field("number", default=150.0),
                upside=Field("number", high=1.0, default=0.3),
            ),
            "offtake": _kind(
                "the state buys what stays unsold, up to so many tonnes a year",
                "oxides",
                towards=False,
                budget=_BUDGET,
                hosts=hosts,
                firm=_PLANTS_OF,
                tonnes=Field("number", required=True),
            ),
            "stockpile": _kind(
                "the state holds so many months of its firms' use",
                "heavy_oxides",
                towards=False,
                budget=_BUDGET,
                cover=Field("number", high=24.0, default=2.0),
            ),
            "coalition": _kind(
                "states pool their support and open it to each other's plants",
                towards=False,
                members=Field("names", facts.governments, required=True),
                outside=Field("names", facts.governments, default=()),
            ),
            "ore_in_quota": _kind(
                "imported ore counts against the exporter's quota of separation, as mined ore does",
                towards=False,
            ),
            "supply_order": _kind(
                "the state orders that output without a quota ends: this part of it; who holds "
                "goods believes more of it than is done",
                towards=False,
                size=_SHARE,
            ),
            "sales_end": _kind(
                "sellers of a state sell these goods no more to other states, by their own "
                "contracts: no government acts",
                "raw_materials",
                actor=False,
                state=state,
                to=Field("names", facts.states, required=True),
            ),
            "demand_case": _kind(
                "end use grows faster from date to end, by so much a year",
                actor=False,
                sectors=sector_names,
                growth=Field("number", high=2.0, required=True),
                states=Field("names", facts.states, default=facts.states),
            ),
            "firm_stock": _kind(
                "firms hold so many more months of stock than is their habit",
                actor=False,
                firm=_FIRM,
                states=firm_states,
                cover=Field("number", high=24.0, required=True),
            ),
            "firm_supplier": _kind(
                "firms turn away from a state's sellers: this share of their pull is gone",
                actor=False,
                firm=_FIRM,
                states=firm_states,
                away_from=Field("choice", facts.states, default="China"),
                strength=_SHARE,
            ),
            "firm_build": _kind(
                "a firm begins a planned plant, or enlarges one where none is left; share: "
                "of the planned size",
                actor=False,
                firm=_FIRM,
                state=state,
                process=Field("choice", _BUILT, required=True),
                share=Field("number", low=0.1, high=1.0, default=1.0),
            ),
            "mine_closure": _kind(
                "mines stop: this share of the output of a good in a state",
                actor=False,
                state=state,
                good=Field("choice", ("light_concentrate", "heavy_concentrate"), required=True),
                share=_LOSS,
            ),
            "plant_fire": _kind(
                "plants stop: this share of the capacity of a process or sector in a state",
                actor=False,
                state=state,
                process=Field("choice", (*facts.processes, *facts.sectors), required=True),
                share=_LOSS,
            ),
        }
    )
