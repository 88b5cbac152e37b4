"""Words and choices for forms of tests."""

from newsfeed.core.editor.form_config import FormSite
from newsfeed.core.editor.form_fields import Choices, FormWords

SITE = FormSite(
    title="Example network",
    base_url="https://test.example/",
    languages=("en", "de", "fr"),
    default_language="en",
)
CHOICES = Choices(
    languages={"en": "English", "de": "German", "fr": "French"},
    topics={"water": "Water"},
    countries={"KZ": "Kazakhstan", "NO": "Norway"},
    donors={"fund": "Fund"},
    partners={"club": "Club"},
    projects={"wells": "Wells"},
    programmes={"clean-water": "Clean water"},
    authors=("Ada Example",),
)


def words(choices: Choices = CHOICES) -> FormWords:
    """English words for a form."""
    return FormWords(
        say=lambda sentence: sentence,
        choices=choices,
        zone="Europe/Berlin",
        title_length=200,
        summary_length=600,
    )
