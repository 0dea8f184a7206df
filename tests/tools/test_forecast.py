"""The page of what came after 2024: judged once, and told as it was judged."""

from __future__ import annotations

import json

import pytest

from tools.docs import forecast


def test_the_page_is_what_was_judged() -> None:
    judged = json.loads(forecast.JUDGED.read_text(encoding="utf-8"))
    assert forecast.page(judged) == forecast.PAGE.read_text(encoding="utf-8")
    assert {len(rows) for rows in judged["rows"].values()} == {43}


def test_what_was_judged_is_not_judged_again(capsys: pytest.CaptureFixture[str]) -> None:
    before = forecast.JUDGED.read_bytes()
    assert forecast.main(["--freeze", "anything.json"]) == 1
    assert "once" in capsys.readouterr().out
    assert forecast.JUDGED.read_bytes() == before


def test_a_series_has_one_vote() -> None:
    rows = [
        {"episode": "a", "quantity": "price_home", "state": "", "partner": "", "good": good}
        | {"error": error, "naive": {"no_change": None}}
        for good, error in (("dy", 1.0), ("dy", 3.0), ("tb", 5.0))
    ]
    assert sorted(forecast.votes(rows)["prices"].values()) == [2.0, 5.0]
    assert forecast.votes(rows, "no_change") == {}
