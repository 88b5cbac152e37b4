"""Clean the tree of a text in reStructuredText, and write it as plain HTML that becomes Markdown well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.core import publish_from_doctree
from docutils.writers import html5_polyglot

from newsfeed.sources.archives.rst_guard import WARNING, ParserRemark, is_harmless, is_of_files

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_PICTURES = ("uri", "alt", "ids", "classes", "names", "dupnames", "backrefs")
_LINE_END = "<br>\n"
_LISTS = (nodes.bullet_list, nodes.enumerated_list)


def clean_tree(document: nodes.document) -> list[ParserRemark]:
    """Take out of a tree what its parser put into it; return what may be lost by it."""
    for message in list(document.findall(nodes.system_message)):
        _take_out_message(message)
    for problem in list(document.findall(nodes.problematic)):
        _replace(problem, [nodes.Text(problem.astext())])
    for image in document.findall(nodes.image):
        image.attributes = {key: one for key, one in image.attributes.items() if key in _OF_PICTURES}
        image.setdefault("alt", "")
    for topic in list(document.findall(nodes.topic)):
        if "contents" in topic["classes"]:
            _replace(topic, [])
    for decoration in list(document.findall(nodes.decoration)):
        _replace(decoration, [one for part in decoration.children for one in part.children])
    _lower_subtitle(document)
    return list(_formulas(document))


def take_fields(document: nodes.document) -> dict[str, str]:
    """Take the fields out of the top of a tree, and return them, with its title."""
    found: dict[str, str] = {}
    for top in list(document.findall(nodes.docinfo)):
        for element in top.children:
            if isinstance(element, nodes.field):
                found[element[0].astext().strip().lower()] = element[1].astext()
            elif isinstance(element, nodes.authors):
                found["authors"] = "; ".join(one.astext() for one in element.children)
            elif isinstance(element, nodes.Element):
                found[element.tagname] = element.astext()
        _replace(top, [])
    if (title := document.next_node(nodes.title)) is not None and title.parent is document:
        found.setdefault("title", title.astext())
    return found


def write_html(document: nodes.document, settings: dict[str, Any]) -> str:
    """Return what is in a tree as HTML; its title and its fields are no part of it."""
    writer = html5_polyglot.Writer()
    writer.translator_class = _PlainTranslator
    publish_from_doctree(document, writer=writer, settings_overrides=settings)
    return str(writer.parts["fragment"])


def _take_out_message(message: nodes.system_message) -> None:
    """Put what a remark quotes of the text into its place."""
    quoted = [one for one in message.children if isinstance(one, nodes.literal_block)]
    keeps = message["level"] >= WARNING and not (is_of_files(message) or is_harmless(message))
    _replace(message, quoted if keeps else [])


def _replace(node: nodes.Element, others: list[Any]) -> None:
    if node.parent is not None:
        node.parent.replace(node, others)


def _lower_subtitle(document: nodes.document) -> None:
    """Make a subtitle a heading again: a page has none."""
    subtitle = document.next_node(nodes.subtitle)
    if subtitle is None or subtitle.parent is not document:
        return
    section = nodes.section(ids=list(subtitle["ids"]))
    section += nodes.title("", "", *subtitle.children)
    rest = document.children[document.index(subtitle) + 1 :]
    section += [one for one in rest if not isinstance(one, nodes.docinfo)]
    for one in section.children[1:]:
        document.remove(one)
    document.remove(subtitle)
    document += section


def _formulas(document: nodes.document) -> Iterator[ParserRemark]:
    for formula in list(document.findall(nodes.math)):
        yield ParserRemark("formula", _line_of(formula))
        _replace(formula, [nodes.literal("", formula.astext())])
    for block in list(document.findall(nodes.math_block)):
        yield ParserRemark("formula", _line_of(block))
        _replace(block, [nodes.literal_block("", block.astext(), classes=["code", "latex"])])


def _line_of(node: nodes.Node | None) -> int:
    while node is not None:
        if node.line:
            return int(node.line)
        node = node.parent
    return 0


class _PlainTranslator(html5_polyglot.HTMLTranslator):
    """Writes HTML without what only a style sheet of docutils gives a sense."""

    def visit_literal(self, node: nodes.literal) -> None:
        self.body.append(f"<code>{self.encode(node.astext())}</code>")
        raise nodes.SkipNode

    def visit_literal_block(self, node: nodes.Element) -> None:
        language = next((one for one in node["classes"] if one not in ("code", "literal-block")), "")
        start = f'<code class="language-{self.attval(language)}">' if language else "<code>"
        self.body.append(f"<pre>{start}{self.encode(_code_of(node))}</code></pre>\n")
        raise nodes.SkipNode

    def visit_doctest_block(self, node: nodes.doctest_block) -> None:
        self.body.append(f'<pre><code class="language-pycon">{self.encode(node.astext())}</code></pre>\n')
        raise nodes.SkipNode

    def visit_line_block(self, node: nodes.line_block) -> None:
        if not isinstance(node.parent, nodes.line_block):
            self.body.append("<p>")

    def depart_line_block(self, node: nodes.line_block) -> None:
        if not isinstance(node.parent, nodes.line_block):
            if self.body[-1] == _LINE_END:
                self.body.pop()
            self.body.append("</p>\n")

    def visit_line(self, node: nodes.line) -> None:
        depth, above = -1, node.parent
        while isinstance(above, nodes.line_block):
            depth, above = depth + 1, above.parent
        self.body.append("\u2003" * depth)

    def depart_line(self, node: nodes.line) -> None:
        self.body.append(_LINE_END)

    def visit_footnote_reference(self, node: nodes.Element) -> None:
        self.body.append(
            f'<sup><a href="#{self.attval(node["refid"])}">{self.encode(node.astext())}</a></sup>'
        )
        raise nodes.SkipNode

    def visit_citation_reference(self, node: nodes.Element) -> None:
        self.visit_footnote_reference(node)

    def visit_footnote(self, node: nodes.Element) -> None:
        self.body.append(f'<div id="{self.attval(node["ids"][0])}">')
        label = node.next_node(nodes.label)
        is_named = isinstance(node, nodes.citation) or not node["backrefs"]
        if label is not None and is_named:
            self.body.append(f"<p>[{self.encode(label.astext())}]</p>")

    def depart_footnote(self, node: nodes.Element) -> None:
        self.body.append("</div>\n")

    def visit_citation(self, node: nodes.Element) -> None:
        self.visit_footnote(node)

    def depart_citation(self, node: nodes.Element) -> None:
        self.depart_footnote(node)

    def visit_label(self, node: nodes.label) -> None:
        raise nodes.SkipNode

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        if not _is_bare(node):
            self.body.append("<p>")

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        self.body.append("\n" if _is_bare(node) else "</p>\n")

    def visit_admonition(self, node: nodes.Element) -> None:
        self.body.append("<blockquote>")

    def depart_admonition(self, node: nodes.Element | None = None) -> None:
        self.body.append("</blockquote>\n")

    def visit_title(self, node: nodes.title) -> None:
        if isinstance(node.parent, (nodes.Admonition, nodes.topic, nodes.sidebar)):
            self.body.append("<p><strong>")
            self.context.append("</strong></p>\n")
        else:
            super().visit_title(node)

    def visit_rubric(self, node: nodes.rubric) -> None:
        self.body.append("<p><strong>")

    def depart_rubric(self, node: nodes.rubric) -> None:
        self.body.append("</strong></p>\n")


def _is_bare(paragraph: nodes.paragraph) -> bool:
    """Tell whether a paragraph is all the words of a point in a list, or of a cell: no element is for it."""
    others = [one for one in paragraph.parent.children if one is not paragraph]
    if isinstance(paragraph.parent, nodes.entry):
        return not others
    is_first = paragraph.parent.children[0] is paragraph
    return (
        isinstance(paragraph.parent, nodes.list_item)
        and is_first
        and all(isinstance(one, _LISTS) for one in others)
    )


def _code_of(block: nodes.Element) -> str:
    """Return what is in a block without the numbers of its lines."""
    numbers = [one for one in block.findall(nodes.inline) if "ln" in one["classes"]]
    for number in numbers:
        _replace(number, [])
    return block.astext()
