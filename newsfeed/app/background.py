"""Ask somebody outside, such as git, and do something else until the answer is wanted."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def ask_in_background(ask: Callable[[], T]) -> Callable[[], T]:
    """Begin to ask, in a thread; returns a function that waits for the answer, or raises what went wrong."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(ask())
        except BaseException as error:  # noqa: BLE001 - raised where the answer is wanted
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()

    def answer() -> T:
        thread.join()
        if errors:
            raise errors[0]
        return answers[0]

    return answer
