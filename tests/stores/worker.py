"""Other processes over the same store: ``python -m tests.stores.worker VERB URL …`` in the root.

Each prints ``ready`` and waits for a line before it begins, so that tests can let several begin at
the same moment. What it found it prints as one line of numbers.
"""

import sys
import time

from newsfeed.errors import OutsideError
from tests.contracts.stores import MINUTE, NOW, hash_address, result, step


def claim(url: str) -> None:
    """Take up everything there is, five at a time, and settle it; prints the numbers taken up."""
    store = _open(url)
    owner = store.owners.register()
    taken = []
    while claimed := store.send_queue.claim(owner, NOW, 5):
        last = None
        for outgoing in claimed:
            assert step(store, last, outgoing.delivery.id, owner, NOW) == "go"
            last = result(outgoing)
            taken.append(outgoing.delivery.id)
        step(store, last, None, owner, NOW)
    _say(*taken)
    store.close()


def hang(url: str) -> None:
    """Take up three, put one on the wire, and stay like that until killed."""
    store = _open(url)
    owner = store.owners.register()
    claimed = store.send_queue.claim(owner, NOW, 3)
    step(store, None, claimed[0].delivery.id, owner, NOW)
    _say(owner)
    time.sleep(600)


def send(url: str) -> None:
    """Send everything; says so after every step, so that a kill comes in the midst of it."""
    store = _open(url)
    owner = store.owners.register()
    store.send_queue.recover(NOW)
    for issue in store.issues.slots("staff", NOW).values():
        store.issues.decide_doubts(issue, True, NOW)
    while claimed := store.send_queue.claim(owner, NOW + MINUTE, 20):
        last = None
        for outgoing in claimed:
            assert step(store, last, outgoing.delivery.id, owner, NOW) == "go"
            _say(outgoing.delivery.id)  # "the final dot"
            last = result(outgoing)
        step(store, last, None, owner, NOW)
    store.close()


def just_open(url: str) -> None:
    """Open the store and close it."""
    _open(url).close()
    _say(0)


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def _open(url: str):
    from newsfeed.stores.sql import open_store

    _say("ready")
    sys.stdin.readline()
    return open_store(url, hash_address=hash_address)


if __name__ == "__main__":
    verb, place = sys.argv[1:]
    try:
        {"claim": claim, "hang": hang, "send": send, "open": just_open}[verb](place)
    except OutsideError as error:
        sys.exit(f"{error} ({error.hint}) {error.__cause__!r}")
