"""Everything that can go wrong, as one family; nothing else in the package defines exceptions.

::

    NewsfeedError
    ├── ProblemsFound   the site has problems its editors can mend            (exit status 1)
    ├── UsageError      the command was asked for something it cannot mean    (exit status 2)
    └── OutsideError    disk, network or another program let us down          (exit status 3)
        ├── SiteChangedError    a file changed between being checked and being rendered
        ├── ForeignOutputError  the output folder is not ours to write into
        └── StaleError          somebody else changed what was to be saved

Problems themselves are values (`newsfeed.problems.Problem`), collected and returned; only the
edge raises `ProblemsFound`, once, with all of them.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.problems import Problem


class NewsfeedError(Exception):
    """Base of every error this package raises on purpose; its sentences are written for users.

    ``message`` says what is wrong, ``hint`` what to do: marked with ``N_`` and not filled. ``params`` fill
    the placeholders of both when they are printed, in the language of whoever runs the command.
    """

    exit_status = 3

    def __init__(self, message: str | Sentence, hint: str | Sentence = "", /, **params: object) -> None:
        self.sentence = message if isinstance(message, Sentence) else Sentence(message, **params)
        self.advice = hint if isinstance(hint, Sentence) else Sentence(hint, **params)
        super().__init__(str(self.sentence))

    @property
    def message(self) -> str:
        """Return the sentence that says what is wrong, in English: for logs."""
        return str(self.sentence)

    @property
    def hint(self) -> str:
        """Return the sentence that says what to do, in English."""
        return str(self.advice)

    def __reduce__(self) -> tuple[type[NewsfeedError], tuple[object, ...]]:
        """Pickle with the message and the hint: errors travel from worker processes."""
        return type(self), (self.sentence, self.advice)


class ProblemsFound(NewsfeedError):  # noqa: N818 - they are found, not raised by an error
    """The site has problems of severity *error*; nothing was published."""

    exit_status = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(N_("problems: {number}"), number=len(problems))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type[NewsfeedError], tuple[object, ...]]:
        """Pickle with the problems, from which the message is made."""
        return type(self), (self.problems,)


class UsageError(NewsfeedError):
    """The command line or its surroundings make no sense together."""

    exit_status = 2


class OutsideError(NewsfeedError):
    """Something outside the site failed: a disk, a network, another program."""

    exit_status = 3


class SiteChangedError(OutsideError):
    """A content file changed between being checked and being rendered; run the command again."""


class ForeignOutputError(OutsideError):
    """The output folder holds files that newsfeed did not write, and no sign that it is ours."""


class StaleError(OutsideError):
    """Somebody else changed or erased what was to be saved; read it again and decide anew."""


_REASONS = {
    errno.EACCES: N_("we are not allowed to"),
    errno.EADDRINUSE: N_("it is in use already"),
    errno.EBUSY: N_("it is in use"),
    errno.ECONNREFUSED: N_("the connection was refused"),
    errno.ECONNRESET: N_("the connection broke"),
    errno.EDQUOT: N_("your share of the disk is used up"),
    errno.EEXIST: N_("it exists already"),
    errno.EFBIG: N_("the file is too big"),
    errno.EHOSTUNREACH: N_("it cannot be reached"),
    errno.EIO: N_("the disk failed to read or write"),
    errno.EISDIR: N_("it is a folder"),
    errno.ELOOP: N_("it is a link, or links lead in a circle"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ENETUNREACH: N_("the network cannot be reached"),
    errno.ENFILE: N_("too many files are open"),
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOSPC: N_("the disk is full"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.EPERM: N_("we are not allowed to"),
    errno.EPIPE: N_("nobody listens at the other end"),
    errno.EROFS: N_("the disk may only be read"),
    errno.ETIMEDOUT: N_("it did not answer in time"),
}
"""The system's errors that people meet, for people: its own words are English in most places."""


def reason_of(error: OSError) -> Sentence:
    """Return why the system refused something; rare reasons in its own words."""
    if error.errno in _REASONS and type(error).__module__ == "builtins":  # others have numbers of their own
        return Sentence(_REASONS[error.errno])
    return Sentence(error.strerror or str(error) or type(error).__name__)
