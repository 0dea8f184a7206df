"""What is computed while nobody asks: in order of likelihood, once, and never in a visitor's way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coercivity.experiments.lab.histories import DRAWS
from coercivity.experiments.lab.levers import lever_table, stops_near
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.basis.errors import InputError
from coercivity.viz.server import answer_cache, lab_jobs, precompute
from coercivity.viz.server.worker_pool import GUESS


class Server:
    """An engine that answers when the test says so, and time that passes when somebody waits."""

    def __init__(self) -> None:
        self.asked, self.at_rest, self.workers = 0, True, 1
        self.questions: list[tuple[tuple[Any, ...], Future[bytes]]] = []
        self.passed = 0.0
        self.plan: Iterator[Any] = iter(())

    def ask(self, function: Any, *question: Any, priority: int) -> Future[bytes]:
        assert (function, priority) == (lab_jobs.draw, GUESS)
        self.asked += 1
        self.questions.append((question, Future()))
        return self.questions[-1][1]

    def wait(self, seconds: float) -> bool:
        """The next step of the plan; the server ends with it."""
        self.passed += seconds
        step = next(self.plan, "end")
        if step == "answer":
            next(future for _, future in self.questions if not future.done()).set_result(b"")
        elif step == "fail":
            next(future for _, future in self.questions if not future.done()).set_exception(
                RuntimeError("one of them")
            )
        elif step == "visitor":
            self.asked += 1
        return bool(step == "end")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(lab_jobs, "is_stored", lambda *question: False)
    monkeypatch.setattr(answer_cache, "clear_old", lambda: None)
    return Server()


QUIET = ["quiet"] * round(precompute.QUIET / precompute.LOOK + 1)


def run(server: Server, *plan: str) -> list[tuple[Any, ...]]:
    server.plan = iter(plan)
    precompute.Precompute(server, server.wait).run()  # type: ignore[arg-type]
    return [question for question, _ in server.questions]


def test_what_is_likeliest_to_be_asked_comes_first() -> None:
    asked = list(islice(precompute.questions(), 40 + 11 * DRAWS))
    assert asked[0][0] == LabSetting().base()
    assert asked[DRAWS][0] == LabSetting().asked()
    assert [one[2] for one in asked[:DRAWS]] == list(range(DRAWS))
    lever = lever_table()[0]
    nearest = check_setting(levers={lever.id: stops_near(lever, lever.rest)[0]})
    assert asked[2 * DRAWS][0] == nearest.asked()
    levers = {one[0] for one in asked[2 * DRAWS :: DRAWS]}
    assert len(levers) == 11  # each lever once before any comes again
    assert all(one[-1] is False for one in asked)  # to their end


def stocks(state: str) -> list[Any]:
    """The levers of stocks of a state: as good as any, and few."""
    return [one for one in lever_table(state) if one.id.endswith(("stock", "stockpile"))]


def test_every_stop_is_asked_once_the_state_of_the_lab_first_and_others_at_rest_before_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precompute, "OTHERS", precompute.OTHERS[:2])
    monkeypatch.setattr(precompute, "lever_table", stocks)
    every = list(precompute.questions(every=True))[::DRAWS]
    asked = [(one[0].fingerprint(), one[3]) for one in every]
    assert len(set(asked)) == len(asked)
    for state in ("Japan", *precompute.OTHERS):
        stops = sum(len(stops_near(lever, lever.rest)) for lever in stocks(state))
        of_state = [one for one in asked if one[1] == state]
        assert 2 + 0.8 * stops <= len(of_state) <= 2 + stops
    states = [state for _, state in asked]
    first = states.index(precompute.OTHERS[0])
    assert set(states[:first]) == {"Japan"}
    assert "Japan" not in states[first:]
    assert states[first : first + 4] == [
        one for state in precompute.OTHERS for one in (state, state)
    ]


def test_questions_wait_until_nobody_asks_and_then_follow_each_other(server: Server) -> None:
    asked = run(server, *QUIET, "answer", "quiet", "answer", "answer")
    assert asked == list(islice(precompute.questions(), 5))
    assert [future.done() for _, future in server.questions] == [True] * 3 + [False] * 2
    assert server.passed == pytest.approx(len(QUIET) * precompute.LOOK + 5 * precompute.LOOK / 10)


def test_of_other_states_no_lever_is_moved_unless_that_is_wished(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_others = [one for one in precompute.questions() if one[3] != "Japan"]
    assert len(of_others) == 2 * DRAWS * len(precompute.OTHERS)
    wished: list[bool] = []
    monkeypatch.setattr(precompute, "questions", lambda every: iter(wished.append(every) or ()))
    run(server)
    monkeypatch.setenv(precompute.SWITCH, "all")
    run(server)
    assert wished == [False, True]


def test_a_full_queue_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    full, ask = [True], server.ask

    def refusing(function: Any, *question: Any, priority: int) -> Any:
        if full.pop() if full else False:
            server.asked += 1
            raise InputError("the server has too much to do just now", "try again in a minute")
        return ask(function, *question, priority=priority)

    monkeypatch.setattr(server, "ask", refusing)
    assert run(server, *QUIET, "quiet", *QUIET) == list(islice(precompute.questions(), 2))


def test_a_visitor_is_waited_for(server: Server) -> None:
    assert run(server, *QUIET[:-1], "visitor", *QUIET[:-2], "visitor", *QUIET[:-2]) == []


def test_a_visitor_who_comes_meanwhile_gets_the_worker(server: Server) -> None:
    asked = run(server, *QUIET, "visitor", *QUIET)
    assert set(asked[:2]) == set(asked[2:4])  # they are asked again when he has gone
    assert all(future.cancelled() for _, future in server.questions[:2])


def test_a_class_at_play_gets_the_workers_whether_it_asks_or_not(server: Server) -> None:
    plays = True
    server.plan = iter([*QUIET, *QUIET])
    precompute.Precompute(server, server.wait, lambda: plays).run()  # type: ignore[arg-type]
    assert server.questions == []
    plays = False
    assert len(run(server, *QUIET)) == 2
    server.questions, plays = [], True
    looks = iter([False] * (len(QUIET) + 1))
    server.plan = iter([*QUIET, *QUIET])
    precompute.Precompute(server, server.wait, lambda: next(looks, True)).run()  # type: ignore[arg-type]
    assert len(server.questions) == 2
    assert all(future.cancelled() for _, future in server.questions)


def test_what_is_kept_is_not_asked_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    known = set(islice(precompute.questions(), 3))
    monkeypatch.setattr(lab_jobs, "is_stored", lambda *question: question in known)
    assert run(server, *QUIET) == list(islice(precompute.questions(), 3, 5))


def test_a_fault_ends_it_and_nothing_else(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*question: Any) -> bool:
        raise OSError("no disk")

    monkeypatch.setattr(lab_jobs, "is_stored", broken)
    assert run(server, *QUIET) == []
    assert "nothing more is computed ahead" in caplog.text


@pytest.mark.parametrize("where", ["off", "nowhere kept"])
def test_it_can_be_switched_off(
    server: Server, monkeypatch: pytest.MonkeyPatch, where: str, tmp_path: Path
) -> None:
    if where == "off":
        monkeypatch.setenv(precompute.SWITCH, "off")
        monkeypatch.setattr(answer_cache, "place", lambda: tmp_path)
    else:
        monkeypatch.delenv(precompute.SWITCH, raising=False)
        monkeypatch.setattr(answer_cache, "place", lambda: None)
    begun: list[Any] = []
    monkeypatch.setattr(precompute.threading, "Thread", lambda **given: begun.append(given))
    precompute.Precompute(server).start()  # type: ignore[arg-type]
    assert begun == []


def test_what_lies_on_disk_answers_whoever_asks_for_two_years_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_cache, "place", lambda: tmp_path)
    ran: list[Any] = []

    class Packed:
        def __init__(self, months: Any) -> None:
            self.months = months

        def packed(self) -> bytes:
            return f"to {self.months}".encode()

    def stand_in(*asked: Any) -> Packed:
        ran.append(asked[6])
        return Packed(asked[6])

    monkeypatch.setattr(lab_jobs, "run_history", stand_in)
    question = (LabSetting().asked(), (), 3, "Japan", "2026-01-06")
    assert not lab_jobs.is_stored(*question, False)
    assert lab_jobs.draw(*question, True) == b"to 25"
    assert not lab_jobs.is_stored(*question, False)  # two years are soon made again
    assert lab_jobs.draw(*question, False) == b"to None"
    assert lab_jobs.is_stored(*question, False)
    assert lab_jobs.draw(*question, True) == lab_jobs.draw(*question, False) == b"to None"
    assert ran == [25, None]


def test_a_question_that_fails_is_logged_and_the_last_one_ends_it(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    few = list(islice(precompute.questions(), 2))
    monkeypatch.setattr(precompute, "questions", lambda every: iter(few))
    assert run(server, *QUIET, "fail", "answer", "never reached") == few
    assert "not computed ahead" in caplog.text
    assert next(server.plan) == "never reached"


def test_a_server_begins_it_in_a_thread_and_ends_it_when_it_ends(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(precompute.SWITCH, raising=False)
    monkeypatch.setattr(answer_cache, "place", lambda: tmp_path)
    monkeypatch.setattr(precompute, "_started", [])
    begun: list[Any] = []
    thread = SimpleNamespace(start=lambda: begun.append("started"))
    monkeypatch.setattr(
        precompute.threading, "Thread", lambda **given: begun.append(given) or thread
    )
    one = precompute.Precompute(server)  # type: ignore[arg-type]
    one.start()
    assert (begun[0]["target"], begun[0]["daemon"], begun[1]) == (one.run, True, "started")
    precompute.stop_all()
    assert one._wait(0.0)  # whoever waits is told to end
