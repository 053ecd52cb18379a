"""This file runs functions over many batches on this machine, in order: in this process, or in a few workers that are bounded and may die.

No more than a few batches are held at a time. A worker that dies, takes too long or outgrows its memory is replaced, and what it had in
hand is done again; a batch on which workers die again is done part by part, so that one report cannot stop a run.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, TypeVar

from onrecord.errors import WorkerLost
from onrecord.run.worker import MOST_MEMORY, Answer, work

In = TypeVar("In")
Out = TypeVar("Out")

# Batches at hand per worker ahead of the one being written: enough to keep workers busy, few enough to keep memory flat.
AHEAD = 2
# A batch takes some seconds at most; a worker that is busy with one for so long (seconds) will never end.
MOST_SECONDS = 300.0
# So often a batch is given to a worker before it is taken apart: a worker may fall to what the machine does (out of memory, a person who
# kills it), and a batch that is parsed in parts may give scores that differ in the third decimal.
TRIES = 3
# When so many workers have died in a row and none has done anything, the fault is not the reports'; fewer where none could even start.
MOST_DEATHS, MOST_BAD_STARTS = 20, 3


@dataclass(frozen=True, slots=True)
class Care(Generic[In, Out]):
    """What becomes of a batch on which workers die: its parts are tried one by one, and something stands for a part that is lost."""

    split: Callable[[In], Sequence[In]]
    join: Callable[[Sequence[Out]], Out]
    lost: Callable[[In, str], Out]


@dataclass(slots=True, eq=False)
class _Task:
    """A batch on its way: how often it was tried in vain, what came back, and how its last worker ended."""

    function: Callable[[Any], Any]
    batch: Any
    tries: int = TRIES
    answer: Answer | None = None
    died: str = ""


@dataclass(slots=True, eq=False)
class _Worker:
    """A running worker, what it has in hand, and since when."""

    process: BaseProcess
    pipe: Connection
    task: _Task | None = None
    since: float = 0.0
    slow: bool = False


class Workers:
    """Some worker processes that share the work of several maps; a context manager, after which none of them is left."""

    def __init__(self, jobs: int, *, most_seconds: float = MOST_SECONDS, most_memory: int = MOST_MEMORY) -> None:
        self.jobs = jobs
        self.most_seconds = most_seconds
        self.most_memory = most_memory
        self._workers: list[_Worker] = []
        self._waiting: deque[_Task] = deque()
        self._deaths = 0
        self._answered = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # Nobody waits for what the workers still have in hand: Ctrl-C, an error, or a caller that has enough.
        self._waiting.clear()
        for worker in self._workers:
            worker.process.terminate()
        while self._workers:
            self._bury(self._workers[-1])

    def map(self, function: Callable[[In], Out], batches: Iterable[In], *, care: Care[In, Out] | None = None) -> Generator[Out]:
        """What the function makes of each batch, in the order given; with one job in this process.

        An error of the function is raised here. A batch that no worker survives is a `WorkerLost`, or what `care` makes of it.
        """
        if self.jobs <= 1:
            yield from map(function, batches)
            return
        running: deque[_Task] = deque()
        for batch in batches:
            running.append(self._hand_out(_Task(function, batch)))
            if len(running) > self.jobs * AHEAD:
                yield self._outcome(running.popleft(), care)
        while running:
            yield self._outcome(running.popleft(), care)

    def _hand_out(self, task: _Task) -> _Task:
        self._waiting.append(task)
        self._look_round(0)
        return task

    def _outcome(self, task: _Task, care: Care[Any, Any] | None) -> Any:
        while task.answer is None and not task.died:
            self._look_round(min(self.most_seconds / 10, 30.0))
        if task.answer is not None:
            if task.answer.error is not None:
                raise task.answer.error
            return task.answer.result
        if care is None:
            raise WorkerLost(f"{task.died}; run it again with --jobs 1 to see why")
        parts = care.split(task.batch)
        if len(parts) > 1:
            return care.join([self._outcome(self._hand_out(_Task(task.function, part, tries=1)), care) for part in parts])
        return care.lost(task.batch, task.died)

    def _look_round(self, seconds: float) -> None:
        """Gives workers what waits, then takes in what they send and replaces those that are gone; waits so long for the first event."""
        self._feed()
        ready = set(wait([thing for worker in self._workers for thing in (worker.pipe, worker.process.sentinel)], seconds))
        for worker in list(self._workers):
            if worker.pipe in ready or worker.process.sentinel in ready:
                self._take_in(worker)
            elif worker.task and time.monotonic() - worker.since > self.most_seconds:
                worker.slow = True
                worker.process.kill()
        self._feed()

    def _feed(self) -> None:
        while self._waiting:
            worker = next((worker for worker in self._workers if worker.task is None), None)
            if worker is None and len(self._workers) < self.jobs:
                worker = self._start()
            if worker is None:
                return
            worker.task, worker.since = self._waiting.popleft(), time.monotonic()
            try:
                worker.pipe.send((worker.task.function, worker.task.batch))
            except (BrokenPipeError, ConnectionResetError):
                self._bury(worker, died=True)

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, self.most_memory), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _take_in(self, worker: _Worker) -> None:
        """Takes what a worker has sent; one that is gone, or leaves because it has grown too large, gives back what it had in hand."""
        try:
            answer: Answer = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker, died=True)
            return
        if worker.task is not None:
            worker.task.answer, worker.task = answer, None
        self._deaths, self._answered = 0, True
        if answer.last:
            self._bury(worker)

    def _bury(self, worker: _Worker, *, died: bool = False) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join()
        if died and worker.task is not None:
            self._blame(worker.task, worker)
            if not worker.task.died:
                # First, so that results come back in order soon.
                self._waiting.appendleft(worker.task)

    def _blame(self, task: _Task, worker: _Worker) -> None:
        self._deaths += 1
        task.tries -= 1
        code = worker.process.exitcode or 0
        how = (
            f"was busy for more than {self.most_seconds:.0f} seconds" if worker.slow else f"was ended by signal {-code}" if code < 0 else ""
        )
        if self._deaths >= (MOST_DEATHS if self._answered or code <= 0 else MOST_BAD_STARTS):
            causes = (
                'too little memory, a broken installation, or a script of yours that lacks `if __name__ == "__main__":` around its call'
            )
            raise WorkerLost(f"the last {self._deaths} worker processes ended before they did anything: {causes}")
        if task.tries <= 0:
            task.died = f"the process that read it {how or f'ended with code {code}'}"
