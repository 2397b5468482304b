"""Refusals of the studio, each with a message and an HTTP status."""

from __future__ import annotations

from xisuan.errors import Problem, XisuanError


class RefusedError(XisuanError):
    """A request that is not granted. `status` is that of HTTP, `problems` what a check found."""

    exit_code = 2

    def __init__(self, status: int, message: str, problems: tuple[Problem, ...] = ()) -> None:
        self.status, self.problems = status, problems
        super().__init__(message)

    def __reduce__(self) -> tuple[type[RefusedError], tuple[int, str, tuple[Problem, ...]]]:
        """Pickle with all three arguments: a refusal may arise in another process."""
        return RefusedError, (self.status, str(self), self.problems)


def unknown(what: str) -> RefusedError:
    """404: it is not there, or not for this person; which of the two is not said."""
    return RefusedError(404, f"there is no such {what}, or it is not shared with you")


def forbidden(what: str) -> RefusedError:
    """403: the role or the sharing does not allow it."""
    return RefusedError(403, what)
