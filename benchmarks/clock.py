"""How times are taken: alternating rounds in one process after a warm-up, medians, garbage collection left on."""

import statistics
import time
from collections.abc import Callable, Sequence

Work = Callable[[], object]


def medians(works: Sequence[Work], *, rounds: int, repeat: int = 1) -> list[float]:
    """Return the median seconds of each piece of work; each round does all of them, `repeat` times each."""
    for work in works:
        work()
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            start = time.perf_counter()
            for _ in range(repeat):
                work()
            times.append((time.perf_counter() - start) / repeat)
    return [statistics.median(times) for times in taken]
