"""This file runs a function over many items on the machines of a Ray cluster, in order, and has what a lost machine was doing done again.

The function is the very one that runs in this process otherwise. Ray keeps track of machines and tries again; what is left to do here is
to hand out no more than the cluster can take up soon, and to say in a plain line what went wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeVar

from onrecord.errors import AssetMissing, WorkerLost

In = TypeVar("In")
Out = TypeVar("Out")

# Items handed out per core: one is done, one waits, so that no core is idle while results come back in order.
AHEAD = 2
# So often Ray gives an item to another machine or process when one is lost.
RETRIES = 5


def map_on_cluster(function: Callable[[In], Out], items: Iterable[In], *, address: str | None = None) -> Generator[Out]:
    """What the function makes of each item, in the order given; `address` is the cluster's ("auto" finds one that runs here).

    Without an address Ray starts on this machine alone. The function and its items must be importable on every machine, and files that it
    reads and writes must lie where all machines see them.
    """
    ray = _ray()
    ours = not ray.is_initialized()
    if ours:
        ray.init(address=address, log_to_driver=False, include_dashboard=False, configure_logging=False)
    try:
        remote = ray.remote(num_cpus=1, max_retries=RETRIES)(function)
        most = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        running: deque[Any] = deque()
        for item in items:
            running.append(remote.remote(item))
            if len(running) >= most:
                yield _result(ray, running.popleft())
        while running:
            yield _result(ray, running.popleft())
    finally:
        if ours:
            ray.shutdown()


def _result(ray: Any, reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        # The function's own error, as it would be raised in this process.
        raise error.cause from None
    except ray.exceptions.RayError as error:
        raise WorkerLost(f"the cluster lost what it was doing {RETRIES} times ({type(error).__name__}); see `ray status`") from error


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise AssetMissing("Ray is not installed; pip install 'onrecord[ray]', or run with --runner local") from error
    return ray
