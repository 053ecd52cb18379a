"""Several processes serve the pages on one address: each makes them, one that dies is replaced, and all end together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.store.database import place_of
from page_records import make_record, some_reports

# How long a very busy machine may take for each step (seconds).
LONGEST = 240
WORKERS = 2

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the tests read of /proc which processes there are: Linux")


CONNECT = socket.socket.connect


@pytest.fixture(autouse=True)
def this_machine_alone(no_network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the tests reach this machine, which they serve from, and nothing else."""

    def connect(own: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1", "a test tried to reach the network"
        CONNECT(own, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server of the pages of a small record by two workers, and its address."""
    folder = tmp_path_factory.mktemp("served")
    with make_record(folder / "r.db", some_reports()) as record:
        name = place_of(record.engine)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "onrecord"), "serve", name, "--port", str(port), "--workers", str(WORKERS)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(folder)})
    try:
        wait_until(lambda: ask(f"http://127.0.0.1:{port}/register") != "", "the first page")
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(LONGEST)


def wait_until(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < end, f"waited {LONGEST} s for {what}"
        time.sleep(0.1)


def ask(address: str) -> str:
    """A page, on a connection of its own; "" where nobody answers."""
    host, port = address.removeprefix("http://").split("/")[0].split(":")
    try:
        with closing(HTTPConnection(host, int(port), timeout=LONGEST)) as link:
            link.request("GET", address[address.index("/", 7) :])
            return link.getresponse().read().decode()
    except (OSError, HTTPException):
        return ""


def workers(process: int) -> list[int]:
    """The processes that a server has begun to make pages."""
    try:
        children = map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
        return [child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except FileNotFoundError:
        return []


def test_all_make_the_same_pages(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = served
    wait_until(lambda: len(workers(process.pid)) == WORKERS, "the workers")
    pages = {re.sub(r"<!--.*?-->", "", ask(f"{address}/register")) for _ in range(20)}
    assert len(pages) == 1 and "S-400" in pages.pop()


def test_one_that_is_killed_is_replaced_and_pages_go_on(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = served
    wait_until(lambda: len(workers(process.pid)) == WORKERS, "the workers")
    before = workers(process.pid)
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: len(set(workers(process.pid)) - {before[0]}) == WORKERS, "another worker")
    wait_until(lambda: all(ask(f"{address}/register") for _ in range(6)), "the pages")
    assert process.poll() is None


def test_all_end_together(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = served
    wait_until(lambda: len(workers(process.pid)) == WORKERS, "the workers")
    own = workers(process.pid)
    process.terminate()
    process.wait(LONGEST)
    wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in own), "the end of the workers")
    assert ask(f"{address}/register") == ""


@pytest.mark.parametrize("number", ["0", "65", "two"])
def test_a_number_of_workers_that_makes_no_sense_is_refused(tmp_path: Path, number: str) -> None:
    done = CliRunner().invoke(main, ["serve", str(tmp_path / "r.db"), "--workers", number])
    assert done.exit_code == 2 and "--workers" in done.output
