"""How long the whole analysis takes beside spaCy's own pipeline on the same texts, and whether memory stays flat meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from onrecord import flow
from onrecord.parse.pipeline import MODEL
from onrecord.records import Document

# Texts per turn: long enough to time, short enough that both sides see the same state of the machine.
TURN = 50
# Memory is compared from here on: models are loaded and caches are full.
WARM = 0.5


@dataclass(frozen=True, slots=True)
class Speed:
    """Processor seconds of both sides by turn, and the resident memory (MiB) after each turn."""

    analysis: tuple[float, ...]
    spacy: tuple[float, ...]
    memory: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median over the turns of analysis time by spaCy's time."""
        return median(ours / theirs for ours, theirs in zip(self.analysis, self.spacy, strict=True))

    @property
    def growth(self) -> float:
        """By how many MiB memory grew over the later part of the run."""
        later = self.memory[int(len(self.memory) * WARM) :]
        return max(later) - later[0]


def measure_speed(documents: Sequence[Document], *, turns_done: Callable[[int], None] = lambda _: None) -> Speed:
    """Times both sides turn by turn on the same texts, the one that begins changing, so that neither has the better half of the machine.

    Processor time is counted, not the clock, since the clock also counts what else the machine does.
    """
    import spacy

    pipeline = spacy.load(MODEL)

    def parse(part: Sequence[Document]) -> object:
        return [len(doc) for doc in pipeline.pipe(document.text for document in part)]

    def analyse(part: Sequence[Document]) -> object:
        return [len(analysis.findings) for analysis in flow.analyse(part)]

    parse(documents[:5])
    analyse(documents[:5])
    times: dict[str, list[float]] = {"parse": [], "analyse": []}
    memory = []
    for number, part in enumerate(_parts(documents)):
        sides = [("parse", parse), ("analyse", analyse)]
        for name, side in sides if number % 2 else reversed(sides):
            times[name].append(_seconds(side, part))
        memory.append(resident_memory())
        turns_done(len(part))
    return Speed(tuple(times["analyse"]), tuple(times["parse"]), tuple(memory))


def resident_memory() -> float:
    """The memory that this process holds, in MiB; where /proc is missing, the most that it ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource
    import sys

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _parts(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), TURN):
        yield documents[start : start + TURN]


def _seconds(side: Callable[[Sequence[Document]], object], part: Sequence[Document]) -> float:
    start = time.process_time()
    side(part)
    return time.process_time() - start
