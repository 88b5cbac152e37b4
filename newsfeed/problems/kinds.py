"""The table of all problems there are: how serious, what is said, what to do, and why it matters.

``docs/problems.md`` is generated from it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from newsfeed.marking import N_


class Severity(enum.Enum):
    """The weight of a problem: an *error* keeps the site from being published."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """The meaning of a code: the sentence, the hint and, for the manual, why it matters."""

    severity: Severity
    message: str
    hint: str
    why: str = field(compare=False)


_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

PROBLEM_KINDS: dict[str, ProblemKind] = {
    # files
    "unreadable": ProblemKind(
        _E,
        N_("the file cannot be read: {reason}"),
        N_("it must be an ordinary file of 100 MB at most, which you may read"),
        "A file that cannot be read cannot be published, and leaving it out would lose it silently.",
    ),
    "not-utf8": ProblemKind(
        _E,
        N_("the file is not UTF-8: byte {byte} cannot be part of it"),
        N_("save the file as UTF-8 in your editor"),
        "Guessing an encoding turns names into garbage; only UTF-8 is read.",
    ),
    "bom": ProblemKind(
        _W,
        N_("the file starts with a byte order mark"),
        N_("save it as UTF-8 without BOM; it is ignored until then"),
        "The mark is invisible and breaks other tools that read the front matter.",
    ),
    "file-empty": ProblemKind(
        _W,
        N_("the file is empty, so it counts as missing"),
        N_("write the text or delete the file"),
        "An empty translation is treated as not there, so that readers get the fallback.",
    ),
    "file-too-large": ProblemKind(
        _E,
        N_("the file has {size}; the limit is {limit}"),
        N_("move pictures and tables into files of their own, or raise [limits] file_size"),
        "A text of this size is nearly always a mistake, and every feed would carry it.",
    ),
    "symlink-outside": ProblemKind(
        _E,
        N_("the link leads out of the folders for content"),
        N_("copy the file to where the link is"),
        "A link could publish any file of this machine, such as the site's secret or its database.",
    ),
    "file-name": ProblemKind(
        _E,
        N_("the name “{name}” does not say a language"),
        N_("name it <slug>.<lang>.md or <slug>/index.<lang>.md, for example {example}"),
        "The language of a text is read from its file name.",
    ),
    "text-misnamed": ProblemKind(
        _W,
        N_("nobody will see this file: its name does not end as the names of texts do"),
        N_("if it is a text, rename it to {example}; if it is not, link to it or delete it"),
        "Only files whose names end in a language and .md are read as texts.",
    ),
    "document-unread": ProblemKind(
        _W,
        N_("nobody will see this file: what a word processor wrote is not read as a text"),
        N_("put its words into a text, which “newsfeed new” begins; or link to it, or delete it"),
        "Texts are plain files whose names end in a language and .md.",
    ),
    "text-outside": ProblemKind(
        _W,
        N_("nobody will see this text: it lies in none of the folders {known}"),
        N_("move it to {example}"),
        "Only these folders are read. Capitals count: “News” is another folder than “news”.",
    ),
    "language-unknown": ProblemKind(
        _E,
        N_("“{value}” is not a language of this site"),
        N_("use one of: {known}; or add it to [site] languages"),
        "Only the languages listed in the configuration have an edition.",
    ),
    "language-twice": ProblemKind(
        _E,
        N_("{other} is the same text in the same language"),
        N_("keep one of the two files"),
        "One story has one text per language.",
    ),
    "more-of-kind": ProblemKind(
        _A,
        N_("and {count} more of the kind {value} in this file"),
        N_("mend the ones above, and run the check again to see the next"),
        "A report of thousands of lines helps nobody.",
    ),
    "git-lfs": ProblemKind(
        _E,
        N_("“{name}” is only a pointer of Git LFS; the file itself is not here"),
        N_("run git lfs pull where the site is checked and built"),
        "A few lines about the file would be published in its place, and mails keep them for good.",
    ),
    "conflict-mark": ProblemKind(
        _E,
        N_("git left the mark of a conflict here: {value}"),
        N_(
            "two people changed these lines: keep the right words and delete the marks; "
            "if it is an example, begin its lines with four blanks"
        ),
        "Readers would see both versions, and the marks between them.",
    ),
    "name-forms": ProblemKind(
        _E,
        N_("“{value}” and “{other}” look the same, but are two names: {one} here, {two} there"),
        N_("rename one of the two files, or delete it"),
        "Macs write accented letters in two pieces. On many disks the two names would be one file.",
    ),
    "name-look-alike": ProblemKind(
        _E,
        N_("there is no file “{value}”; “{other}” looks like it, but has {two} instead of {one}"),
        N_("rename the file with ordinary characters, and write the same name here"),
        "Word processors put in curly quotes, long dashes and blanks that nobody can tell apart by eye.",
    ),
    "name-untypable": ProblemKind(
        _W,
        N_("the name has the character {character}, which hardly anybody can type"),
        N_("rename it to {example}"),
        "Whoever links to the file has to write its name exactly.",
    ),
    "control-character": ProblemKind(
        _E,
        N_("the character {character} cannot stand in a feed"),
        N_("delete it and type the text again"),
        "XML forbids control characters, lone surrogates and U+FFFE/U+FFFF; one would break every feed.",
    ),
    "direction-open": ProblemKind(
        _E,
        N_("the invisible character {character} turns the direction of the words around it"),
        N_("delete it and type the text again"),
        "It would reach beyond the text, and show names and titles in an order that nobody wrote.",
    ),
    # front matter
    "front-matter-missing": ProblemKind(
        _E,
        N_("there is no front matter"),
        N_("start the file with a line ---, then keys such as title, then a line ---"),
        "Title and date are read from the front matter.",
    ),
    "front-matter-open": ProblemKind(
        _E,
        N_("the front matter is not closed"),
        N_("add a line {fence} after the last key"),
        "Without the closing line nobody can tell where the text starts.",
    ),
    "yaml-quotes": ProblemKind(
        _E,
        N_("this text needs quotation marks: {reason}"),
        N_("write it like this: {line}"),
        "YAML gives a meaning to some signs; between quotation marks a text stays what it is.",
    ),
    "yaml-quote-open": ProblemKind(
        _E,
        N_("the quotation mark that begins here is never closed"),
        N_("write it like this: {line}"),
        "Without its end nobody can tell what else belongs to the text.",
    ),
    "yaml-bracket-open": ProblemKind(
        _E,
        N_("the bracket that opens here is never closed"),
        N_("write it like this: {line}"),
        "Without its end nobody can tell what else belongs to the list or group.",
    ),
    "yaml-tab": ProblemKind(
        _E,
        N_("this line is indented with a tab"),
        N_("use blanks, like this: {line}"),
        "YAML tells by the number of blanks what belongs together; a tab has no number.",
    ),
    "yaml-indent": ProblemKind(
        _E,
        N_("this line is indented, though nothing above it has parts"),
        N_("begin it at the left edge: {line}"),
        "YAML takes an indented line for a part of the value above it.",
    ),
    "yaml-dash": ProblemKind(
        _E,
        N_("an entry of a list begins with a hyphen and a blank"),
        N_("write it like this: {line}"),
        "Without the blank YAML takes the hyphen for a part of the word.",
    ),
    "yaml-no-colon": ProblemKind(
        _E,
        N_("this line is not of the form “key: value”"),
        N_("begin it with a key, a colon and a blank; if the line above goes on, with two blanks"),
        "Every line of the front matter belongs to a key.",
    ),
    "yaml-comment": ProblemKind(
        _W,
        N_("“{value}” is not read: a blank and # begin a comment"),
        N_("if it belongs to the text, write: {line}"),
        "The words would be missing in pages, feeds and mails, and nothing else would tell.",
    ),
    "yaml-syntax": ProblemKind(
        _E,
        N_("the front matter cannot be read from here on"),
        N_("a line is a key, a colon, a blank and a value; values with special signs need quotation marks"),
        "A file whose front matter cannot be read is not published.",
    ),
    "toml-syntax": ProblemKind(
        _E,
        N_("the front matter cannot be read from here on: {reason}"),
        N_("+++ lines hold TOML, which needs quotation marks around texts; --- lines hold YAML"),
        "A file whose front matter cannot be read is not published.",
    ),
    "yaml-feature": ProblemKind(
        _E,
        N_("YAML {feature} are not read here"),
        N_("write the value out; a text that begins with & * or ! needs quotation marks"),
        "Anchors, aliases and tags can hide huge or executable values; front matter is plain text.",
    ),
    "yaml-depth": ProblemKind(
        _E,
        N_("the value is nested too deeply"),
        N_("use a text, a list of texts, or a list of key: value groups"),
        "No key of the front matter needs more than two levels.",
    ),
    "key-unknown": ProblemKind(
        _E,
        N_("unknown key “{value}”"),
        N_("keys here are: {known}"),
        "A misspelt key would be ignored, and with it what its author meant.",
    ),
    "key-duplicate": ProblemKind(
        _E,
        N_("the key “{value}” stands here twice"),
        N_("keep one"),
        "Which of the two is meant cannot be told.",
    ),
    "key-missing": ProblemKind(
        _E,
        N_("“{key}” is missing"),
        N_("add a line “{key}: …” to the front matter"),
        "The item cannot be shown without it.",
    ),
    "value-type": ProblemKind(
        _E,
        N_("“{key}” must be {expected}"),
        N_("for example: {example}"),
        "A value of another shape cannot be shown.",
    ),
    "value-empty": ProblemKind(
        _E,
        N_("“{key}” is empty"),
        N_("give it a value or delete the line"),
        "An empty value is more often forgotten than meant.",
    ),
    "date-invalid": ProblemKind(
        _E,
        N_("“{value}” is not a date"),
        N_("write it like 2010-02-04, or with a time like 2010-02-04 16:30"),
        "Dates order every list and feed.",
    ),
    "period-invalid": ProblemKind(
        _E,
        N_("“{value}” is neither a month nor a date"),
        N_("write it like 2008-01 or 2008-01-15"),
        "Projects run from month to month or from day to day.",
    ),
    "id-invalid": ProblemKind(
        _E,
        N_("“{value}” cannot be an id"),
        N_("use lower-case letters a–z, digits and single hyphens, at most 100 characters"),
        "Ids live for ever in feeds, file names and addresses.",
    ),
    "slug-invalid": ProblemKind(
        _E,
        N_("“{value}” cannot be part of a web address"),
        N_("use lower-case letters a–z, digits and single hyphens, at most 100 characters"),
        "The slug becomes the address of the page.",
    ),
    "alias-invalid": ProblemKind(
        _E,
        N_("“{value}” cannot be an alias: {reason}"),
        N_("write the path that the page had on this site, such as /news/2009/old.html"),
        "A small page is put there that leads readers to the text's new address.",
    ),
    "guid-no-address": ProblemKind(
        _W,
        N_("“{value}” can be no id in Atom; there this text gets one of newsfeed"),
        N_("if the old feed was an Atom feed, write the whole id of its entry; else nothing is to be done"),
        "Ids of Atom are whole addresses, or begin with urn: or tag:. RSS and JSON Feed keep any text.",
    ),
    "guid-duplicate": ProblemKind(
        _E,
        N_("the guid “{value}” is that of {other}, too"),
        N_("delete this guid if the text is a new one"),
        "Feed readers would take the two texts for one, and show only one of them.",
    ),
    "title-too-long": ProblemKind(
        _E,
        N_("the title has {length} characters; the limit is {limit}"),
        N_("shorten it; details belong into the summary"),
        "Subject lines and lists of feed readers cut such titles off.",
    ),
    "summary-too-long": ProblemKind(
        _W,
        N_("the summary has {length} characters; readers see about {limit}"),
        N_("shorten it to one or two sentences"),
        "Summaries stand in lists and mails beside others.",
    ),
    "id-missing": ProblemKind(
        _A,
        N_("there is no id; “{value}” is derived from the file's name"),
        N_("write “id: {value}” into the front matter, or run: newsfeed check --fix-ids"),
        "A derived id changes with the path, and with it every reader sees the item as new. For a story of a"
        " site with digests it is a warning: renamed, it would be mailed a second time.",
    ),
    "story-renamed": ProblemKind(
        _E,
        N_("this text was mailed as “{old}” and is called “{value}” now: it would be mailed a second time"),
        N_("write “id: {old}” into the front matter; to mail it again on purpose, write another id"),
        "What readers had is kept by id; one that is derived from the file's name changes with it.",
    ),
    "store-unread": ProblemKind(
        _W,
        N_("the store cannot be asked who reads what: {reason}"),
        N_("newsfeed send says more"),
        "On the machine that sends, check looks for readers of gone digests, and for renamed stories.",
    ),
    "digest-orphaned": ProblemKind(
        _E,
        N_("people still read the digest “{value}”, which is not in config.toml: {number}"),
        N_("put it back, or move them: newsfeed subscribers move {value} {other}"),
        "Nobody would tell them why their mails end; their open deliveries would wait, and expire.",
    ),
    "note-name": ProblemKind(
        _E,
        N_("the name does not say which issue this note is for"),
        N_("call it digests/NAME/DATE.LANGUAGE.md, as in weekly/2026-01-12.en.md; languages are {known}"),
        "An editor's note is found by the digest, the day of the issue and the language.",
    ),
    "note-digest": ProblemKind(
        _E,
        N_("there is no digest “{value}” in config.toml"),
        N_("digests are: {known}"),
        "The folder of a note is called like the digest.",
    ),
    "note-date": ProblemKind(
        _E,
        N_("“{digest}” has no issue on {value}"),
        N_("its next issues are on {known}"),
        "A note for a day without an issue would never be read.",
    ),
    "note-story": ProblemKind(
        _E,
        N_("there is no story “{value}”"),
        N_("write the id that stands in the story's file"),
        "`lead` and `order` name stories by their ids.",
    ),
    "note-image": ProblemKind(
        _E,
        N_("a note has no pictures"),
        N_("take it out, and let a story with a picture lead the issue: lead: its-id"),
        "Pictures of a mail are the site's; others, fetched from elsewhere, would tell who reads.",
    ),
    "issue-record": ProblemKind(
        _E,
        N_("this is no record of an issue"),
        N_("take it back from git: records are written by newsfeed, once, and never changed"),
        "Pages and feeds of sent issues are made from their records, which stay as they are for ever.",
    ),
    "too-many-entries": ProblemKind(
        _E,
        N_("“{key}” has {count} entries; {limit} are possible"),
        N_("keep those that matter most"),
        "Most of them have a page and feeds of their own, and a small text could fill a disk.",
    ),
    # facts
    "topic-unknown": ProblemKind(
        _E,
        N_("unknown topic “{value}”"),
        N_("topics are: {known}; add new ones to [topics]"),
        "Topics are the site's vocabulary; a misspelt one would get a page of its own.",
    ),
    "desk-unknown": ProblemKind(
        _W,
        N_("no story has an author with the key “{value}”"),
        N_("write what the address of the author’s page ends in, such as newsroom, or take it out"),
        "A desk is an author who is no person; under a key that nobody has it changes nothing.",
    ),
    "country-unknown": ProblemKind(
        _E,
        N_("unknown country “{value}”"),
        N_("use the two letters of ISO 3166, such as KZ"),
        "Country names in every language come from the code.",
    ),
    "project-unknown": ProblemKind(
        _E,
        N_("unknown project “{value}”"),
        N_("projects are: {known}"),
        "The item would be missing from the project's related news.",
    ),
    "programme-unknown": ProblemKind(
        _E,
        N_("unknown programme “{value}”"),
        N_("programmes are: {known}"),
        "The item would be missing from the programme's related news.",
    ),
    "donor-unknown": ProblemKind(
        _E,
        N_("unknown donor “{value}”"),
        N_("donors are: {known}; add new ones to [donors]"),
        "Donors' names are kept once, with their translations.",
    ),
    "partner-unknown": ProblemKind(
        _E,
        N_("unknown partner “{value}”"),
        N_("partners are: {known}; add new ones to [partners]"),
        "Partners' names are kept once, with their translations.",
    ),
    "updated-before-date": ProblemKind(
        _E,
        N_("“updated” is before “date”"),
        N_("“updated” is the day of the last significant change"),
        "Feed readers refuse an entry changed before it was published.",
    ),
    "expires-before-date": ProblemKind(
        _E,
        N_("“expires” is before “date”"),
        N_("the item would never be seen; correct one of the two"),
        "An item that has expired before its date is never shown.",
    ),
    "withdrawn-before-date": ProblemKind(
        _E,
        N_("“withdrawn” is before “date”"),
        N_("what never appeared need not be withdrawn: write “draft: yes”, or correct one of the two"),
        "A story that is withdrawn says so at its address and in feeds, to those who have seen it.",
    ),
    "withdrawn-undated": ProblemKind(
        _W,
        N_("the story is withdrawn, and nothing says since when"),
        N_("write the day, as in “withdrawn: 2026-11-30”"),
        "Feed readers take the new words only with a later date, and the page is to name the day.",
    ),
    "end-before-start": ProblemKind(
        _E,
        N_("“end” is before “start”"),
        N_("correct one of the two"),
        "A project cannot end before it starts.",
    ),
    "original-missing": ProblemKind(
        _E,
        N_("no file of this story has a “date”"),
        N_("add a line such as “date: 2010-02-04” here; the other files of the story need none"),
        "The file with the date is the original; it holds the facts of all languages.",
    ),
    "translation-alone": ProblemKind(
        _E,
        N_("there is no original of which “{value}” could be a translation"),
        N_("name it like the original, or, if it is one itself, add a line such as “date: 2010-02-04”"),
        "A translation takes its date and all other facts from the original, which is found by its name.",
    ),
    "original-twice": ProblemKind(
        _E,
        N_("the original is {other}, yet this translation has a “date” too"),
        N_("facts stand in the original only; delete these lines here: {keys}"),
        "The original is the one file with “date”.",
    ),
    "original-unclear": ProblemKind(
        _E,
        N_("none of these files is in {language}, so the original cannot be told"),
        N_("write the text in {language}, the site's default language, or keep one file only"),
        "Facts are read from the file in the site's default language.",
    ),
    "fact-conflict": ProblemKind(
        _E,
        N_("facts in this translation are not what {other} says"),
        N_(
            "delete these lines here: {keys}; if this is the original: of stories it is the file with the "
            "date, else the text in default_language of [site]"
        ),
        "Facts that do not depend on language stand once.",
    ),
    "fact-in-translation": ProblemKind(
        _W,
        N_("this translation repeats facts of {other}"),
        N_("facts stand in the original only; delete these lines here: {keys}"),
        "A repeated fact is forgotten when the original's is corrected.",
    ),
    "id-duplicate": ProblemKind(
        _E,
        N_("the id “{value}” is taken by {other}"),
        N_("ids are for ever; give this text another one, such as its name, or delete the line"),
        "Readers would take two stories for one.",
    ),
    "id-removed": ProblemKind(
        _E,
        N_("the id “{value}” was that of a story that is gone for good: see “removed” in config.toml"),
        N_("ids are for ever; give this story another one, such as the name of its file"),
        "Feed readers that have the old story would never show the new one, and no mail would bring it.",
    ),
    "id-altered": ProblemKind(
        _E,
        N_("this story was published with the id “{value}”, and has “{other}” now"),
        N_("write it back: “id: {value}”"),
        "Every feed reader would show the story as new, and digests would bring it a second time. "
        "`newsfeed check --changed`, the hooks and `newsfeed publish` refuse such a commit; a build that "
        "somebody starts by hand warns.",
    ),
    "id-dropped": ProblemKind(
        _E,
        N_("the story “{value}” was published, and its file is gone"),
        N_(
            "put the file back, and to take the story back, write “withdrawn: 2026-11-30” into it; to delete "
            "it for good, add “{value}” to “removed” in [site] of config.toml"
        ),
        "Whoever has the story in a feed reader, a mail or a bookmark would find nothing, and never learn "
        "why. `newsfeed check --changed`, the hooks and `newsfeed publish` refuse such a commit; a build "
        "that somebody starts by hand warns.",
    ),
    "id-reused": ProblemKind(
        _E,
        N_("the id “{value}” is that of another story, which was published: “{other}”"),
        N_("give the new story a file and an id of its own, and put the old one back"),
        "Readers of the old story would never be shown the new one: to programs it is the one they know. "
        "Date, title and all paragraphs are others; a new version of a story keeps its date.",
    ),
    "guid-altered": ProblemKind(
        _E,
        N_("feed readers know this text as “{value}”, and its file does not say so any more"),
        N_("write it back: “guid: {value}”"),
        "Every feed reader would show the text as new.",
    ),
    "translation-withdrawn": ProblemKind(
        _E,
        N_("this translation is new, and its story was withdrawn: see {other}"),
        N_("delete this file; or publish the story again, without the line “withdrawn” there"),
        "Nobody would read it: all that is shown of the story is that it was withdrawn.",
    ),
    "url-duplicate": ProblemKind(
        _E,
        N_("the page would have the address of {other}: {value}"),
        N_("give this text another “slug”"),
        "One address can show one page.",
    ),
    "alias-taken": ProblemKind(
        _E,
        N_("the alias {value} is taken by {other}"),
        N_("delete this alias, or give the page that is there another slug"),
        "One address can lead to one page.",
    ),
    "redirect-invalid": ProblemKind(
        _E,
        N_("“{value}” cannot be an old address: {reason}"),
        N_("write the path that the page or feed had on this site, such as /news/news.rdf"),
        "A page, or a last feed, is put there that leads readers to the new address.",
    ),
    "redirect-target": ProblemKind(
        _W,
        N_("the old address {value} leads nowhere: there is no page or feed at {target}"),
        N_("write the path of a page or feed of this site, such as /en/feed.rss"),
        "Nothing is published at the old address until there is something to lead to.",
    ),
    "url-vanished": ProblemKind(
        _W,
        N_("{value} was published and is to vanish: {reason}"),
        N_("to lead its readers on, write this line into {target}: {line}"),
        "Links, bookmarks and search engines know the old address. `newsfeed redirects` adds the line "
        "wherever a text has only moved.",
    ),
    "text-withdrawn": ProblemKind(
        _W,
        N_("this text was published and is to vanish: {reason}"),
        N_("if that is not meant, correct the front matter; until then nothing is at {value}"),
        "Readers have been told of it, and mails that went out lead to it.",
    ),
    "translation-lost": ProblemKind(
        _W,
        N_("the text in “{language}” was published and is gone"),
        N_("if that is not meant, put its file back; until then {value} shows another language"),
        "Feeds, mails and bookmarks led readers to a text in their language.",
    ),
    "path-alike": ProblemKind(
        _E,
        N_("{value} and {other} are one file where capitals do not count"),
        N_("rename one of the two files, or give one text another slug"),
        "On the disks of many computers one of them would take the place of the other.",
    ),
    "edition-vanished": ProblemKind(
        _W,
        N_("the edition {value} was published and is to vanish"),
        N_("put its code back into [site] languages, or let your web server lead its readers on"),
        "Links, bookmarks and feed readers know its addresses.",
    ),
    "feeds-vanished": ProblemKind(
        _W,
        N_("feeds, or archives of feeds, were published and are to vanish: {number}, such as {value}"),
        N_("to keep them, write this line below [feeds]: {line}"),
        "Feed readers ask for the address they once were given, and find what is older in archives. "
        "It is said once; the next build knows of them no more.",
    ),
    "output-files": ProblemKind(
        _W,
        N_("the site has {value} files, and [output] max_files is {limit}"),
        N_("ask for fewer archives or formats in [feeds], or find a host that takes more"),
        "Hosts refuse a site with too many files as a whole. It is said from nine tenths of the limit on.",
    ),
    "output-size": ProblemKind(
        _W,
        N_("the site has {value} MB, and [output] max_size is {limit}"),
        N_("ask for fewer archives or whole texts in [feeds], or find a host that takes more"),
        "Hosts refuse a site that is too large as a whole. It is said from nine tenths of the limit on.",
    ),
    "author-ambiguous": ProblemKind(
        _E,
        N_("“{value}” and “{other}” would share one page"),
        N_("write the name the same way everywhere"),
        "Names that differ only in accents or capitals are nearly always one person.",
    ),
    "translation-stale": ProblemKind(
        _A,
        N_("the original has changed since this translation was made; {changes}"),
        N_("compare with {other}, then run: newsfeed translations accept {path} {language}"),
        "Readers of this language see an older text. Headings and entries of lists count as paragraphs; a "
        "removed one has the number that it had.",
    ),
    "translation-stale-somewhere": ProblemKind(
        _A,
        N_("the original has changed since this translation was made"),
        N_("compare with {other}, then run: newsfeed translations accept {path} {language}"),
        "An earlier version of newsfeed noted one fingerprint for the whole text, so that nobody knows which "
        "paragraphs are others. It is told apart from the next “accept” on.",
    ),
    "source-new": ProblemKind(
        _A,
        N_("it is not noted yet which state of the original this translates"),
        N_("write “source: {value}” here; then you are told when {other} changes"),
        "“source: new” asks for this word; nothing is compared before it is there.",
    ),
    "source-in-original": ProblemKind(
        _W,
        N_("“source” stands in the original, where it means nothing"),
        N_("remove the line; translations say of which state of the original they are made"),
        "A translation that was copied as an original brings it along.",
    ),
    "value-one-entry": ProblemKind(
        _W,
        N_("“{value}” is read as one entry"),
        N_("if several are meant, write {example}; one with a comma stands in brackets and quotes"),
        "A list stands in brackets, or has a line for each entry.",
    ),
    # text
    "text-missing": ProblemKind(
        _W,
        N_("there is no text below the front matter"),
        N_("write at least one paragraph"),
        "The page shows only title and summary.",
    ),
    "paragraph-untranslated": ProblemKind(
        _W,
        N_("this paragraph of the original has no translation below it"),
        N_("write it below this line, or remove the remark with the original"),
        "The page would show a text with a gap. Remarks like `<!-- en: … -->` are from `newsfeed translate`; "
        "readers do not see them.",
    ),
    "link-broken": ProblemKind(
        _E,
        N_("nothing is at “{value}”"),
        N_("relative links lead to files of the site; check the name"),
        "Readers would find a dead link.",
    ),
    "link-ambiguous": ProblemKind(
        _E,
        N_("several files are called “{value}”: {known}"),
        N_("write the path from here, with ../"),
        "Which file is meant cannot be told.",
    ),
    "link-scheme": ProblemKind(
        _W,
        N_("links cannot use “{value}”; only the words are shown"),
        N_("use {known}, or look whether allow in [links] of config.toml can have it"),
        "Some schemes run programs in the reader's browser. Others can be allowed.",
    ),
    "link-unseen": ProblemKind(
        _A,
        N_("“{value}” is no link"),
        N_("if it is meant as one, write {example}"),
        "Brackets and parentheses stand together, and an address has no blanks; else readers see the signs.",
    ),
    "anchor-dead": ProblemKind(
        _W,
        N_("no place of this page is called “{value}”"),
        N_("correct the link, or mark the place with <a id=…></a>; similar: {known}"),
        "The link would lead nowhere. Footnotes are places, too; headings only with an id.",
    ),
    "place-dead": ProblemKind(
        _W,
        N_("no place of “{other}” is called “{value}”"),
        N_("correct the link, or mark the place there with <a id=…></a>; similar: {known}"),
        "Readers would be led to the beginning of the page. Headings are places only with an id.",
    ),
    "alt-missing": ProblemKind(
        _E,
        N_("the image has no alternative text"),
        N_("say in words what it shows: ![a solar collector on a roof](…)"),
        "Readers who cannot see the image get nothing (WCAG 2.2, 1.1.1).",
    ),
    "image-alt-missing": ProblemKind(
        _E,
        N_("“image_alt” is missing"),
        N_("say in this text's language what the image shows"),
        "Readers who cannot see the image get nothing (WCAG 2.2, 1.1.1).",
    ),
    "image-alt-alone": ProblemKind(
        _W,
        N_("“image_alt” says what an image shows, but there is no “image”"),
        N_("add “image” to the original, or remove this line"),
        "Nobody sees these words. An image is a fact of the original, its words stand in every language.",
    ),
    "image-key-alone": ProblemKind(
        _W,
        N_("“{key}” says something of an image, but there is no “image”"),
        N_("add “image” to the original, or remove this line"),
        "Nobody sees what it says.",
    ),
    "image-caption-missing": ProblemKind(
        _A,
        N_("“image_caption” is missing here; {other} has one"),
        N_("translate it into this text's language"),
        "Readers of this language see the image without its caption: one in another language is not shown.",
    ),
    "focus-unknown": ProblemKind(
        _E,
        N_("“{value}” is no side of an image"),
        N_("write left or right, top or bottom, or one of each, for example: left top"),
        "Lists show images cropped. What is named here stays; without it, the middle does.",
    ),
    "html-removed": ProblemKind(
        _W,
        N_("the HTML “{value}” is not published"),
        N_("write it in Markdown; scripts, forms and styles are removed"),
        "Content passes an allow-list, so that no page or mail can be taken over.",
    ),
    "tag-open": ProblemKind(
        _W,
        N_("the tag “{value}” has no end; it is shown as text"),
        N_("add the > or the quotation mark that is missing"),
        "Browsers would take all that follows for a part of the tag, and show nothing of it.",
    ),
    "remark-open": ProblemKind(
        _W,
        N_("“{value}” is never closed: nothing below it is shown"),
        N_("write {example} where it ends, or put it between backticks"),
        "A remark hides what stands in it, here to the end of the text.",
    ),
    "html-unknown": ProblemKind(
        _W,
        N_("“{value}” looks like HTML, but HTML does not know it; it is shown as text"),
        N_("if it is meant as text, put it between backticks; if not, remove it"),
        "Browsers drop elements they do not know, and words would vanish without a trace.",
    ),
    "pasted-from-word": ProblemKind(
        _W,
        N_("this was pasted from Word, with its hidden formats"),
        N_("paste it again as plain text"),
        "Word's own marks mean nothing outside Word, so they are removed, and some looks with them.",
    ),
    "shortcode": ProblemKind(
        _W,
        N_("“{value}” is a shortcode of another program; it is shown as text"),
        N_("write what it stood for in Markdown, or put it between backticks if it is an example"),
        "Hugo and Jekyll replace such marks; newsfeed never runs anything that stands in a text.",
    ),
    "word-bullets": ProblemKind(
        _W,
        N_("this list was pasted from Word: “{value}” makes no list here"),
        N_("begin each of its lines with “- ”, a hyphen and a blank"),
        "The lines would run together into one paragraph.",
    ),
    "too-many-links": ProblemKind(
        _E,
        N_("this text has {count} links and pictures; {limit} are possible"),
        N_("cut it into several texts"),
        "Each of them is checked and resolved in every edition, and a small text could keep a build busy.",
    ),
    "table-too-large": ProblemKind(
        _E,
        N_("this table has {count} cells; {limit} are possible"),
        N_("put the figures into a file beside the text, and show the most important ones"),
        "A table costs its columns times its rows, and a small text could keep a build busy for minutes.",
    ),
    "nested-too-deep": ProblemKind(
        _E,
        N_("{count} HTML elements stand within each other here; {limit} are possible"),
        N_("close each element, or write it in Markdown"),
        "Browsers stop at some hundreds, and a small text could keep a build busy for minutes.",
    ),
    "enclosure-missing": ProblemKind(
        _E,
        N_("there is no file “{value}”"),
        N_("put it beside the text and check the name"),
        "An enclosure is a file that travels with the item.",
    ),
    "enclosure-type": ProblemKind(
        _E,
        N_("the type of “{value}” cannot be told from its name"),
        N_("add “type: …”, for example type: application/pdf"),
        "Feed readers need to know what they would download.",
    ),
    "attachment-too-large": ProblemKind(
        _E,
        N_("“{name}” has {size}; the limit is {limit}"),
        N_("put it where large files are kept, and link to it there; or raise [limits] attachment_size"),
        "Every reader's feed reader may download it, and every copy of the site holds it.",
    ),
    "asset-empty": ProblemKind(
        _E,
        N_("“{name}” is empty: it has 0 bytes"),
        N_("copy the file here again, or take it out of the text"),
        "Nothing could be shown, and feed readers and mails keep the empty file for good.",
    ),
    "asset-web-page": ProblemKind(
        _E,
        N_("“{name}” is a web page, perhaps an error message that was saved in the place of the file"),
        N_("download the file again, and open it before you add it"),
        "Readers would see a broken picture, or a file that does not open.",
    ),
    "asset-damaged": ProblemKind(
        _W,
        N_("“{name}” is damaged, or not what its name says ({type})"),
        N_("open it; if that fails, copy it here again"),
        "Readers would get a file that does not open.",
    ),
    "asset-mislabelled": ProblemKind(
        _W,
        N_("“{name}” is not what its name says: it holds {found}"),
        N_("rename it to {example}, here and on the disk"),
        "Feeds and servers tell the type by the name; some programs then refuse the file.",
    ),
    "picture-unreadable": ProblemKind(
        _E,
        N_("“{name}” cannot be read as a picture"),
        N_("open it in a program for pictures and save it again, or take it out of the text"),
        "Readers would see a broken picture.",
    ),
    "picture-cut-off": ProblemKind(
        _E,
        N_("“{name}” is cut off: the end of the picture is missing"),
        N_("copy the file here again, or take it out of the text"),
        "Readers would see a part of it above a grey area. Mostly an upload broke off.",
    ),
    "picture-too-many-pixels": ProblemKind(
        _E,
        N_("“{name}” has {width} × {height} pixels; {limit} in all are possible"),
        N_("make it smaller, for example 2400 pixels wide, or raise [limits] picture_pixels"),
        "To show it, a phone needs four bytes of memory for each pixel, and so does every build.",
    ),
    "picture-large": ProblemKind(
        _W,
        N_("“{name}” is a large picture: {width} × {height} pixels, {size} kB"),
        N_("make it smaller, for example 1600 pixels wide, or raise [limits] picture_size"),
        "On a phone it takes long, and costs its owner money.",
    ),
    "drawing-active": ProblemKind(
        _E,
        N_("“{name}” is a drawing that does more than show something: {value} in its line {line}"),
        N_("export it as plain SVG, without scripts and files from elsewhere, or as PNG"),
        "Opened by itself, a drawing runs with the rights of the site, and calls others up unasked.",
    ),
    "own-link-dead": ProblemKind(
        _W,
        N_("nothing is published at {value}"),
        N_("link to the file instead, like [words](other-story.en.md), or correct the address"),
        "Readers would find a dead link. Links to files follow when an address changes.",
    ),
    "language-differs": ProblemKind(
        _A,
        N_("this text seems to be in “{value}”, and its file name says “{language}”"),
        N_("if that is so, rename the file or translate the text; if not, all is well"),
        "A text that was copied as a start for its translation is easily forgotten. It is only a guess.",
    ),
    "link-half": ProblemKind(
        _W,
        N_("“{value}” does not say how to get there"),
        N_("write {example}"),
        "In feeds and mails there is no page from which to take https:.",
    ),
    "link-query": ProblemKind(
        _W,
        N_("“{value}” leads to this page itself"),
        N_("write the whole address, beginning with https://"),
        "Pages of the site take no parameters, and in feeds and mails the link leads anywhere.",
    ),
    # configuration
    "config-missing": ProblemKind(
        _E,
        N_("there is no config.toml here"),
        N_("run newsfeed init, or name the site's folder with -C"),
        "A site is a folder with a config.toml.",
    ),
    "config-syntax": ProblemKind(
        _E,
        N_("this file cannot be read from here on: {reason}"),
        N_("texts need quotation marks; tables look like [site]"),
        "Nothing can be read from a file with a mistake in its form.",
    ),
    "config-key-unknown": ProblemKind(
        _E,
        N_("unknown key “{value}”"),
        N_("keys here are: {known}"),
        "A misspelt key would be ignored, and with it what its author meant.",
    ),
    "config-key-missing": ProblemKind(
        _E,
        N_("“{key}” is missing"),
        N_("add it, for example: {example}"),
        "The site cannot be built without it.",
    ),
    "config-type": ProblemKind(
        _E,
        N_("“{key}” must be {expected}"),
        N_("for example: {example}"),
        "A value of another shape cannot be used.",
    ),
    "brand-missing": ProblemKind(
        _E,
        N_("there is no file “{value}”"),
        N_("write its path from the site's folder, as it stands on the disk"),
        "Every page would show a broken picture.",
    ),
    "brand-outside": ProblemKind(
        _E,
        N_("“{value}” lies where nothing is published from"),
        N_("copy the file into a folder of the site, for example brand/"),
        "A path could publish any file of this machine, such as the site's secret.",
    ),
    "brand-no-picture": ProblemKind(
        _E,
        N_("“{name}” is no picture that can be used here"),
        N_("use a file of one of these kinds: {known}"),
        "Social networks show no drawings, and browsers no other kinds of pictures.",
    ),
    "brand-large": ProblemKind(
        _E,
        N_("“{name}” has {size}; the limit is {limit}"),
        N_("save it smaller: it is on every page"),
        "Every reader loads it, also on a phone.",
    ),
    "font-unreadable": ProblemKind(
        _E,
        N_("“{name}” cannot be read as a font"),
        N_("use a TrueType or OpenType file: .ttf or .otf"),
        "Nothing could be written on social cards.",
    ),
    "card-letters": ProblemKind(
        _W,
        N_("the font of social cards lacks {value}; {count} titles have no card"),
        N_("name a font that has these letters: card_font in [brand]"),
        "A card with empty boxes in its title is worse than none; the picture of the site stands in for it.",
    ),
    "colour-faint": ProblemKind(
        _W,
        N_("the colour {value} is hard to read: its contrast is {found}, and at least {least} is needed"),
        N_("choose another one, for example {example}, which is used until then"),
        "Links have this colour; with less contrast many people cannot read them (WCAG 2.2, 1.4.3).",
    ),
    "config-name": ProblemKind(
        _E,
        N_("“{key}” has one name here, not a name for each language"),
        N_("write {example}, and the other names into locales/…/LC_MESSAGES/site.po"),
        "The names of topics, donors, partners and programmes are translated with the site's other words.",
    ),
    "config-value": ProblemKind(
        _E,
        N_("“{value}” is no value for “{key}”"),
        N_("it must be {expected}"),
        "The value has the right shape, but no meaning here.",
    ),
    "config-placeholder": ProblemKind(
        _E,
        N_("“{value}” stands for nothing in “{key}”"),
        N_("names in braces are {known}"),
        "What an issue has can be named, and nothing else: a text of the configuration is no template.",
    ),
    "config-choice": ProblemKind(
        _E, N_("“{value}” is no value for “{key}”"), N_("use one of: {known}"), "Only these are known."
    ),
    "config-range": ProblemKind(
        _E,
        N_("“{key}” cannot be {value}"),
        N_("it must be from {low} to {high}"),
        "Outside these bounds the site would be unusable, or the machine.",
    ),
    "config-locale-unknown": ProblemKind(
        _E,
        N_("there is no locale “{value}”"),
        N_("use a language code such as de, fr, nl, pt-BR"),
        "Dates, plurals and names are written by the rules of a CLDR locale.",
    ),
    "config-reference": ProblemKind(
        _E,
        N_("“{key}” names “{value}”, which is not defined"),
        N_("defined are: {known}"),
        "A digest without its audience, or a channel without its settings, cannot work.",
    ),
    "readable-by-others": ProblemKind(
        _W,
        N_("other users of this machine can read {value}"),
        N_("run: {command}"),
        "Secrets let others write in the site's name, and addresses are personal data.",
    ),
    # commits
    "commit-path": ProblemKind(
        _E,
        N_("the commit has a path that no file may have here"),
        N_(
            "rename it: no part may be empty, “.”, “..” or “.git”, or longer than 255 bytes,"
            " and all of it must be UTF-8"
        ),
        "Such a path could lie outside of the folder that the commit is checked out into.",
    ),
    "commit-link": ProblemKind(
        _E,
        N_("the commit has a link that leads out of it, to {to}"),
        N_("put a copy of the file in its place"),
        "A link could publish any file of the machine that publishes, such as its secrets.",
    ),
    "commit-submodule": ProblemKind(
        _E,
        N_("the commit has another repository in this place (a submodule)"),
        N_("put the files themselves there"),
        "What is published is what stands in the commit; nothing is fetched from elsewhere.",
    ),
    "commit-folder": ProblemKind(
        _E,
        N_("the commit has no such folder"),
        N_("put the site there, or correct “folder” of [publish] in config.toml"),
        "The service publishes one folder of its repository, and keeps what was published before.",
    ),
    "commit-file-too-large": ProblemKind(
        _E,
        N_("the commit has a file of {size}; the limit is {limit}"),
        N_("make it smaller, or keep it elsewhere and link to it"),
        "One push must not fill the disk of the machine that publishes.",
    ),
    "commit-too-large": ProblemKind(
        _E,
        N_(
            "the commit is too large; the limits are {most_files} files, as many folders, {most_bytes} in"
            " all, and {most_paths} of paths"
        ),
        N_("take out what the site does not need"),
        "One push must not fill the disk of the machine that publishes.",
    ),
    # templates and catalogues
    "template-syntax": ProblemKind(
        _E,
        N_("the template cannot be read: {reason}"),
        N_("compare with the template it replaces"),
        "Pages made from this template cannot be built.",
    ),
    "template-failed": ProblemKind(
        _E,
        N_("the template fails: {reason}"),
        N_("compare with the template it replaces"),
        "Pages made from this template cannot be built.",
    ),
    "catalogue-missing": ProblemKind(
        _W,
        N_("there are no words for the language “{value}”"),
        N_("add {path}, made from newsfeed.pot"),
        "Sentences around the texts appear in the next language of the edition's chain, marked as such.",
    ),
    "catalogue-syntax": ProblemKind(
        _E,
        N_("the catalogue cannot be read: {reason}"),
        N_("check it with: msgfmt -c"),
        "No word of this catalogue can be used.",
    ),
    "catalogue-incomplete": ProblemKind(
        _W,
        N_("{count} of {total} sentences are not translated; the first is “{value}”"),
        N_("fill in msgstr; until then readers see another language, marked as such"),
        "Nothing stops: such a sentence appears in the next language of the edition's chain that has it.",
    ),
    "catalogue-fuzzy": ProblemKind(
        _W,
        N_("“{value}” is marked fuzzy"),
        N_("check the translation and remove the mark"),
        "A fuzzy entry is a guess; guesses are not shown to readers.",
    ),
    "catalogue-placeholder": ProblemKind(
        _E,
        N_("the translation of “{value}” has other placeholders"),
        N_("keep {known} as they are"),
        "The sentence could not be completed.",
    ),
    "catalogue-plural": ProblemKind(
        _E,
        N_("“{value}” has {found} plural forms; the header says {expected}"),
        N_("fill in msgstr[0] up to the number in the header"),
        "Some numbers would have no sentence.",
    ),
    "catalogue-duplicate": ProblemKind(
        _E,
        N_("“{value}” stands in this catalogue twice, first on line {line}"),
        N_("keep one of the two"),
        "Programs disagree about which of them counts, and most refuse the file.",
    ),
    "name-untranslated": ProblemKind(
        _W,
        N_("“{value}” has no translation"),
        N_("add it to {path} with msgctxt “{context}”; newsfeed locales extract makes an entry to fill in"),
        "The name appears in the site's default language, marked as such.",
    ),
    "search-program-missing": ProblemKind(
        _W,
        N_("the search of this site needs Pagefind, which is not installed here"),
        N_("install it: pip install newsfeed[search]"),
        "On this machine the site can be checked, but not built.",
    ),
    # audiences
    "audience-missing": ProblemKind(
        _E,
        N_("the audience file is not there"),
        N_("make a CSV file with the columns email,name,language"),
        "A digest needs somebody to go to.",
    ),
    "audience-column": ProblemKind(
        _E,
        N_("the column “{key}” is missing"),
        N_("the first line must be: email,name,language"),
        "Without it nobody can be written to.",
    ),
    "audience-address": ProblemKind(
        _E,
        N_("the address in this line cannot be written to"),
        N_("it must look like name@example.org, without spaces or line breaks"),
        "A malformed address can break a whole run, or smuggle in headers.",
    ),
    "audience-duplicate": ProblemKind(
        _W,
        N_("the address of this line stands in line {other} already"),
        N_("delete one of the two lines"),
        "Nobody gets an issue twice; the first line counts.",
    ),
}
"""Every code there is. Severity, sentence, hint, and the reason the manual gives."""
