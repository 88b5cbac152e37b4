"""What columns of a table of people are called, and how addresses and names stand in its cells."""

import pytest

from newsfeed.core.people.import_columns import find_columns, has_gone, read_address, read_name

HEADS = {
    "Mailchimp": "Email Address,First Name,Last Name,Phone Number,MEMBER_RATING,OPTIN_TIME,LEID,TAGS",
    "Brevo": "EMAIL,LASTNAME,FIRSTNAME,SMS,ADDED_TIME",
    "listmonk": "uuid,email,name,attributes,status,created_at,updated_at",
    "Outlook": "Title,First Name,Middle Name,Last Name,Company,Language,E-mail Address,E-mail Type",
    "Outlook in German": "Anrede,Vorname,Weitere Vornamen,Nachname,E-Mail-Adresse,Sprache",
    "Outlook in French": "Prénom,Deuxième prénom,Nom,Adresse de messagerie,Langue",
    "Outlook in Dutch": "Voornaam,Tussenvoegsel,Achternaam,E-mailadres,Taal",
    "Google": "First Name,Middle Name,Last Name,E-mail 1 - Label,E-mail 1 - Value",
    "Thunderbird": "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email",
    "by hand": " Courriel ,NOM,\u00a0Prénom",
}


@pytest.mark.parametrize("kind", HEADS)
def test_columns_are_known_by_the_names_that_programs_give_them(kind):
    """Every program's own, in the language of its users."""
    places = find_columns(HEADS[kind].split(",")).places
    assert "email" in places
    assert {"name", "given", "family"} & set(places)


def test_two_columns_of_one_meaning_are_named():
    """Which of the two holds the address, nobody can tell."""
    assert find_columns(["email", "name", "E-Mail"]).twice == "E-Mail"
    assert find_columns(["email", "name", "", ""]).twice == ""


@pytest.mark.parametrize(
    ("cell", "address", "name"),
    [
        (" \u00a0ada@test.example\u200b", "ada@test.example", ""),
        ("mailto:ada@test.example?subject=Hi", "ada@test.example", ""),
        ('"Lovelace, Ada" <ada@test.example>', "ada@test.example", "Lovelace, Ada"),
        ("<mailto:ada@test.example>", "ada@test.example", ""),
        ('=HYPERLINK("mailto:ada@test.example";"ada@test.example")', "ada@test.example", ""),
        ('=lien_hypertexte("mailto:ada@test.example")', "ada@test.example", ""),
        ("'+ada@test.example", "+ada@test.example", ""),
        ("'s@test.example", "'s@test.example", ""),
    ],
)
def test_an_address_is_found_as_people_write_it(cell, address, name):
    """With a name, behind a scheme, in a formula, and with what was copied along."""
    assert read_address(cell) == (address, name)


@pytest.mark.parametrize(
    "cell",
    [
        '"boss@test.example" <ada@test.example>',
        '=HYPERLINK("mailto:ada@test.example","boss@test.example")',
        "<a@test.example> <b@test.example>",
        "a@test.example\nBcc: b@test.example",
    ],
)
def test_what_can_mean_two_addresses_stays_as_it_is(cell):
    """It is refused, and shown."""
    assert read_address(cell) == (cell, "")


def test_a_name_is_put_together():
    """From one column, or from several."""
    assert read_name({"name": "Ada Lovelace"}) == "Ada Lovelace"
    assert read_name({"given": "Jan", "middle": "van den", "family": "Berg"}) == "Jan van den Berg"
    assert read_name({"given": "Ada", "name": "Lovelace"}) == "Ada Lovelace"
    assert read_name({"given": "Ada", "name": "Ada Lovelace"}) == "Ada Lovelace"
    assert read_name({"name": "", "given": "Ada", "family": ""}) == "Ada"


def test_a_state_that_gets_no_mails_is_seen():
    """In a column of states, or of moments at which somebody went."""
    assert has_gone({"status": " Unsubscribed "}) == "status"
    assert has_gone({"left": "2020-01-01"}) == "left"
    assert has_gone({"status": "enabled", "left": "No"}) == ""


@pytest.mark.parametrize(
    "cells",
    [{"unsubscribed": "yes", "clean time": ""}, {"unsubscribed": "", "clean time": "2020-01-01"}, {"Abgemeldet am": "1.1.2020"}],
)  # fmt: skip
def test_every_column_that_tells_who_left_counts(cells):
    """Not only the last of them."""
    columns = find_columns(["email", *cells])
    assert has_gone(columns.cells(["a@example.org", *cells.values()])) == "left"
    assert not has_gone(columns.cells(["a@example.org", *("" for _ in cells)]))


@pytest.mark.parametrize(
    "name",
    ["Ankündigungen", "Erkundigungen", "Resilience", "Résilience", "Austragungsort", "Widerrufsbelehrung"],
)
def test_columns_of_wishes_are_not_taken_for_those_of_people_who_left(name):
    """Whoever wants announcements would else be noted as gone for good."""
    columns = find_columns(["email", name])
    assert not has_gone(columns.cells(["ada@test.example", "ja"]))


@pytest.mark.parametrize(
    "name", ["Kündigungsdatum", "gekündigt am", "Austragungsdatum", "Résilié le", "Opt-out"]
)
def test_columns_of_people_who_left_are_known_by_parts_of_their_names(name):
    """Nobody knows all columns of all programs."""
    columns = find_columns(["email", name])
    assert has_gone(columns.cells(["ada@test.example", "2024-01-31"])) == "left"
