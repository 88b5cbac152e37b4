"""Tasks: their queues and their locks."""

from newsfeed.core.delivery.tasks import PERIODIC, QUEUES, SEND, USUAL_QUEUES, send_batch_task


def test_every_periodic_task_has_a_queue_and_a_lock_of_its_own() -> None:
    """One that waits already is not deferred again, however slow its worker is."""
    assert {task.queue for task in PERIODIC} <= set(QUEUES)
    assert len({task.lock for task in PERIODIC}) == len(PERIODIC)
    assert all(task.lock and not task.arguments for task in PERIODIC)
    assert set(USUAL_QUEUES) < set(QUEUES)


def test_a_batch_has_a_task_with_a_lock_of_its_own() -> None:
    """Named by its number."""
    first, second = send_batch_task(1), send_batch_task(2)
    assert (first.queue, first.arguments) == (SEND, {"batch": 1})
    assert first.lock != second.lock
    assert len({first, second, send_batch_task(1)}) == 2
