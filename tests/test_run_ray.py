"""A scan on a Ray cluster of two machines, one of which is killed half-way, writes what one process writes, byte for byte."""

from __future__ import annotations

import json
import os
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

DAY = "2026-11-28"
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
    ray = pytest.importorskip("ray", reason="needs Ray: pip install 'onrecord[ray]'")
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False, configure_logging=False)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.mark.filterwarnings("ignore")
def test_a_machine_that_is_killed_changes_no_byte(machines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.filterwarnings("ignore")
def test_order_is_kept_and_an_error_is_raised_with_its_own_type(machines: Any) -> None:
    assert list(map_on_cluster(length, ["a" * number for number in range(9)])) == list(range(9))
    with pytest.raises(ValueError, match="invalid literal"):
        list(map_on_cluster(number_of, ["1", "x"]))
