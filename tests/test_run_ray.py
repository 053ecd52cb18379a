"""A scan on a Ray cluster of two machines, one of which is killed half-way, writes what one process writes, byte for byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord import scan
from onrecord.errors import AssetMissing
from onrecord.run.ray import map_on_cluster
from onrecord.scan import scan_sources

PACKAGE = Path(__file__).parent.parent / ".venv" / "ray"
INSTALL = "python -m pip install --no-deps --only-binary :all: --require-hashes --target .venv/ray -r tests/ray.lock"
DAY = "2026-11-28"
# A cluster is tried in half a minute on two free cores.
MOST_SECONDS = 420
INSIDE, INNER = "ONRECORD_TEST_IN_CLUSTER", "test_a_machine_that_is_killed_changes_no_byte"
# Nothing is reported to anybody, no worker is started before it is needed, and a slow machine gets its time.
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "RAY_enable_metrics_collection": "0",
    "RAY_prestart_worker_first_driver": "0",
    "RAY_worker_register_timeout_seconds": "300",
    "RAY_gcs_server_port_wait_time_s": "120",
}
STATES = ["Portugal", "Norway", "Chile", "Peru", "Oman", "Kenya", "Latvia", "Greece"]


def length(text: str) -> int:
    return len(text)


def number_of(text: str) -> int:
    return int(text)


def test_without_ray_the_way_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(AssetMissing, match=r"onrecord\[ray\]"):
        list(map_on_cluster(len, ["a"]))


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cluster of two machines of one core each, made of processes; the second holds the tasks that the first has no room for."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(PACKAGE)])
    ray = pytest.importorskip("ray", reason=f"Ray is not installed: {INSTALL}")
    from ray.cluster_utils import Cluster

    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    # Its processes import the tests and Ray as this one does.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    node = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    cluster = Cluster()
    try:
        try:
            cluster.add_node(**node, include_dashboard=False)
            cluster.add_node(**node)
            ray.init(address=cluster.address, log_to_driver=False, configure_logging=False)
        except Exception as error:
            # Ray raises bare exceptions when its processes are not up in half a minute, a bound that cannot be set.
            pytest.skip(f"Ray's own processes did not start in its time: {error}"[:200])
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


def test_a_cluster_gives_what_one_process_gives() -> None:
    """Runs the test below in a process group of its own, which ends with all that Ray started, whatever becomes of it."""
    if not PACKAGE.is_dir():
        pytest.skip(f"Ray is not installed: {INSTALL}")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", f"{__file__}::{INNER}"]
    told = ""
    with subprocess.Popen(
        command, env={**os.environ, INSIDE: "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as inner:
        try:
            told, _ = inner.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(inner.pid, signal.SIGKILL)
            pytest.fail(f"the cluster gave no result in {MOST_SECONDS} seconds")
    assert inner.returncode == 0, told
    if "1 skipped" in told:
        pytest.skip(next((line for line in told.splitlines() if line.startswith("SKIPPED")), "the cluster did not start"))


@pytest.mark.skipif(INSIDE not in os.environ, reason="runs within the test above")
@pytest.mark.filterwarnings("ignore")
def test_a_machine_that_is_killed_changes_no_byte(machines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One cluster for all, since starting it takes longer than what is tried: first, order is kept and errors keep their type.
    assert list(map_on_cluster(length, ["a" * number for number in range(9)])) == list(range(9))
    with pytest.raises(ValueError, match="invalid literal"):
        list(map_on_cluster(number_of, ["1", "x"]))
    monkeypatch.setattr(scan, "MOST_FILES", 1)
    news = tmp_path / "news"
    news.mkdir()
    for number, state in enumerate(STATES):
        text = f"{state} signed a contract for {number + 2} KC-390 aircraft from Brazil on Monday, its air force said."
        (news / f"r{number}.json").write_text(json.dumps({"id": f"r{number}", "published": "2026-11-20", "text": text}))

    def kill() -> None:
        while not list((tmp_path / "ray").glob("*.gz")):
            time.sleep(0.1)
        machines.remove_node(machines.list_all_nodes[1], allow_graceful=False)

    killer = threading.Thread(target=kill)
    (tmp_path / "ray").mkdir()
    killer.start()
    done = list(scan_sources([news], tmp_path / "ray", runner="ray", read_day=DAY))
    killer.join(60)
    assert not killer.is_alive()
    assert [part.reports for part in done if not part.known] and len(done) == len(STATES)
    list(scan_sources([news], tmp_path / "one", read_day=DAY))
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).glob("*.gz")} for name in ("one", "ray"))
    assert len(one) == len(STATES)
    assert one == other
