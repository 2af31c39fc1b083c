"""What can go wrong, each with the exit code that the command line gives it.

Every error is one line: what is wrong, where, and what to do.
"""

from typing import ClassVar, Final

_MESSAGE_LIMIT: Final = 400
"""Characters of a message: it may show what was given, and is one line all the same."""


class MbkgError(Exception):
    """The root of the errors that this package raises on purpose."""

    exit_code: ClassVar[int] = 1


class DataError(MbkgError, ValueError):
    """Data that cannot be read as it stands: a case, a source folder, an ontology file, a query file."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, where: str | None = None, remedy: str | None = None) -> None:
        """Say what is wrong, where (file, line, entry) and what to do."""
        self.message = message if len(message) <= _MESSAGE_LIMIT else f"{message[:_MESSAGE_LIMIT]}…"
        self.where = where
        self.remedy = remedy
        text = self.message if where is None else f"{where}: {self.message}"
        super().__init__(text if remedy is None else f"{text} ({remedy})")


class CodeError(DataError):
    """A code that names nothing, or more than one thing, or a thing of the wrong kind."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        candidates: tuple[str, ...] = (),
        where: str | None = None,
        remedy: str | None = None,
    ) -> None:
        """Keep the code and what it could have meant, best first."""
        self.code = code
        self.candidates = candidates
        super().__init__(message, where=where, remedy=remedy)


class UnitError(DataError):
    """A unit that cannot be converted to the one that a measurement is compared in."""


class UsageError(MbkgError, ValueError):
    """A call that asks for something that does not exist or does not fit: a query, a parameter, a statement."""

    exit_code: ClassVar[int] = 2


class NotFoundError(UsageError, KeyError):
    """A query, recommendation or statement that is not in the graph."""

    def __str__(self) -> str:
        """Print the message as it is (KeyError would quote it)."""
        return str(self.args[0]) if self.args else ""


class EnvironmentLackError(MbkgError, RuntimeError):
    """Something that this machine does not have: an extra, a document, a program."""

    exit_code: ClassVar[int] = 4


class LimitError(MbkgError, ValueError):
    """Input beyond a limit: too large, too deep, too many."""

    exit_code: ClassVar[int] = 5
