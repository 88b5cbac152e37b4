"""What every store of people does."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text, update

from newsfeed.errors import StaleError
from newsfeed.model import Message
from newsfeed.records import AddressChange, Bounce, ServiceMail, Subscription
from newsfeed.stores.sql import SqlStore
from newsfeed.stores.sql import people as people_module
from newsfeed.stores.sql.tables import consents, deliveries, shown_pages
from tests.contracts.stores import (
    DAY,
    NOW,
    Place,
    consent,
    hash_address,
    person,
    plan,
    result,
    states,
    step,
)


def test_new_people_get_numbers_and_come_back_as_they_were(store: SqlStore) -> None:
    """Every word, list and subscription survives, and any spelling of the address finds them."""
    subscriptions = {
        "monthly": Subscription(digest="monthly", topics=("water", "énergie"), frequency="monthly"),
        "staff": Subscription(digest="staff"),
    }
    ann = person(
        "ann", name="Ann “Ä” Müller", languages=("de", "fr"), subscriptions=subscriptions, zone="Asia/Tokyo"
    )
    saved = store.people.save([ann, person("bob")])
    assert [one.id for one in saved] == [1, 2]
    assert saved[0] == replace(ann, id=1, revision=1)
    assert store.people.find("Ann@Example.ORG") == saved[0]
    assert store.people.get(2) == saved[1]
    assert list(store.people.get(1).subscriptions) == ["monthly", "staff"]


def test_nobody_is_found_where_nobody_is(store: SqlStore) -> None:
    """Unknown addresses and numbers are no errors."""
    assert store.people.find("nobody@example.org") is None
    assert store.people.get(1) is None
    assert list(store.people.all()) == []
    assert store.people.find_all([]) == {}
    assert store.people.save([]) == []


def test_many_addresses_are_looked_up_at_once(store: SqlStore) -> None:
    """Each spelling asked for gets its answer, also beyond what one query may ask."""
    store.people.save([person(f"reader{number}") for number in range(700)])
    asked = [f"Reader{number}@example.org" for number in range(0, 1400, 2)]
    found = store.people.find_all([*asked, "reader4@example.org"])
    assert len(found) == 351
    assert found["Reader4@example.org"] == found["reader4@example.org"]
    assert found["Reader698@example.org"].id == 699


def test_a_change_replaces_all_facts(store: SqlStore) -> None:
    """State, address and subscriptions are what was saved last."""
    (ann,) = store.people.save([person("ann")])
    changed = replace(ann, state="left", address="ann@new.example", subscriptions={}, name="A")
    (saved,) = store.people.save([changed])
    assert saved == replace(changed, revision=2)
    assert store.people.get(ann.id) == saved
    assert store.people.find("ann@example.org") is None
    assert store.people.find("ann@new.example") == saved


def test_an_address_that_was_given_up_is_remembered(store: SqlStore) -> None:
    """In any spelling, and after the person was erased; not an address that only changed its case."""
    ann, bob = store.people.save([person("ann"), person("bob")])
    store.people.save([replace(ann, address="ann@new.example"), replace(bob, address="BOB@example.org")])
    asked = ["Ann@Example.org", "bob@example.org", "ann@new.example", "nobody@example.org"]
    assert store.people.former_addresses(asked) == {"Ann@Example.org"}
    assert store.people.former_addresses([]) == frozenset()
    store.people.erase(ann.id)
    assert store.people.former_addresses(asked) == {"Ann@Example.org"}


def test_an_address_that_is_used_again_is_no_former_one(store: SqlStore) -> None:
    """By the same person or by another who is active; somebody who has not confirmed yet changes nothing."""
    (ann,) = store.people.save([person("ann")])
    (ann,) = store.people.save([replace(ann, address="ann@new.example")])
    (other,) = store.people.save([person("other", address="ann@example.org", state="pending")])
    assert store.people.former_addresses(["ann@example.org"]) == {"ann@example.org"}
    (other,) = store.people.save([replace(other, state="active")])
    assert store.people.former_addresses(["ann@example.org"]) == frozenset()
    store.people.save([replace(other, address="other@example.org"), replace(ann, address="ann@example.org")])
    assert store.people.former_addresses(["ann@example.org", "ann@new.example"]) == {"ann@new.example"}


def test_many_addresses_are_given_up_at_once(store: SqlStore) -> None:
    """Beyond what one query may ask."""
    crowd = store.people.save([person(f"p{number}") for number in range(1100)])
    store.people.save([replace(one, address=f"new-{one.address}") for one in crowd])
    assert len(store.people.former_addresses([one.address for one in crowd])) == 1100


def test_everybody_comes_in_the_order_of_numbers(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages do not show: nobody is missed or repeated, and a digest's readers can be asked for alone."""
    monkeypatch.setattr(people_module, "_PAGE", 3)
    other = {"other": Subscription(digest="other")}
    both = {**other, "staff": Subscription(digest="staff")}
    crowd = [person(f"p{n}", subscriptions=(other, both, {})[n % 3]) for n in range(14)]
    saved = store.people.save(crowd)
    assert list(store.people.all()) == saved
    assert list(store.people.all("other")) == [one for one in saved if "other" in one.subscriptions]
    assert list(store.people.all("staff")) == [one for one in saved if "staff" in one.subscriptions]
    assert list(store.people.all("none")) == []


