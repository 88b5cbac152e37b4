"""Page views → HTML bytes: which template shows which view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed import views

if TYPE_CHECKING:
    from newsfeed.render.templates import Templates

TEMPLATES: dict[type, str] = {
    views.ListView: "page/list.html",
    views.StoryView: "page/story.html",
    views.DossierView: "page/dossier.html",
    views.IndexView: "page/index.html",
    views.ArchiveView: "page/archive.html",
    views.StaticView: "page/static.html",
    views.AboutFeedView: "page/about-feed.html",
    views.FeedListView: "page/feed-list.html",
    views.IssueView: "page/issue.html",
    views.IssueListView: "page/issue-list.html",
    views.SearchView: "page/search.html",
    views.NotFoundView: "page/not-found.html",
    views.WithdrawnView: "page/withdrawn.html",
    views.EntranceView: "page/entrance.html",
    views.RedirectView: "page/redirect.html",
}
"""View class → its template."""


SERVICE_TEMPLATES: dict[type, str] = {
    views.SubscribeView: "web/subscribe.html",
    views.PreferencesView: "web/preferences.html",
    views.QuestionView: "web/question.html",
    views.AddressFormView: "web/address.html",
    views.HeldDataView: "web/data.html",
    views.MessageView: "web/message.html",
    views.CertificateView: "web/certificate.html",
    views.Invitation: "web/pasted-form.html",
}
"""Class of the views of the service's pages → its template."""


def render_service_page(templates: Templates, view: views.ServiceView) -> str:
    """Return a page of the service as text."""
    return templates.render(SERVICE_TEMPLATES[type(view)], view.frame.lang, view=view)


def render_certificate(templates: Templates, view: views.CertificateView) -> str:
    """Return a certificate as one HTML file."""
    return templates.render(SERVICE_TEMPLATES[views.CertificateView], view.lang, view=view)


def render_invitation(templates: Templates, invitation: views.Invitation) -> str:
    """Return the form that other pages can show, as HTML without styles."""
    return templates.render(SERVICE_TEMPLATES[views.Invitation], invitation.lang, view=invitation)


def render(templates: Templates, view: views.PageView, body: str = "") -> bytes:
    """Return one page as bytes; ``body`` is the safe HTML of the text it shows in full."""
    lang = view.lang if isinstance(view, views.RedirectView) else view.frame.lang
    return templates.render(TEMPLATES[type(view)], lang, view=view, body=body).encode()
