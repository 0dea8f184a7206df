"""The border of the class game: what it takes of the library and of the studio, and who may know
that it is there.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Final

from tests.source_tree import modules, nodes, where
from tests.test_house import imports

CLASS: Final = "viz.classroom"
# name by name, by module below coercivity ("": the front door); the list only shrinks
TAKES: Final = {
    "": "__version__ InputError Scenario",
    "experiments.findings.lab_answers": "LEAST",
    "experiments.lab.histories": "PairedDifference paired_difference band_of DRAWS Range range_of",
    "experiments.lab.recorded_run": "RecordedRun run_recorded",
    "experiments.worlds.atomic": "push remove_strays write_whole",
    "experiments.worlds.spreadsheet_cells": "text_cell",
    "experiments.worlds.idle_at_start": "FEWEST_PAIRS",
    "model.basis.calendar": "day_at days_in_month month_index month_name month_names",
    "model.basis.csv_tables": "Table read_table",
    "model.basis.errors": "Phrase shorten suggest",
    "model.basis.facts": "Facts load_table",
    "model.basis.inputs": "without_controls",
    "model.basis.luck": "check_seed read_seeds uniforms",
    "model.basis.fixed_names": "STAGES",
    "model.basis.name_specs": "TAIL",
    "model.basis.table_columns": "Column Spec number",
    "model.parts.ledger": "Happening",
    "model.results.event_tables": "STOP_THRESHOLD words",
    "model.scenario.scenario": "load_shipped scenario_from_dict",
    "viz.documents.briefing_charts": "in_page has_words_beside",
    "viz.documents.briefing_pdf": "drawn_charts",
    "viz.page_data.door_data": "rows_of shares",
    "viz.documents.download": "ARCHIVE archive pack_file",
    "viz.page_data.map_data": "largest_flows",
    "viz.documents.paper_layout": "Block Paper paper_pdf",
    "viz.documents.pdf_parts": "fit_to_pages PDF Sheet",
    "viz.documents.slide_parts": "Deck Paragraphs",
    "viz.screens.hooks": "Answer connection_check use_job when_done",
    "viz.screens.streamed_answers": "ask_all use_many",
    "viz.screens.session_state": "with_language",
    "viz.screens.template": "say_failed template call_with_reason",
    "viz.server": "lab_jobs answer_cache",
    "viz.server.phone_addresses": "reach",
    "viz.server.worker_pool": "LEVER",
    "viz.server.partial_answers": "check_wanted",
    "viz.server.visitor": "UNKNOWN visitor",
    "viz.words.briefing": "Chart LIMITS",
    "viz.words.chart_words": "LICENCE",
    "viz.words.dates": "date_in_words span_in_words",
    "viz.words.door_text": "short_source",
    "viz.words.event_phrases": (
        "A_PLANT Teller actor_in_words good_in_words is_said kind_in_words told_in_words with_name"
    ),
    "viz.words.fact_names": "number percent",
    "viz.words.firm_names": "firm_name is_unnamed with_firm_names",
    "viz.words.lab_cards": "paired_difference_words",
    "viz.words.language": (
        "join_names language languages list_names Name noted numeral say says semicolons SOURCE speaking "
        "join_sentences"
    ),
    "viz.words.money": "millions",
    "viz.words.names": "in_sentence named_in_sentence readable_text",
    "viz.words.ensemble_position_text": "exact_number lies_in",
    "viz.words.range_text": "range_ends_words written_ends plain_number range_in_words round_outward number_in_words",
    "viz.words.refusals": "field_of_page_in_words refusal_in_words say_fields",
}
# the app's list of pages, the server of rooms and rehearsals, two commands
MAY_KNOW: Final = {"viz.app", "viz.serve", "lessons", "rooms"}
FLOORS: Final = ("engine", "words", "lessons", "rooms", "pages")  # the ground first


def test_the_class_takes_what_the_list_says() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for name, path in modules().items():
        for node in nodes(path, ast.ImportFrom) if name.startswith(CLASS) else ():
            first, _, module = (node.module or "").partition(".")
            if first == "coercivity" and not module.startswith(CLASS):
                found[module] |= {alias.name for alias in node.names}
    assert found == {module: set(names.split()) for module, names in TAKES.items()}


def floor(name: str) -> int:
    """The floor of a module of the class; of others, and of the class itself, -1."""
    here = name.removeprefix(f"{CLASS}.").partition(".")[0]
    return FLOORS.index(here) if name.startswith(CLASS) and here in FLOORS else -1


def test_few_know_of_the_class_and_each_floor_rests_on_those_below() -> None:
    wrong = [
        where(path, line, f"{name} imports {other}")
        for name, path in modules().items()
        if name not in MAY_KNOW
        for other, line in imports(name).items()
        if other.startswith(CLASS) and floor(other) > floor(name)
    ]
    assert not wrong, "\n".join(wrong)
