"""Plan entry → page view: everything one page shows, as values in its language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from newsfeed.core import urls
from newsfeed.core.frames import Frames
from newsfeed.core.paging import cut
from newsfeed.core.site import SITE, Index, Planned, Section, Shown
from newsfeed.model import Month, Project, Story
from newsfeed.views import (
    AboutFeedView,
    Anchor,
    ArchiveView,
    Attachment,
    Body,
    Card,
    DossierView,
    EntranceView,
    FactRow,
    FeedListView,
    Group,
    ListView,
    NotFoundView,
    PageView,
    Period,
    Picture,
    StaticView,
    StoryView,
)

if TYPE_CHECKING:
    from newsfeed.core.addresses import Addresses
    from newsfeed.model import Content
    from newsfeed.ports import Words
    from newsfeed.settings import Language


def N_(message: str) -> str:
    """Mark a message for extraction; the template translates it."""
    return message


class Pages:
    """Makes the views of a site's pages."""

    def __init__(
        self, index: Index, words: Mapping[str, Words], addresses: Addresses, frames: Frames
    ) -> None:
        self._index = index
        self._words = words
        self._addresses = addresses
        self._frames = frames
        self._makers = {
            "list": self._list,
            "story": self._story,
            "dossier": self._dossier,
            "archive": self._archive,
            "static": self._static,
            "about-feed": self._about_feed,
            "feed-list": self._feed_list,
            "not-found": self._not_found,
            "entrance": self._entrance,
        }

    def kinds(self) -> frozenset[str]:
        """The kinds of planned artifacts that are pages."""
        return frozenset(self._makers)

    def view(self, planned: Planned) -> PageView:
        """The view of one planned page."""
        return self._makers[planned.kind](planned, self._index.settings.languages[planned.lang])

    # -- lists ---------------------------------------------------------------------------------

    def _list(self, planned: Planned, language: Language) -> PageView:
        if planned.section == "archive":
            return self._month(planned, language)
        section = Section(planned.section, planned.key)
        cards, newer, older = self._cut(planned, language, section)
        heading, heading_lang = self._frames.section_title(language, section)
        live = self._frames.section_elsewhere(section)
        frame = self._frames.frame(
            language,
            planned.path,
            live if not planned.number else lambda other: live(other) if other != language else (planned.path, True),
            title=heading if planned.section else "",
            title_lang=heading_lang,
            description=self._frames.feed_description(language, section),
            section=section,
        )
        return ListView(
            frame=frame,
            kind=planned.section or "home",
            heading=heading,
            heading_lang=heading_lang,
            cards=cards,
            groups=self._groups(language, section) if not planned.number else (),
            newer=newer,
            older=older,
            number=planned.number,
            about_feed=self._addresses.local(urls.about_feed(section.folder(language.code))),
        )

    def _month(self, planned: Planned, language: Language) -> PageView:
        year, month = (int(part) for part in planned.key.split("-"))
        stories = [one for one in self._all(language) if _in(one, year, month)]
        heading = self._words[language.code].month(Month(year, month))
        frame = self._frames.frame(
            language, planned.path, lambda other: self._same_month(other, year, month), title=heading
        )
        return ListView(
            frame=frame,
            kind="month",
            heading=heading,
            heading_lang="",
            cards=tuple(self.card(language, one) for one in stories),
            groups=(),
            newer=None,
            older=self._up(language, urls.archive(language.code, year), f"{year:04}"),
            number=0,
            about_feed="",
        )

    def _cut(
        self, planned: Planned, language: Language, section: Section
    ) -> tuple[tuple[Card, ...], Anchor | None, Anchor | None]:
        """The cards of one page of a list, and its neighbours."""
        pages = cut(self._index.stories(language, section), self._index.settings.lists.items)
        live = f"{section.folder(language.code)}/{urls.INDEX}"
        last = len(pages.older)
        shown = pages.older[planned.number - 1] if planned.number else pages.live
        newer = older = None
        words = self._words[language.code]
        if planned.number:
            is_last = planned.number == last
            path = live if is_last else urls.numbered(live, planned.number + 1)
            newer = self._up(language, path, words.gettext("Newer items"))
        below = planned.number - 1 if planned.number else last
        if below:
            older = self._up(language, urls.numbered(live, below), words.gettext("Older items"))
        return tuple(self.card(language, one) for one in shown), newer, older

    def _groups(self, language: Language, section: Section) -> tuple[Group, ...]:
        if section.name == SITE:
            names = (
                ("topics", N_("Topics")),
                ("programmes", N_("Programmes")),
                ("projects", N_("Projects")),
                ("countries", N_("Countries")),
            )
            return tuple(
                Group(heading, anchors)
                for name, heading in names
                if (anchors := self._anchors(language, [s for s in self._index.by_section if s.name == name]))
            )
        projects = [
            Section("projects", project.id)
            for project in self._index.library.projects.values()
            if section.key in _belongs(project, section.name)
        ]
        anchors = self._anchors(language, projects)
        return (Group(N_("Projects"), anchors),) if anchors else ()

    def _anchors(self, language: Language, sections: Sequence[Section]) -> tuple[Anchor, ...]:
        anchors = [self._frames.anchor(language, section) for section in sections]
        words = self._words[language.code]
        return tuple(sorted((a for a in anchors if a.href), key=lambda a: words.sort_key(a.text)))

    # -- texts ---------------------------------------------------------------------------------

    def card(self, language: Language, shown: Shown) -> Card:
        """A story as it stands in a list of an edition."""
        story, item = shown.content, shown.item
        assert isinstance(story, Story)
        return Card(
            id=story.id,
            href=self._addresses.local(self._index.path_of(language.code, story, item)),
            title=item.title,
            summary=item.summary,
            published=story.date,
            updated=story.updated if story.updated != story.date else None,
            authors=tuple(
                Anchor(self._section_href(language, Section("authors", urls.author_key(name))), name)
                for name in story.authors
            ),
            topics=self._named(language, "topics", story.topics),
            picture=self._picture(shown),
            fallback=self._frames.fallback(language, shown),
        )

    def _story(self, planned: Planned, language: Language) -> PageView:
        story = self._index.library.stories[planned.key]
        shown = self._shown(language, story)
        card = self.card(language, shown)
        rows = (
            FactRow(N_("Topics"), card.topics),
            FactRow(N_("Countries"), self._named(language, "countries", story.countries)),
            FactRow(N_("Projects"), self._named(language, "projects", story.projects)),
            FactRow(N_("Programmes"), self._named(language, "programmes", story.programmes)),
        )
        return StoryView(
            frame=self._content_frame(planned, language, shown),
            card=card,
            body=_body(shown),
            picture=card.picture,
            facts=tuple(row for row in rows if row.anchors),
            attachments=tuple(
                Attachment(
                    self._addresses.local(story.assets[one.path]),
                    one.title or one.path.rsplit("/", 1)[-1],
                    one.media_type,
                    one.size,
                )
                for one in story.enclosures
            ),
        )

    def _dossier(self, planned: Planned, language: Language) -> PageView:
        section = Section(planned.section, planned.key)
        shown = self._frames.dossier(language, section)
        cards, newer, older = self._cut(planned, language, section)
        heading, heading_lang = self._frames.section_title(language, section)
        if shown is not None:
            heading, heading_lang = shown.item.title, shown.item.lang if shown.is_fallback else ""
        project = self._index.library.projects.get(section.key) if section.name == "projects" else None
        return DossierView(
            frame=self._dossier_frame(planned, language, section, shown, heading, heading_lang),
            kind=section.name,
            heading=heading,
            heading_lang=heading_lang,
            summary=shown.item.summary if shown else "",
            fallback=self._frames.fallback(language, shown) if shown else None,
            body=_body(shown) if shown and not planned.number else None,
            picture=self._picture(shown) if shown else None,
            facts=self._facts(language, project) if project and not planned.number else (),
            groups=self._dossier_groups(language, section) if not planned.number else (),
            cards=cards,
            newer=newer,
            older=older,
            number=planned.number,
            about_feed=self._addresses.local(urls.about_feed(section.folder(language.code))),
        )

    def _dossier_frame(
        self,
        planned: Planned,
        language: Language,
        section: Section,
        shown: Shown | None,
        heading: str,
        heading_lang: str,
    ):  # type: ignore[no-untyped-def]
        canonical = ""
        if shown is not None and shown.is_fallback and not planned.number:
            canonical = f"{section.folder(shown.item.lang)}/{urls.INDEX}"
        live = self._frames.section_elsewhere(section)
        return self._frames.frame(
            language,
            planned.path,
            live if not planned.number else lambda other: live(other) if other != language else (planned.path, True),
            title=heading,
            title_lang=heading_lang,
            description=shown.item.summary if shown else "",
            section=section,
            canonical=canonical,
        )

    def _facts(self, language: Language, project: Project) -> tuple[FactRow, ...]:
        words = self._words[language.code]
        programme = (project.programme,) if project.programme else ()
        period = words.period(project.start, project.end)
        rows = (
            FactRow(N_("Programme"), self._named(language, "programmes", programme)),
            FactRow(N_("Countries"), self._named(language, "countries", project.countries)),
            FactRow(N_("Duration"), _plain(period)),
            FactRow(N_("Donors"), self._vocabulary(language, "donor", project.donors)),
            FactRow(N_("Partners"), self._vocabulary(language, "partner", project.partners)),
            FactRow(N_("Topics"), self._named(language, "topics", project.topics)),
            FactRow(N_("Organisation"), _plain(project.organisation)),
            FactRow(N_("City"), _plain(project.city)),
        )
        return tuple(row for row in rows if row.anchors)

    def _dossier_groups(self, language: Language, section: Section) -> tuple[Group, ...]:
        if section.name != "programmes":
            return ()
        projects = [p for p in self._index.library.projects.values() if p.programme == section.key]
        countries = dict.fromkeys(code for project in projects for code in project.countries)
        found = (
            Group(N_("Projects"), self._anchors(language, [Section("projects", p.id) for p in projects])),
            Group(N_("Countries"), self._anchors(language, [Section("countries", c) for c in countries])),
        )
        return tuple(group for group in found if group.anchors)

    def _static(self, planned: Planned, language: Language) -> PageView:
        shown = self._shown(language, self._index.library.pages[planned.key])
        return StaticView(
            frame=self._content_frame(planned, language, shown),
            heading=shown.item.title,
            heading_lang=shown.item.lang if shown.is_fallback else "",
            fallback=self._frames.fallback(language, shown),
            body=_body(shown),
        )

    # -- archive -------------------------------------------------------------------------------

    def _archive(self, planned: Planned, language: Language) -> PageView:
        words = self._words[language.code]
        counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for shown in self._all(language):
            assert isinstance(shown.content, Story)
            counts[shown.content.date.year][shown.content.date.month] += 1
        years = [int(planned.key)] if planned.key else sorted(counts, reverse=True)
        periods = tuple(self._year(language, year, counts[year]) for year in years)
        heading = planned.key or words.gettext("Archive")
        frame = self._frames.frame(
            language, planned.path, lambda other: self._same_year(other, planned.key), title=heading
        )
        up = self._up(language, urls.archive(language.code), words.gettext("Archive"))
        return ArchiveView(frame, heading, periods, up if planned.key else None)

    def _year(self, language: Language, year: int, months: Mapping[int, int]) -> Period:
        words, local, lang = self._words[language.code], self._addresses.local, language.code
        inner = tuple(
            Period(Anchor(local(urls.archive(lang, year, month)), words.month(Month(year, month))), count)
            for month, count in sorted(months.items(), reverse=True)
        )
        anchor = Anchor(local(urls.archive(lang, year)), f"{year:04}")
        return Period(anchor, sum(months.values()), inner)

    def _same_month(self, language: Language, year: int, month: int) -> tuple[str, bool] | None:
        there = any(_in(one, year, month) for one in self._all(language))
        return (urls.archive(language.code, year, month), False) if there else None

    def _same_year(self, language: Language, year: str) -> tuple[str, bool] | None:
        if not year:
            return urls.archive(language.code), False
        there = any(_in(one, int(year)) for one in self._all(language))
        return (urls.archive(language.code, int(year)), False) if there else None

    # -- feeds as pages ------------------------------------------------------------------------

    def _about_feed(self, planned: Planned, language: Language) -> PageView:
        section = Section(planned.section, planned.key)
        subject, subject_lang = self._frames.section_title(language, section)
        title = self._words[language.code].gettext("Feed: {subject}").format(subject=subject)
        frame = self._frames.frame(
            language, planned.path, self._beside_section(section), title=title, section=section
        )
        return AboutFeedView(
            frame=frame,
            subject=subject,
            subject_lang=subject_lang,
            subject_href=self._section_href(language, section),
            feeds=tuple(self._frames.feed_links(language, section, absolute=True)),
            all_feeds=self._addresses.local(f"{language.code}/feeds/{urls.INDEX}"),
            opml=self._addresses.local(f"{language.code}/feeds.opml"),
        )

    def _beside_section(self, section: Section):  # type: ignore[no-untyped-def]
        def elsewhere(language: Language) -> tuple[str, bool] | None:
            if not self._index.has_page(language, section):
                return None
            return urls.about_feed(section.folder(language.code)), False

        return elsewhere

    def _feed_list(self, planned: Planned, language: Language) -> PageView:
        words = self._words[language.code]
        heading = words.gettext("Feeds")
        frame = self._frames.frame(
            language, planned.path, lambda other: (f"{other.code}/feeds/{urls.INDEX}", False), title=heading
        )
        opml = self._addresses.local(f"{language.code}/feeds.opml")
        return FeedListView(frame, heading, self._feed_groups(language), opml)

    def _feed_groups(self, language: Language) -> tuple[Group, ...]:
        groups = []
        for heading, sections in grouped_sections(self._index, language):
            anchors = []
            for section in sections:
                text, lang = self._frames.section_title(language, section)
                href = self._addresses.local(urls.about_feed(section.folder(language.code)))
                anchors.append(Anchor(href, text, lang))
            words = self._words[language.code]
            groups.append(Group(heading, tuple(sorted(anchors, key=lambda a: words.sort_key(a.text)))))
        return tuple(groups)

    # -- the rest ------------------------------------------------------------------------------

    def _not_found(self, planned: Planned, language: Language) -> PageView:
        title = self._words[language.code].gettext("Page not found")
        return NotFoundView(self._nowhere(planned, language, title))

    def _entrance(self, planned: Planned, language: Language) -> PageView:
        return EntranceView(self._nowhere(planned, language, ""))

    def _nowhere(self, planned: Planned, language: Language, title: str):  # type: ignore[no-untyped-def]
        """A frame whose language switcher leads to the editions' front pages."""
        frame = self._frames.frame(
            language, planned.path, lambda other: (f"{other.code}/{urls.INDEX}", False), title=title
        )
        return frame

    def _content_frame(self, planned: Planned, language: Language, shown: Shown):  # type: ignore[no-untyped-def]
        own = self._index.path_of(shown.item.lang, shown.content, shown.item)
        return self._frames.frame(
            language,
            planned.path,
            self._frames.content_elsewhere(shown.content),
            title=shown.item.title,
            title_lang=shown.item.lang if shown.is_fallback else "",
            description=shown.item.summary,
            canonical=own if shown.is_fallback else "",
        )

    def _shown(self, language: Language, content: Content) -> Shown:
        shown = self._index.shown(language, content)
        assert shown is not None, "only what an edition shows is planned"
        return shown

    def _all(self, language: Language) -> list[Shown]:
        return self._index.stories(language, Section(SITE))

    def _named(self, language: Language, name: str, keys: Sequence[str]) -> tuple[Anchor, ...]:
        return tuple(self._frames.anchor(language, Section(name, key)) for key in keys)

    def _vocabulary(self, language: Language, context: str, keys: Sequence[str]) -> tuple[Anchor, ...]:
        found = (self._words[language.code].name(context, key) for key in keys)
        return tuple(Anchor("", text, "" if lang == language.code else lang) for text, lang in found)

    def _section_href(self, language: Language, section: Section) -> str:
        return self._addresses.local(f"{section.folder(language.code)}/{urls.INDEX}")

    def _picture(self, shown: Shown) -> Picture | None:
        return picture(self._index, shown, self._addresses.local)

    def _up(self, language: Language, path: str, text: str) -> Anchor:
        return Anchor(self._addresses.local(path), text)


