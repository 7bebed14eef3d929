"""The order in which recorded results are delivered again, and what an edit makes of it."""

from __future__ import annotations

from typing import Any

from callsheet.runs.history import History, Replay

HEADER = {"k": "header", "script": "s", "options": {}, "args": [1]}


def _segment(**more: Any) -> dict[str, Any]:
    return {"k": "segment", "script": "s", "options": {}, "edited": False, "args": [1], **more}


def _call(n: int, call_hash: str) -> dict[str, Any]:
    return {"k": "call", "n": n, "kind": "agent", "hash": call_hash, "label": call_hash}


def _done(n: int, status: str = "done") -> dict[str, Any]:
    return {"k": "done", "n": n, "status": status, "value": n}


def _deliver(*ns: int) -> dict[str, Any]:
    return {"k": "deliver", "ns": list(ns)}


def _history(*records: dict[str, Any]) -> History:
    return History.from_records([HEADER, _segment(), *records])


def _made(replay: Replay, *hashes: str) -> list[tuple[int | None, bool]]:
    found = [replay.recognise(each) for each in hashes]
    return [(one.recorded.n if one.recorded else None, one.replays) for one in found]


def _next(replay: Replay, **more: Any) -> list[int]:
    return [recorded.n for recorded in replay.next_results(**more)]


def test_results_go_in_the_order_in_which_they_were_delivered() -> None:
    history = _history(
        _call(1, "a"), _call(2, "b"), _call(3, "c"), _done(1), _done(3), _deliver(3, 1), _done(2)
    )
    replay = Replay(history)
    assert _made(replay, "a", "b", "c") == [(1, True), (2, True), (3, True)]
    assert _next(replay) == [3, 1, 2]
    assert _next(replay) == []


def test_a_frame_ends_before_the_result_of_a_call_not_made_yet() -> None:
    history = _history(*(_call(n, h) for n, h in enumerate("abcd", 1)), _deliver(), *map(_done, (1, 3, 2, 4)))
    replay = Replay(history)
    _made(replay, "a", "b")
    assert _next(replay) == [1]
    assert replay.results_ahead == 2
    assert _next(replay) == [2]
    _made(replay, "c", "d")
    assert _next(replay) == [3, 4]


def test_one_result_at_a_time_where_that_is_asked() -> None:
    replay = Replay(_history(_call(1, "a"), _call(2, "b"), _done(1), _done(2)))
    _made(replay, "a", "b")
    assert [_next(replay, one=True) for _ in range(3)] == [[1], [2], []]


def test_the_kth_call_of_a_hash_is_the_kth_recorded_one() -> None:
    replay = Replay(_history(_call(1, "a"), _call(2, "a"), _done(2)))
    assert _made(replay, "a", "a", "a") == [(1, False), (2, True), (None, False)]


def test_unchanged_a_call_without_a_match_cuts_nothing() -> None:
    replay = Replay(_history(_call(1, "a"), _call(2, "b"), _done(1), _done(2)))
    assert _made(replay, "new", "b", "a") == [(None, False), (2, True), (1, True)]


def test_edited_the_first_call_that_differs_ends_the_replay() -> None:
    history = _history(_call(1, "a"), _call(2, "b"), _call(3, "c"), *map(_done, (1, 2, 3)))
    replay = Replay(history, edited=True)
    assert _made(replay, "a") == [(1, True)]
    fork = replay.recognise("c").fork
    assert fork is not None
    assert (fork.expected.n, fork.forgotten) == (2, 2)
    assert _made(replay, "b", "c") == [(None, False), (None, False)]
    assert _next(replay) == [1]


def test_edited_behind_the_history_everything_is_new_without_a_fork() -> None:
    replay = Replay(_history(_call(1, "a"), _done(1)), edited=True)
    replay.recognise("a")
    assert replay.recognise("b").fork is None


def test_edited_behind_a_failed_call_the_order_may_differ() -> None:
    history = _history(_call(1, "bad"), _call(2, "b"), _call(3, "c"), _done(1, "failed"), _done(2), _done(3))
    replay = Replay(history, edited=True)
    assert _made(replay, "bad", "c", "b") == [(1, False), (3, True), (2, True)]
    kept = Replay(history, edited=True, keep_failed=True)
    assert _made(kept, "bad") == [(1, True)]
    assert kept.recognise("c").fork is not None


def test_a_superseded_failure_leaves_the_order_and_its_next_result_comes_last() -> None:
    history = _history(
        _call(1, "bad"), _call(2, "b"), _done(1, "failed"), _deliver(1), _done(2), _deliver(2),
        _segment(), {"k": "again", "n": 1, "replay": False}, {"k": "again", "n": 2, "replay": True}, _done(1),
        _deliver(1),
    )  # fmt: skip
    replay = Replay(history)
    _made(replay, "bad", "b")
    assert _next(replay) == [2, 1]


def test_an_undelivered_result_keeps_its_place_over_later_segments() -> None:
    history = _history(
        _call(1, "a"), _call(2, "b"), _done(1), _segment(), {"k": "again", "n": 1, "replay": True},
        {"k": "again", "n": 2, "replay": False}, _done(2), _deliver(2),
    )  # fmt: skip
    replay = Replay(history)
    _made(replay, "a", "b")
    assert _next(replay) == [1, 2]


def test_calls_are_in_the_order_in_which_they_were_last_made() -> None:
    history = _history(
        _call(1, "bad"), _call(2, "b"), _call(3, "c"), _done(1, "failed"), _segment(),
        {"k": "again", "n": 1, "replay": False}, _call(4, "d"), {"k": "again", "n": 3, "replay": True},
    )  # fmt: skip
    assert [recorded.n for recorded in history.calls] == [1, 4, 3, 2]
    assert history.next_call == 5


def test_a_fork_forgets_what_was_not_made_before_it() -> None:
    fork = {"k": "fork", "n": 3}
    history = _history(
        _call(1, "a"), _call(2, "b"), _done(1), _done(2), _segment(edited=True), {"k": "again", "n": 1, "replay": True},
        fork, _call(3, "x"),
    )  # fmt: skip
    assert [recorded.n for recorded in history.calls] == [1, 3]
    assert not history.unsettled


def test_an_edit_is_unsettled_until_it_forked_or_completed() -> None:
    edited = (_call(1, "a"), _call(2, "b"), _segment(edited=True), {"k": "again", "n": 1, "replay": False})
    assert _history(*edited).unsettled
    assert _history(*edited, _segment()).unsettled
    assert _history(*edited, {"k": "end", "status": "failed"}).unsettled
    settled = _history(*edited, {"k": "end", "status": "completed"})
    assert not settled.unsettled
    assert [recorded.n for recorded in settled.calls] == [1]


def test_refused_dropped_and_stopped_calls_have_no_result() -> None:
    history = _history(
        *(_call(n, h) for n, h in enumerate("abc", 1)), _done(1, "refused"), _done(2, "dropped")
    )
    replay = Replay(history, keep_failed=True)
    assert _made(replay, "a", "b", "c") == [(1, False), (2, False), (3, False)]
    assert history.calls[0].refused


def test_records_of_later_versions_are_passed_over() -> None:
    assert _history({"k": "calls"}, {"k": "finish"}, {"k": "brand-new"}).calls == []
