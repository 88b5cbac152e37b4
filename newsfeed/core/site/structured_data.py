"""A story as search engines read it: schema.org's NewsArticle, and the way to it from the front page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.core.site.index import ShownText
    from newsfeed.core.site.web_addresses import WebAddresses
    from newsfeed.model import Story
    from newsfeed.settings import Settings
    from newsfeed.views import Anchor, Frame, Picture, StoryCard

_VOCABULARY = "https://schema.org"


def make_story_data(
    settings: Settings, addresses: WebAddresses, frame: Frame, card: StoryCard, story: Story, shown: ShownText
) -> Mapping[str, object]:
    """Return a story and its breadcrumbs. A page that repeats another edition's text speaks of that one."""
    article: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": card.title,
        "inLanguage": shown.item.lang,
        "datePublished": story.date.isoformat(),
        "dateModified": story.updated.isoformat(),
        "mainEntityOfPage": frame.canonical,
        "publisher": _publisher(settings, addresses, frame),
    }
    if frame.description:
        article["description"] = frame.description
    if frame.sharing.picture is not None:
        article["image"] = _image(frame.sharing.picture, story)
    if card.authors:
        site = urls.base_url_path(settings.site.base_url)
        article["author"] = [
            {"@type": "Person", "name": one.text, "url": settings.site.base_url + one.href.removeprefix(site)}
            for one in card.authors
        ]
    return {"@context": _VOCABULARY, "@graph": [article, _breadcrumbs(settings, frame, card)]}


def _image(picture: Picture, story: Story) -> object:
    """Return a picture, and what is said of it; its address alone where nothing is."""
    said = {"caption": picture.caption, "creditText": story.image_credit if picture.credit else ""}
    said = {name: value for name, value in said.items() if value}
    if not said:
        return picture.src
    size = {"width": picture.width, "height": picture.height} if picture.width else {}
    return {"@type": "ImageObject", "url": picture.src, **size, **said}


def _publisher(settings: Settings, addresses: WebAddresses, frame: Frame) -> dict[str, object]:
    publisher: dict[str, object] = {
        "@type": "Organization",
        "name": frame.site_title,
        "url": settings.site.base_url,
    }
    if settings.brand.logo is not None:
        publisher["logo"] = addresses.absolute(settings.brand.logo.output)
    return publisher


def _breadcrumbs(settings: Settings, frame: Frame, card: StoryCard) -> dict[str, object]:
    """Return the way from the front page over the first topic that has a page to the story."""
    topics: Sequence[Anchor] = [topic for topic in card.topics if topic.href][:1]
    site = urls.base_url_path(settings.site.base_url)
    steps = [(frame.site_title, frame.home), *((topic.text, topic.href) for topic in topics)]
    items: list[dict[str, object]] = [
        {
            "@type": "ListItem",
            "position": number,
            "name": name,
            "item": settings.site.base_url + href.removeprefix(site),
        }
        for number, (name, href) in enumerate(steps, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": card.title})
    return {"@type": "BreadcrumbList", "itemListElement": items}
