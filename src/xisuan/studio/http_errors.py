"""Refusals of the studio, each with a message and an HTTP status."""

from __future__ import annotations

from xisuan.errors import Problem, XisuanError
from xisuan.text.translation import message as _


class RefusedError(XisuanError):
    """A refused request. `status` is the HTTP status, `problems` the findings of a check."""

    exit_code = 2

    def __init__(self, status: int, message: str, problems: tuple[Problem, ...] = ()) -> None:
        self.status, self.message, self.problems = status, message, problems
        super().__init__(message)

    def __reduce__(self) -> tuple[type[RefusedError], tuple[int, str, tuple[Problem, ...]]]:
        """Return the pickled form with all three arguments: a refusal may be raised in another process."""
        return RefusedError, (self.status, self.message, self.problems)


def unknown(what: str) -> RefusedError:
    """Return a 404 for an item that does not exist or that the user may not see, without telling which."""
    return RefusedError(404, _("there is no such {what}, or it is not shared with you", what=what))


def forbidden(what: str) -> RefusedError:
    """Return a 403: the role or the sharing does not permit it."""
    return RefusedError(403, what)