def test_people_may_be_saved_while_everybody_is_read(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading page by page holds no lock."""
    monkeypatch.setattr(people_module, "_PAGE", 2)
    store.people.save([person(f"p{n}") for n in range(6)])
    for one in store.people.all():
        store.people.save([replace(one, name="seen")])
    assert {one.name for one in store.people.all()} == {"seen"}


def test_who_decided_on_old_facts_must_look_again(store: SqlStore) -> None:
    """Somebody leaves while an import, which has read them before, saves them as active: they stay away."""
    ann, bob = store.people.save([person("ann"), person("bob")])
    store.people.save([replace(ann, state="left")], [consent(ann, how="left")])
    with pytest.raises(StaleError):
        store.people.save(
            [replace(bob, name="B"), replace(ann, state="active"), person("new")], [consent(ann)]
        )
    assert store.people.get(ann.id).state == "left"
    assert store.people.get(bob.id).name == "Bob"
    assert store.people.find("new@example.org") is None
    assert [one.how for one in store.people.consents()] == ["left"]


def test_an_address_is_somebodys_only_once(store: SqlStore) -> None:
    """Two who add the same address at the same moment do not make two people of it."""
    store.people.save([person("ann")])
    with pytest.raises(StaleError) as caught:
        store.people.save([person("bob"), person("other", address="ANN@example.org")])
    assert "ann" not in str(caught.value).casefold()
    assert len(list(store.people.all())) == 1


def test_consents_form_a_chain(store: SqlStore) -> None:
    """Each names the hash of the one before, over all people and transactions."""
    ann, bob = store.people.save([person("ann"), person("bob")])
    assert store.people.verify_chain() is None
    store.people.save([], [consent(ann), consent(bob, source="a.csv:7")])
    store.people.save([ann], [consent(ann, NOW + DAY, how="left", wording="„Tschüß“")])
    kept = store.people.consents()
    assert [one.subscriber_key for one in kept] == [ann.key, bob.key, ann.key]
    assert [one.previous for one in kept] == ["", kept[0].hash, kept[1].hash]
    assert all(len(one.hash) == 64 for one in kept)
    assert store.people.consents(ann.key) == [kept[0], kept[2]]
    assert replace(kept[2], previous="", hash="") == consent(ann, NOW + DAY, how="left", wording="„Tschüß“")
    assert store.people.verify_chain() is None


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (update(consents).where(consents.c.id == 2).values(wording="anything"), 2),
        (update(consents).where(consents.c.id == 2).values(at=NOW + 9 * DAY), 2),
        (update(consents).where(consents.c.id == 2).values(at=None), 2),
        (update(consents).where(consents.c.id == 2).values(subscriber_id=2), 2),
        (update(consents).where(consents.c.id == 2).values(salt=None), 2),
        (update(consents).where(consents.c.id == 3).values(content=b"x" * 32), 3),
        (update(consents).where(consents.c.id == 1).values(previous=b"x"), 1),
        (delete(consents).where(consents.c.id == 2), 3),
        (delete(consents).where(consents.c.id == 1), 2),
        (text("UPDATE consents SET id = CASE id WHEN 2 THEN 30 ELSE id END"), 3),
    ],
)
def test_whoever_changes_a_consent_breaks_the_chain(store: SqlStore, tamper: object, broken: int) -> None:
    """The first record that does not fit is named."""
    people = store.people.save([person("ann"), person("bob")])
    store.people.save([], [consent(people[0], NOW + number * DAY) for number in range(4)])
    with store._database.write() as connection:
        connection.execute(tamper)
    assert store.people.verify_chain() == broken


def test_a_consent_of_nobody_is_not_kept(store: SqlStore) -> None:
    """Somebody was erased in the meantime: nothing about them is written again."""
    with pytest.raises(StaleError):
        store.people.save([person("ann")], [consent(person("bob"))])
    assert list(store.people.all()) == []


def test_the_first_reason_of_a_suppression_stays(store: SqlStore) -> None:
    """Suppressing again is no error, and asking for unknown hashes neither."""
    hashes = [hash_address(f"{number}@example.org") for number in range(1200)]
    store.people.suppress(hashes[0], "erased", NOW)
    store.people.suppress(hashes[0], "complaint", NOW + DAY)
    store.people.suppress(hashes[1100], "complaint", NOW)
    assert store.people.suppressions(hashes) == {hashes[0]: "erased", hashes[1100]: "complaint"}
    assert store.people.suppressions([]) == {}


def test_a_suppression_can_be_taken_back(store: SqlStore) -> None:
    """That one and no other; taking back what is not there is no error."""
    hashes = [hash_address(f"{number}@example.org") for number in range(3)]
    for one in hashes[:2]:
        store.people.suppress(one, "asked", NOW)
    store.people.unsuppress(hashes[0])
    store.people.unsuppress(hashes[2])
    assert store.people.suppressions(hashes) == {hashes[1]: "asked"}
    store.people.suppress(hashes[0], "again", NOW)
    assert store.people.suppressions(hashes[:1]) == {hashes[0]: "again"}


def _busy_life(store: SqlStore) -> None:
    """Ann has consented, got an issue, bounced, and waits for a service mail and another issue."""
    ann, bob = store.people.save([person("ann"), person("bob")])
    store.people.save([], [consent(ann), consent(bob)])
    plan(store, [ann, bob])
    owner = store.owners.register()
    first, second = store.send_queue.claim(owner, NOW, 10)
    reply = replace(result(first), reply="250 2.1.5 <ann@example.org> Ok")
    step(store, reply, None, owner, NOW)
    step(store, result(second), None, owner, NOW)
    plan(store, [ann, bob], "s2", at=NOW + DAY)
    store.bounces.add(Bounce(subscriber_id=1, delivery_id=1, at=NOW, kind="soft", detail="ann@example.org"))
    mail = Message("news@example.org", "ann@example.org", "<c1@example.org>", b"To: Ann <ann@example.org>")
    store.outbox.add(
        ServiceMail(
            kind="confirm", subscriber_id=1, message=mail, created=NOW, next_try=NOW, expires=NOW + DAY
        )
    )
    store.people.suppress(hash_address("ann@example.org"), "erased", NOW)


def test_erasing_leaves_numbers_but_no_person(store: SqlStore) -> None:
    """Rows about the person are gone, receipts still balance, the chain still closes."""
    _busy_life(store)
    store.people.erase(1)
    assert store.people.get(1) is None
    assert store.people.find("ann@example.org") is None
    assert [one.subscriber_key for one in store.people.consents()] == ["key-of-bob"]
    assert store.people.verify_chain() is None
    assert store.bounces.of_subscriber(1, NOW - DAY) == []
    assert store.bounces.delivery(1) is None
    assert store.outbox.due(NOW, 10) == []
    assert store.issues.deliveries(1) == []
    assert states(store, store.issues.find("staff/s1")) == {"accepted": 2}
    assert states(store, store.issues.find("staff/s2")) == {"left": 1, "planned": 1}
    assert store.people.suppressions([hash_address("ann@example.org")])
    assert 1 not in store.issues.stories_received("staff", NOW - DAY)


def test_no_column_of_any_table_keeps_an_erased_person(store: SqlStore) -> None:
    """Neither address nor name nor key is left anywhere, whatever table it was in."""
    _busy_life(store)
    store.people.erase(1)
    from newsfeed.stores.sql.tables import METADATA

    with store._database.read() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(table.select()):
                assert not any(word in repr(row) for word in ("ann@", "Ann", "key-of-ann")), table.name


def test_deliveries_of_an_erased_person_do_not_tell_their_domain(store: SqlStore) -> None:
    """It may be theirs alone: neither whose servers they were for is left, nor which one took them."""
    _busy_life(store)
    with store._database.read() as connection:
        before = connection.execute(select(deliveries.c.receivers, deliveries.c.relay)).all()
    assert any(row.receivers for row in before)
    store.people.erase(1)
    with store._database.read() as connection:
        erased = deliveries.c.subscriber_id.is_(None)
        found = connection.execute(select(deliveries.c.receivers, deliveries.c.relay).where(erased)).all()
    assert found
    assert {tuple(row) for row in found} == {("", "")}


def test_an_erased_number_is_never_given_again(store: SqlStore) -> None:
    """Tokens in old mails name numbers: they must not come to mean somebody else."""
    ann, bob = store.people.save([person("ann"), person("bob")])
    store.people.erase(bob.id)
    (eve,) = store.people.save([person("eve")])
    assert eve.id == 3
    store.people.erase(eve.id)
    store.people.erase(ann.id)
    (ann,) = store.people.save([person("ann")])
    assert ann.id == 4


def test_an_erased_person_cannot_be_saved_again(store: SqlStore) -> None:
    """Who read them before the erasure must not bring them back."""
    (ann,) = store.people.save([person("ann")])
    store.people.erase(ann.id)
    store.people.erase(ann.id)
    with pytest.raises(StaleError):
        store.people.save([replace(ann, name="again")])
    assert store.people.find("ann@example.org") is None


def test_a_message_on_the_wire_survives_the_erasure_of_its_reader(store: SqlStore) -> None:
    """Its outcome is counted, without words that could name the person, and nothing is tried again."""
    ann, bob = store.people.save([person("ann"), person("bob")])
    issue = plan(store, [ann, bob])
    owner = store.owners.register()
    first, second = store.send_queue.claim(owner, NOW, 10)
    assert step(store, None, first.delivery.id, owner, NOW) == "go"
    store.people.erase(ann.id)
    outcome = replace(result(first, "deferred", NOW + DAY), reply="450 <ann@example.org> is busy")
    assert step(store, outcome, second.delivery.id, owner, NOW) == "go"
    assert states(store, issue) == {"left": 1, "intent": 1}
    with store._database.read() as connection:
        row = connection.execute(
            text("SELECT reply, message_id, next_try FROM deliveries WHERE id = 1")
        ).one()
    assert tuple(row) == ("", "", None)


def test_a_claimed_delivery_of_an_erased_reader_is_taken_back(store: SqlStore) -> None:
    """Its sender is told that it is not theirs any more."""
    (ann,) = store.people.save([person("ann")])
    issue = plan(store, [ann])
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 10)
    store.people.erase(ann.id)
    assert step(store, None, outgoing.delivery.id, owner, NOW) == "taken"
    assert states(store, issue) == {"left": 1}


def test_another_secret_is_refused(shared: Place) -> None:
    """With it nobody's suppression would be recognised any more."""
    shared.open()
    from newsfeed.errors import OutsideError
    from newsfeed.stores.sql import open_store

    with pytest.raises(OutsideError, match="another secret"):
        open_store(shared.url, hash_address=str.upper)


def test_readers_are_counted_by_digest(store: SqlStore) -> None:
    """Only those who get mails."""
    both = {name: Subscription(digest=name) for name in ("staff", "old")}
    store.people.save([person("a", subscriptions=both), person("b"), person("c", state="bounced")])
    assert store.people.count_readers() == {"old": 1, "staff": 2}


def test_a_digest_may_go_on_under_another_name(store: SqlStore) -> None:
    """All its former names lead there; a name that is used again leads nowhere."""
    store.people.record_digest_move("a", "b")
    store.people.record_digest_move("b", "c")
    assert store.people.digest_moves() == {"a": "c", "b": "c"}
    store.people.record_digest_move("c", "a")
    assert store.people.digest_moves() == {"b": "a", "c": "a"}


def test_what_was_had_under_a_former_name_is_had(store: SqlStore) -> None:
    """Slots, issues and stories count on; a delivery that waits leaves for whoever reads the new one."""
    (ann,) = store.people.save([person("ann", subscriptions={"new": Subscription(digest="new")})])
    issue = plan(store, [ann], digest="old")
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 1)
    store.people.record_digest_move("old", "new")
    assert store.issues.stories_received("new", NOW - DAY) == {ann.id: frozenset("ab")}
    assert store.issues.slots("new", NOW - DAY) == {"s1": issue.id}
    found = store.issues.find("new")
    assert found is not None
    assert found.digest == "old"
    assert step(store, None, outgoing.delivery.id, owner, NOW) == "go"
    assert step(store, result(outgoing), None, owner, NOW) == "go"
    assert states(store, issue) == {"accepted": 1}


