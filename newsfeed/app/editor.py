"""Wire the form in which people write in a browser: configuration, repository, program, folder."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsfeed.app.form_problems import PROBLEMS_FILE, select_shown
from newsfeed.core.editor.backends import FormBackend, guess_forge, is_origin
from newsfeed.core.publishing.repository_address import find_repository
from newsfeed.core.site import urls
from newsfeed.errors import ForeignOutputError, ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.service_settings import DECAP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.form_problems import ProblemReport
    from newsfeed.app.site import Site
    from newsfeed.build.publish_result import PublishResult
    from newsfeed.core.editor.form_fields import Choices
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOptions:
    """The wishes of whoever writes a form."""

    folder: Path
    cms: str
    """Empty: as the configuration says."""
    given: Sequence[Path]
    """Archives of packages, for a machine without a network."""
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenForm:
    """A form that was written."""

    folder: Path
    published: PublishResult
    backend: FormBackend
    policy: str
    """Of its pages, for servers."""
    is_repository: bool
    """The site lies in a repository of git."""


def write_form(
    root: Path,
    now: datetime,
    options: FormOptions,
    say_in: Callable[[str], Callable[[str], str]],
    report: ProblemReport,
) -> WrittenForm:
    """Write the form of a site into a folder. Raises `ProblemsFound` when its configuration cannot be used.

    say_in: returns what says sentences in a language.
    """
    from newsfeed.app.publishing import load_service_settings
    from newsfeed.app.site import check_whole
    from newsfeed.config import bundled
    from newsfeed.core.editor.form_fields import describe_keys
    from newsfeed.core.editor.policy import make_policy
    from newsfeed.editorial.form_files import as_json, make_form_files

    service = load_service_settings(root)
    texts = _find_texts(root, service)
    checked = check_whole(texts, now)
    if checked.site is None:
        raise ProblemsFound(checked.problems)
    site, settings = checked.site, checked.site.settings
    cms, prefix = options.cms or service.editors.cms, _find_prefix(root, service)
    backend = _check_backend(find_backend(root, service), cms)
    program = _get_program(cms, options)
    choices = {lang: _choices(site, now, site.context.texts[lang]) for lang in settings.site.languages}
    files = make_form_files(
        bundled.templates() / "editor",
        cms,
        make_policy(backend, cms, in_header=False),
        {lang: _config(settings, one, backend, prefix, cms, say_in(lang)) for lang, one in choices.items()},
        {
            **describe_keys(choices[settings.site.default_language], settings.site.timezone.key),
            "languages": list(settings.site.languages),
        },
        settings.site.title.get(settings.site.default_language),
    )
    files[PROBLEMS_FILE] = as_json(
        report(select_shown(checked.problems, texts, settings.site, now), settings.site.languages)
    )
    return WrittenForm(
        folder=options.folder,
        published=_put_files(options.folder, {**files, **program}),
        backend=backend,
        policy=make_policy(backend, cms, in_header=True),
        is_repository=_git(root, "rev-parse", "--show-toplevel") != "",
    )


def _check_backend(backend: FormBackend, cms: str) -> FormBackend:
    """Make sure that Decap can sign people in: it takes no tokens, and would ask a service of others."""
    if cms != DECAP:
        return backend
    if not backend.forge:
        raise UsageError(
            N_("Decap CMS needs a repository on a forge"),
            N_("name it as [publish] repository, or as git's remote “origin”"),
        )
    if key := backend.missing_sign_in:
        example = "https://sign-in.example.org" if key == "sign_in" else "…"
        raise UsageError(
            N_("Decap CMS signs nobody in without {key}"),
            N_("add to config.toml: {line}"),
            key=key,
            line=f'[editors] {key} = "{example}"',
        )
    return backend


def _find_texts(root: Path, service: Settings) -> Path:
    """Return the folder of a site's texts: of a service, those of the published commit."""
    from newsfeed.app.publishing import open_publisher

    if not service.publish.repository:
        return root
    return open_publisher(root, root, {}, service).checkouts.current or root


def _find_prefix(root: Path, service: Settings) -> str:
    """Return the site's folder in its repository, with a slash at the end; empty at the top."""
    if service.publish.repository:
        return f"{service.publish.folder}/" if service.publish.folder else ""
    return _git(root, "rev-parse", "--show-prefix")


def _get_program(cms: str, options: FormOptions) -> dict[str, bytes]:
    """Return the files of the program that shows the form."""
    from newsfeed.config.user_cache import user_cache_folder
    from newsfeed.core.editor.packages import PACKAGES
    from newsfeed.editorial.form_files import unpack
    from newsfeed.sources.npm_packages import get_package

    cache, files = user_cache_folder(options.environment) / "packages", dict[str, bytes]()
    for package in PACKAGES[cms]:
        files |= unpack(package, get_package(package, cache, options.given))
    return files


