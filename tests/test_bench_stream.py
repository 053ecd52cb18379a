"""The bench of a stream of pages makes the pages that it says, counts what passes, and tells a broken limit."""

from __future__ import annotations

import gzip
import random
import tarfile
from collections import Counter
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"
ROADS = "The council of the small town met again on Monday and spoke about the budget for roads and bridges."
PAGE = f"<html><head><title>Roads</title></head><body><nav>Menu</nav>{f'<p>{ROADS}</p>' * 5}<p>Contact</p></body></html>"


@pytest.fixture(autouse=True)
def bench_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def test_one_page_in_a_hundred_is_a_report_in_another_ones_frame(tmp_path: Path) -> None:
    from pages import mixed

    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    made = list(mixed(300, tmp_path))
    assert [number for number, (_, about) in enumerate(made) if about] == [99, 199, 299]
    assert len({body for body, _ in made}) == 300
    told = made[99][0].decode()
    assert "<nav>Menu</nav>" in told and "<p>Contact</p>" in told and ROADS not in told
    assert ROADS in made[0][0].decode()


def test_pages_come_from_a_tar_archive_too(tmp_path: Path) -> None:
    from pages import real_pages

    (tmp_path / "b.html").write_text(PAGE)
    with tarfile.open(tmp_path / "pages.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "b.html", "b.html")
    assert real_pages(tmp_path / "pages.tar.gz") == real_pages(tmp_path) == [PAGE]
    with pytest.raises(SystemExit, match="no .html"):
        real_pages(BENCH)


def test_the_stream_is_measured_with_its_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    from stream import ANALYSED, measure_stream, table

    analysed: list[int] = []
    monkeypatch.setattr("stream.analyse_work", lambda work: analysed.append(len(work.documents)))
    from pages import invented_page, mixed

    assert len(invented_page(random.Random(1))) > 100_000
    seen: list[bytes] = []
    stream = measure_stream(mixed(200), {"trafilatura": seen.append}, turn=100)
    assert (stream.count["pages"], stream.count["about"], stream.count["found"]) == (200, 2, 2)
    assert len(stream.turns) == 2 and stream.sampled["trafilatura"] == 20
    assert sum(analysed) <= 3 * ANALYSED
    lines = dict(table(stream))
    assert any("pages on deals that passed    1.000" in line and good for line, good in lines.items())
    assert [good for line, good in lines.items() if line.startswith("against trafilatura")] == [False]
    assert all(good for line, good in table(stream, real=False) if line.startswith("against"))


def test_a_limit_that_does_not_hold_is_told() -> None:
    from stream import Stream, table

    counts = Counter(pages=1000, about=100, found=50, others=900, documents=950)
    stream = Stream(
        counts, [0.1] * 9 + [5.0], [100.0] * 9 + [900.0], Counter(trafilatura=1.0, analysis=1.0), Counter(trafilatura=10, analysis=5)
    )
    broken = [line.split("  ")[0] for line, good in table(stream) if not good]
    assert broken == ["pages on deals that passed", "other pages that passed", "ten times the pages", "memory growth in MiB"]


def test_two_workers_are_measured_by_the_time_of_each_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from cores import measure_cores
    from pages import mixed

    monkeypatch.setattr("cores.ROUNDS", 1)
    cores = measure_cores([body for body, _ in mixed(100)])
    assert min(cores.alone, cores.workers, *cores.clocks) > 0
    assert cores.parent < cores.workers, "the parent reads nothing"


@pytest.mark.parametrize(
    ("workers", "parent", "load", "gain"),
    [(10.0, 0.0, 3.0, 2.0), (10.0, 2.0, 3.0, 10 / 6), (6.0, 8.0, 3.0, 1.25), (10.0, 2.0, 0.1, 1.5)],
)
def test_the_gain_of_two_workers_is_what_two_cores_would_need(workers: float, parent: float, load: float, gain: float) -> None:
    from cores import Cores

    assert Cores(10.0, workers, parent, (12.0, 8.0), load).gain == pytest.approx(gain)
