"""This file reads large sources part by part into shard files, on one machine or many, and loads the shards into a record.

A part that is done is not read again, so a scan that is stopped at any moment goes on where it was. The shards hold all that reading gave,
and none of it needs a database: one loader, and only one, writes the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onrecord import passes
from onrecord.api import Record
from onrecord.errors import BadInput
from onrecord.intake import STREAMS
from onrecord.read.files import read_sources
from onrecord.run.local import Workers
from onrecord.run.ray import map_on_cluster
from onrecord.run.shards import SUFFIX, Part, read_shard, write_shard

# Small files share a part: so many, or so many bytes. An archive larger than that is a part of its own.
MOST_FILES, MOST_BYTES = 256, 64_000_000
RUNNERS = ("local", "ray")


@dataclass(frozen=True, slots=True)
class Task:
    """A part of the sources, which of them it is, the shard that it becomes, and how it is read."""

    number: int
    sources: tuple[str, ...]
    shard: str
    screen: str
    read_day: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of a part: reports, pages looked at, pages refused, inputs that could not be read; `known` where it was done before."""

    task: Task
    reports: int = 0
    pages: int = 0
    refused: int = 0
    skipped: int = 0
    known: bool = False


def scan_sources(
    sources: Sequence[str | Path],
    out: Path,
    *,
    jobs: int = 1,
    runner: str = "local",
    address: str | None = None,
    screen: str = STREAMS,
    read_day: str | None = None,
    begin: Callable[[int], None] = lambda _: None,
) -> Iterator[Scanned]:
    """Reads all that the sources hold into shard files in a folder, one `Scanned` for each part, in order; `begin` hears how many."""
    if runner not in RUNNERS:
        raise BadInput(f"{runner!r} is no runner; there are: {', '.join(RUNNERS)}")
    out.mkdir(parents=True, exist_ok=True)
    tasks = list(tasks_of(sources, out, screen=screen, read_day=read_day or date.today().isoformat()))
    begin(len(tasks))
    if runner == "ray":
        yield from map_on_cluster(scan_part, tasks, address=address)
        return
    with Workers(jobs, most_seconds=float("inf")) as workers:
        yield from workers.map(scan_part, tasks)


def scan_part(task: Task) -> Scanned:
    """Reads one part and writes its shard; runs anywhere, in one process."""
    shard = Path(task.shard)
    if shard.exists():
        return Scanned(task, known=True)
    found = Scanned(task)

    def parts() -> Iterator[Part]:
        nonlocal found
        for done in passes.analyse_raws(read_sources(task.sources), screen=task.screen, read_day=task.read_day):
            work = done.work
            found = Scanned(
                task,
                reports=found.reports + len(done.reports),
                pages=found.pages + work.pages,
                refused=found.refused + sum(work.refused.values()),
                skipped=found.skipped + sum(not issue.notice for issue in work.issues),
            )
            yield Part(done.reports, work.issues, dict(work.refused), work.pages)

    write_shard(shard, parts(), analysed_by=passes.analysis_name())
    return found


def load_shards(record: Record, folder: Path) -> Iterator[passes.Step]:
    """Writes the shards of a folder into a record, in order of name; those that it holds already change nothing."""
    shards = sorted(folder.glob(f"*{SUFFIX}"))
    if not shards:
        raise BadInput(f"{folder} holds no shard; `onrecord scan SOURCE... --out {folder}` writes them")
    for shard in shards:
        analysed_by, parts = read_shard(shard)
        batches = (passes.Done(passes.Work((), 0, part.issues, part.refused, part.pages), part.reports) for part in parts)
        yield from passes.add_done(record.engine, batches, sources=[str(shard)], analysed_by=analysed_by)


def tasks_of(sources: Sequence[str | Path], out: Path, *, screen: str, read_day: str) -> Iterator[Task]:
    """The sources in parts; a part that changes, or that another version of the analysis reads, becomes another shard."""
    part: list[Path] = []
    size = number = 0
    for path in _files(sources):
        here = path.stat().st_size
        if part and (len(part) >= MOST_FILES or size + here > MOST_BYTES):
            yield _task(number, part, out, screen, read_day)
            part, size, number = [], 0, number + 1
        part.append(path)
        size += here
    if part:
        yield _task(number, part, out, screen, read_day)


def _files(sources: Iterable[str | Path]) -> Iterator[Path]:
    for source in map(Path, sources):
        if source.is_dir():
            yield from (path for path in sorted(source.rglob("*")) if path.is_file() and not _is_hidden(path.relative_to(source)))
        elif source.is_file():
            yield source
        else:
            raise BadInput(f"{source}: no such file or folder; a scan reads what lies on disk")


def _is_hidden(path: Path) -> bool:
    return any(name.startswith(".") for name in path.parts)


def _task(number: int, part: Sequence[Path], out: Path, screen: str, read_day: str) -> Task:
    states = [(path.resolve().as_posix(), path.stat().st_size, path.stat().st_mtime_ns) for path in part]
    digest = hashlib.sha256(repr((passes.analysis_name(), screen, states)).encode()).hexdigest()[:16]
    return Task(number, tuple(str(path.resolve()) for path in part), str(out.resolve() / f"{number:06}-{digest}{SUFFIX}"), screen, read_day)