def find_backend(root: Path, settings: Settings) -> FormBackend:
    """Return where the form of a site keeps what is saved: the repository of the configuration, else the one
    that git calls ``origin``. Raises `UsageError` when nobody says which forge that is.
    """
    form, publish = settings.editors, settings.publish
    written = publish.repository or _git(root, "remote", "get-url", "origin")
    address = find_repository(written) if written else None
    forge = form.forge or guess_forge(address)
    if address is None:
        if form.forge:
            raise UsageError(
                N_("[editors] names a forge, but no repository on it is known"),
                N_("name it as [publish] repository, or as git's remote “origin”"),
            )
        return FormBackend(name=f"local/{root.resolve().name or 'site'}")
    if not forge or not is_origin(address.web):
        raise UsageError(
            N_("nobody says which forge {web} is"),
            N_("add to config.toml: {line}"),
            web=address.web,
            line='[editors] forge = "forgejo"',
        )
    branch = publish.branch if publish.repository else _git(root, "branch", "--show-current")
    return FormBackend(
        forge=forge,
        web=address.web,
        name=address.name,
        branch=branch or publish.branch,
        app_id=form.app_id,
        sign_in=form.sign_in,
    )


def find_form_policy(root: Path, settings: Settings) -> str:
    """Return what the form's pages may do, as a header says it."""
    from newsfeed.core.editor.policy import make_policy

    try:
        backend = find_backend(root, settings)
    except UsageError:  # told by newsfeed editor; until it is mended only the folder here can be reached
        backend = FormBackend()
    return make_policy(backend, settings.editors.cms, in_header=True)


def _config(
    settings: Settings,
    choices: Choices,
    backend: FormBackend,
    prefix: str,
    cms: str,
    say: Callable[[str], str],
) -> dict[str, Any]:
    from newsfeed.core.editor.form_config import FormSite, make_form_config
    from newsfeed.core.editor.form_fields import FormWords

    site, limits, icon = settings.site, settings.limits, settings.brand.favicon
    words = FormWords(
        say=say,
        choices=choices,
        zone=site.timezone.key,
        title_length=limits.title_length,
        summary_length=limits.summary_length,
    )
    shown = FormSite(
        title=site.title.get(site.default_language),
        base_url=site.base_url,
        languages=site.languages,
        default_language=site.default_language,
        logo=urls.base_url_path(site.base_url) + icon.output if icon else "",
        prefix=prefix,
    )
    return make_form_config(shown, words, backend, cms)


def _choices(site: Site, now: datetime, texts: CatalogueTexts) -> Choices:
    """Return what a form offers, by name in one language; names of people whose texts are public."""
    from newsfeed.core.editor.form_fields import Choices
    from newsfeed.core.site.index import make_rows, select_public

    settings, library = site.settings, site.loaded.library

    def named(context: str, keys: Mapping[str, str]) -> dict[str, str]:
        return _by_name({key: texts.name(context, key)[0] for key in keys}, texts)

    def titled(contents: Mapping[str, Any]) -> dict[str, str]:
        found = {}
        for key, one in contents.items():
            item = one.items.get(texts.code) or one.items[one.original]
            found[key] = item.title
        return _by_name(found, texts)

    public = [row.id for row in select_public(make_rows(library), now) if row.withdrawn is None]
    people = {name for key in public for name in library.stories[key].authors}
    countries = {code: texts.country(code) for code in site.context.vocabulary.countries}
    return Choices(
        languages={code: texts.language(code) for code in settings.site.languages},
        topics=named("topic", settings.topics),
        countries=_by_name(countries, texts),
        donors=named("donor", settings.donors),
        partners=named("partner", settings.partners),
        projects=titled(library.projects),
        programmes=named("programme", settings.programmes) | titled(library.programmes),
        authors=tuple(sorted(people, key=texts.sort_key)),
    )


def _by_name(names: Mapping[str, str], texts: CatalogueTexts) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda one: texts.sort_key(one[1])))


def _put_files(folder: Path, files: Mapping[str, bytes]) -> PublishResult:
    """Make a form's folder hold exactly these files. Raises `ForeignOutputError` for one of somebody else."""
    from newsfeed.build.output import open_output
    from newsfeed.build.staging import RenderedFile

    try:
        with open_output(folder) as output:
            staging = output.stage_all({})
            for path, data in files.items():
                for file in staging.write(RenderedFile(path, (data,))):
                    staging.add(file)
            return output.commit(staging, {})
    except ForeignOutputError as error:
        hint = N_("name another folder, or remove this one: a form can be written again")
        raise ForeignOutputError(error.sentence, hint) from error


def _git(root: Path, *words: str) -> str:
    """Return a line that git answers; empty when it has no answer."""
    from newsfeed.sources.git_blobs import run_git

    try:
        done = run_git(root, *words)
    except (OSError, subprocess.SubprocessError):
        return ""
    return "" if done.returncode else done.stdout.decode(errors="replace").strip()
