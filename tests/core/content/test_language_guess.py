"""The guess that a text is in another language than its name says."""

import pytest

from newsfeed.core.content.language_guess import guess_other_language

TEXTS = {
    "en": "The ministry has opened the new station for the measurement of rain, and the results will be published in "
    "the spring. It was built with the help of a partner from the region, which had asked for it for years. "
    "On most days the data is sent to the office in the capital by radio.",
    "de": "Das Ministerium hat die neue Station für die Messung des Regens eröffnet, und die Ergebnisse werden im "
    "Frühjahr veröffentlicht. Sie ist mit der Hilfe eines Partners aus der Region gebaut, der seit Jahren darum "
    "gebeten hatte. An den meisten Tagen werden die Daten von dort über Funk in das Büro der Hauptstadt geschickt.",
    "fr": "Le ministère a ouvert la nouvelle station pour la mesure de la pluie, et les résultats seront publiés au "
    "printemps. Elle a été construite avec l’aide d’un partenaire de la région, qui le demandait depuis des années. "
    "La plupart des jours, les données sont envoyées par radio au bureau de la capitale.",
    "nl": "Het ministerie heeft het nieuwe station voor de meting van regen geopend, en de resultaten worden in het "
    "voorjaar gepubliceerd. Het is met de hulp van een partner uit de streek gebouwd, die er al jaren om had "
    "gevraagd. Op de meeste dagen worden de gegevens door de zender naar het kantoor in de hoofdstad gestuurd.",
    "ru": "Министерство открыло новую станцию для измерения дождя, и результаты будут опубликованы весной. Она была "
    "построена с помощью партнёра из региона, который просил об этом годами, но не мог её построить. Данные по "
    "радио отправляются в столицу, а это для нас и для всех, кто живёт в этом районе, как подарок от друзей.",
}


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_another_language_is_told(lang, name):
    """And one of its own is not."""
    assert guess_other_language(TEXTS[lang], name) == ("" if lang == name else lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (TEXTS["de"][:120], "en"),  # too short
        (TEXTS["de"], "de-AT"),
        (TEXTS["de"], "xx"),
        ("Berlin, Paris, Almaty, Rom, Lima, Oslo. " * 20, "en"),
        ("```\nfor each in range: print value\n```\n" * 20, "de"),
        ("", "en"),
    ],
)
def test_nothing_is_said_where_little_can_be_known(text, lang):
    """Short texts, lists of names, programs, languages of which no words are known here."""
    assert guess_other_language(text, lang) == ""
