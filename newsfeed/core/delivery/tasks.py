"""Name the tasks that workers run, their queues, and how often some of them run by themselves."""

from __future__ import annotations

from newsfeed.queue_ports import QueueTask

QUEUES = (PLAN, SEND, MAIL, TIDY, PUBLISH) = ("plan", "send", "mail", "tidy", "publish")
"""Queues a worker can serve: issues that are due, their messages, mailboxes, leftovers, and the site."""
USUAL_QUEUES = (PLAN, SEND, MAIL, TIDY)
"""Those that any machine can serve; *publish* needs the folder of the published site."""

PLAN_ISSUES = QueueTask("plan_issues", PLAN, lock="plan_issues")
FIND_BATCHES = QueueTask("find_batches", PLAN, lock="find_batches")
READ_MAILBOXES = QueueTask("read_mailboxes", MAIL, lock="read_mailboxes")
FORGET = QueueTask("forget", TIDY, lock="forget")
PUBLISH_COMMIT = QueueTask("publish_commit", PUBLISH, lock="publish_commit")
PING_FEEDS = QueueTask("ping_feeds", PUBLISH, lock="ping_feeds")
SEND_BATCH = "send_batch"

TICK = 20
"""Seconds between two looks at what is due."""
PEOPLE_WAIT = 3
"""Seconds between two looks at mails that people asked for, who sit before their mailboxes. As tasks they
would wait until a batch is through, so whoever sends has a thread for them.
"""
PERIODIC = {
    PLAN_ISSUES: TICK,
    FIND_BATCHES: TICK,
    READ_MAILBOXES: 300,
    FORGET: 3600,
    PUBLISH_COMMIT: 300,
    PING_FEEDS: TICK,
}
"""Task → seconds between two runs, over all workers together."""


def send_batch_task(number: int) -> QueueTask:
    """Return the task that sends one batch: after looks at what is due."""
    return QueueTask(SEND_BATCH, SEND, {"batch": number}, f"batch {number}", priority=-1)
