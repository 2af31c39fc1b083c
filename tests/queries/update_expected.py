"""Rewrite the expected rows of the competency questions: `python tests/queries/update_expected.py`; read the diff."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from engines import EXPECTED, ask_store, cases, expected_path, store_lines  # noqa: E402 - found by the path above

from kg.catalogue import Catalogue  # noqa: E402 - as above
from kg.store import Store  # noqa: E402 - as above


def main() -> None:
    store, catalogue = Store.load(), Catalogue.load()
    kept = {"cases.yaml"}
    for name, settings in cases().items():
        for number, values in enumerate(settings):
            path = expected_path(name, number)
            path.write_text(store_lines(ask_store(store, catalogue.get(name), values)), encoding="utf-8", newline="\n")
            kept.add(path.name)
    for path in EXPECTED.iterdir():
        if path.name not in kept:
            path.unlink()


if __name__ == "__main__":
    main()