def test_what_was_shown_is_kept_once(store: SqlStore) -> None:
    """By its hash; what was changed since is no proof of anything."""
    name = store.shown_pages.keep("<p>Do you want it? – Ä</p>")
    assert store.shown_pages.keep("<p>Do you want it? – Ä</p>") == name
    assert store.shown_pages.find(name) == "<p>Do you want it? – Ä</p>"
    assert store.shown_pages.find("0" * 64) == ""
    with store._database.write() as connection:
        connection.execute(update(shown_pages).values(text="<p>Something else</p>"))
    assert store.shown_pages.find(name) == ""


def test_evidence_is_a_part_of_the_chain(store: SqlStore) -> None:
    """It comes back as it was, cannot be changed, and is erased with the person."""
    evidence = {"page": "/de/subscribe", "form": "0" * 64, "filled": "9"}
    (ann,) = store.people.save([person("ann")], [replace(consent(person("ann")), evidence=evidence)])
    assert store.people.consents(ann.key)[0].evidence == evidence
    assert store.people.verify_chain() is None
    with store._database.write() as connection:
        connection.execute(update(consents).values(evidence={**evidence, "filled": "2"}))
    assert store.people.verify_chain() == 1
    store.people.erase(ann.id)
    assert store.people.verify_chain() is None
    with store._database.read() as connection:
        assert connection.execute(select(consents.c.evidence)).scalar() is None


def test_one_change_of_address_waits_for_each_person(store: SqlStore) -> None:
    """The last one; it goes when it is over, when it is done, and with the person."""
    ann, bob = store.people.save([person("ann"), person("bob")])
    changes = store.address_changes
    changes.keep(AddressChange(ann.id, "first@new.example", NOW + DAY))
    changes.keep(AddressChange(ann.id, "second@new.example", NOW + DAY))
    changes.keep(AddressChange(bob.id, "bob@new.example", NOW))
    assert changes.find(ann.id) == AddressChange(ann.id, "second@new.example", NOW + DAY)
    assert changes.forget_expired(NOW) == 1
    assert changes.find(bob.id) is None
    assert not changes.forget(ann.id, "first@new.example")
    assert changes.forget(ann.id, "second@new.example")
    assert not changes.forget(ann.id)
    assert changes.find(ann.id) is None
    changes.keep(AddressChange(ann.id, "third@new.example", NOW + DAY))
    store.people.erase(ann.id)
    assert changes.find(ann.id) is None
    with pytest.raises(StaleError):
        changes.keep(AddressChange(ann.id, "fourth@new.example", NOW + DAY))