def grouped_sections(index: Index, language: Language) -> list[tuple[str, list[Section]]]:
    """All sections of an edition that have feeds, under their headings (message ids)."""
    headings = (
        (SITE, N_("Everything")),
        ("topics", N_("Topics")),
        ("countries", N_("Countries")),
        ("projects", N_("Projects")),
        ("programmes", N_("Programmes")),
        ("authors", N_("Authors")),
    )
    groups = []
    for name, heading in headings:
        sections = [one for one in index.by_section if one.name == name and index.has_page(language, one)]
        if sections:
            groups.append((heading, sections))
    return groups


def picture(index: Index, shown: Shown, address) -> Picture | None:  # type: ignore[no-untyped-def]
    """The image of a text, with the alternative text of the language shown."""
    path = getattr(shown.content, "image", "")
    if not path:
        return None
    asset = index.library.assets[path]
    return Picture(address(shown.content.assets[path]), shown.item.image_alt, asset.width, asset.height)


def _body(shown: Shown) -> Body:
    return Body(shown.item.path, shown.item.fingerprint, shown.item.lang)


def _plain(text: str) -> tuple[Anchor, ...]:
    return (Anchor("", text),) if text else ()


def _in(shown: Shown, year: int, month: int = 0) -> bool:
    assert isinstance(shown.content, Story)
    date = shown.content.date
    return date.year == year and month in (0, date.month)


def _belongs(project: Project, section: str) -> tuple[str, ...]:
    return {"topics": project.topics, "countries": project.countries}.get(section, ())
