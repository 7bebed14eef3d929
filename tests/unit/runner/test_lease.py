from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from callsheet.errors import ErrorCode, WorkflowError
from callsheet.runs.lease import Lease, holder, is_held, last_words

HOLD = """
import sys, time
from pathlib import Path
from callsheet.runs.lease import Lease
lease = Lease.take(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(600)
"""


def hold(lock: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    folder = tmp_path / "20260102-030405-abcdef"
    folder.mkdir()
    return folder / "lock"


def test_a_second_process_is_refused_and_told_who_holds_the_run(lock: Path) -> None:
    process = hold(lock)
    try:
        assert is_held(lock)
        with pytest.raises(WorkflowError) as refusal:
            Lease.take(lock)
        assert refusal.value.code is ErrorCode.RUN_LOCKED
        assert f"process {process.pid} on {os.uname().nodename}" in refusal.value.message
        assert "20260102-030405-abcdef" in refusal.value.message
    finally:
        process.kill()
        process.wait()


def test_the_lease_of_a_dead_holder_is_taken_over(lock: Path) -> None:
    process = hold(lock)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not is_held(lock)
    left = holder(lock)
    assert left is not None
    assert left.pid == process.pid
    with Lease.take(lock):
        mine = holder(lock)
        assert mine is not None
        assert mine.pid == os.getpid()


def test_a_released_lease_names_nobody(lock: Path) -> None:
    Lease.take(lock).release()
    assert holder(lock) is None
    assert not is_held(lock)


def test_a_lease_that_is_handed_over_is_never_free(lock: Path) -> None:
    lease = Lease.take(lock)
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=(lease.fd,)
    )
    lease.sign(pid=child.pid)
    lease.hand_over()
    assert is_held(lock)
    named = holder(lock)
    assert named is not None
    assert named.pid == child.pid
    child.communicate()
    assert not is_held(lock)


def test_whoever_looks_while_a_lease_is_signed_sees_a_holder(lock: Path) -> None:
    with Lease.take(lock) as lease:
        signing = threading.Thread(target=lambda: [lease.sign() for _ in range(3000)])
        signing.start()
        while signing.is_alive():
            assert holder(lock) is not None
        signing.join()


def test_last_words_are_no_holder_and_end_with_the_next_one(lock: Path) -> None:
    lease = Lease.take(lock)
    lease.unsign("No space left.")
    os.close(lease.fd)
    assert holder(lock) is None
    assert last_words(lock) == "No space left."
    Lease.take(lock).release()
    assert last_words(lock) == ""


def test_looking_at_a_lease_does_not_keep_others_from_taking_it(lock: Path) -> None:
    Lease.take(lock).release()
    for _ in range(50):
        assert not is_held(lock)
        Lease.take(lock).release()


def test_a_lock_file_with_rubbish_names_nobody(lock: Path) -> None:
    lock.write_bytes(b"\xff not json")
    assert holder(lock) is None
    Lease.take(lock).release()


def test_there_is_no_lease_without_a_lock_file(lock: Path) -> None:
    assert not is_held(lock)
    assert holder(lock) is None
