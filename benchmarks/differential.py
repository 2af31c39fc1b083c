"""Many drawn cases: the engine against the second reading of the rules. `python benchmarks/differential.py 10000`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "engine")]

from essence import disagreements  # noqa: E402 - from the folders just named
from strategies import drawn_cases  # noqa: E402 - as above

import kg  # noqa: E402 - as above


def differences(number: int, seed: int = 2025) -> list[str]:
    """Return a line for each verdict, reading or kind of problem on which the two differ, over `number` cases."""
    engine = kg.open().engine
    return [f"{case['id']}: {line}" for case in drawn_cases(seed, number) for line in disagreements(engine, case)]


if __name__ == "__main__":
    found = differences(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    print("\n".join(found) or "no disagreement")  # noqa: T201 - what the script is for
    sys.exit(bool(found))
