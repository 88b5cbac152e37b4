"""A story as search engines read it: schema.org's NewsArticle, and the way to it from the front page.

It is JSON-LD, written here: the way is the same for all stories of a month.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsfeed.core.site import urls

if TYPE_CHECKING:
    from newsfeed.core.site.index import ShownText
    from newsfeed.core.site.web_addresses import WebAddresses
    from newsfeed.model import Story
    from newsfeed.settings import Settings
    from newsfeed.views import Anchor, Frame, Picture, StoryCard

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class StructuredData:
    """Writes what pages say to machines."""

    def __init__(self, settings: Settings, addresses: WebAddresses) -> None:
        self._settings = settings
        self._addresses = addresses
        self._base_path = urls.base_url_path(settings.site.base_url)
        self._desks = frozenset(settings.site.desks)
        self._shared: dict[object, str] = {}
        """Trail, authors or title of the site → what they are as JSON."""

    def story(self, frame: Frame, card: StoryCard, story: Story, shown: ShownText) -> str:
        """Return a story and its breadcrumbs as JSON. A page that repeats another edition's text speaks of
        that one. What the head of the page says, such as its description, is not said again.
        """
        published = story.date.isoformat()
        updated = published if story.updated == story.date else story.updated.isoformat()
        article = (
            f'"@type":"NewsArticle","headline":{_write(card.title)},"inLanguage":"{shown.item.lang}"'
            f',"datePublished":"{published}","dateModified":"{updated}","url":{_write(frame.canonical)}'
        )
        if frame.sharing.picture is not None:
            article += f',"image":{_write(_image(frame.sharing.picture, story))}'
        if card.authors:
            article += f',"author":{self._authors(card.authors)}'
        graph = f'{{{article},"publisher":{self._publisher(frame)}}},{self._breadcrumbs(frame.trail)}'
        return f'{{"@context":"https://schema.org","@graph":[{graph}]}}'

    def _publisher(self, frame: Frame) -> str:
        if frame.site_title not in self._shared:
            site = self._settings
            publisher = {"@type": "Organization", "name": frame.site_title, "url": site.site.base_url}
            if site.brand.logo is not None:
                publisher["logo"] = self._addresses.absolute(site.brand.logo.output)
            self._shared[frame.site_title] = _write(publisher)
        return self._shared[frame.site_title]

    def _authors(self, authors: tuple[Anchor, ...]) -> str:
        if authors not in self._shared:
            self._shared[authors] = _write([self._author(one) for one in authors])
        return self._shared[authors]

    def _author(self, author: Anchor) -> dict[str, str]:
        is_desk = urls.make_author_key(author.text) in self._desks
        kind = "Organization" if is_desk else "Person"
        return {"@type": kind, "name": author.text, "url": self._absolute(author.href)}

    def _breadcrumbs(self, trail: tuple[Anchor, ...]) -> str:
        """Return the trail that the page shows; the page itself needs no place in it."""
        if trail not in self._shared:
            places = [(step.text, self._absolute(step.href)) for step in trail]
            steps = [
                {"@type": "ListItem", "position": number, "name": name, "item": address}
                for number, (name, address) in enumerate(places, 1)
            ]
            self._shared[trail] = _write({"@type": "BreadcrumbList", "itemListElement": steps})
        return self._shared[trail]

    def _absolute(self, href: str) -> str:
        return self._settings.site.base_url + href.removeprefix(self._base_path)


def _image(picture: Picture, story: Story) -> object:
    """Return a picture, and what is said of it; its address alone where nothing is."""
    said = {"caption": picture.caption, "creditText": story.image_credit if picture.credit else ""}
    said = {name: value for name, value in said.items() if value}
    if not said:
        return picture.src
    size = {"width": picture.width, "height": picture.height} if picture.width else {}
    return {"@type": "ImageObject", "url": picture.src, **size, **said}
