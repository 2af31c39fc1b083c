"""Where the ontology and the queries lie: beside the package in a wheel, at the root in a checkout."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kg.errors import EnvironmentLackError

_PACKAGE = Path(__file__).resolve().parent


@cache
def data_root() -> Path:
    """Return the folder that holds `ontology/` and `queries/`.

    Raises EnvironmentLackError where neither a wheel's data nor a checkout is found.
    """
    bundled = _PACKAGE / "_data"
    if bundled.is_dir():
        return bundled
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "ontology").is_dir():
        return checkout
    message = f"no ontology beside {_PACKAGE}; reinstall with: pip install --force-reinstall myeloma-bone-kg"
    raise EnvironmentLackError(message)


def ontology_root() -> Path:
    """Return the folder of the ontology's files."""
    return data_root() / "ontology"


def queries_root() -> Path:
    """Return the folder of the named queries."""
    return data_root() / "queries"


def ontology_files(root: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Yield every file under `ontology/` as (path relative to it with `/`, path), sorted by the bytes of the former."""
    base = ontology_root() if root is None else root
    found: list[tuple[str, Path]] = []
    for folder, folders, names in os.walk(base):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        found += [
            ((path := Path(folder, name)).relative_to(base).as_posix(), path)
            for name in names
            if not name.startswith(".")
        ]
    yield from sorted(found, key=lambda pair: pair[0].encode())


def knowledge_digest(root: Path | None = None) -> str:
    """Return the SHA-256 over the lines `<sha256>  <path>` of all files under `ontology/`, as 64 hexadecimal digits."""
    whole = hashlib.sha256()
    for name, path in ontology_files(root):
        whole.update(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n".encode())
    return whole.hexdigest()


def write_whole(path: Path, text: str) -> bool:
    """Write a text file in one step (beside it, then renamed), LF line ends; return whether anything changed."""
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True
