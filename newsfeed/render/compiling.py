"""How templates become Python: Jinja2, with what is the same on every page worked out when it compiles.

Pages are rendered by the ten thousand, so a microsecond for each sentence, import or escaped value is
noticed. What templates mean stays as Jinja2 defines it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

    from jinja2.compiler import Frame
    from jinja2.environment import TemplateModule

    Sentences = Mapping[str, Callable[..., str]]
    """Functions of a language by the names templates know them by."""

_ESCAPED = 10_000
"""Texts whose escaped form is kept: a title stands on many pages, an address in many menus."""
_REMEMBERED = 20_000
"""Pieces of a language that are kept, so that a story's card is rendered once for all its lists."""
_escape_text: Callable[[str], Markup] = lru_cache(_ESCAPED)(escape)


class SiteEnvironment(Environment):
    """A Jinja2 environment of one language. Its globals are the same for all templates."""

    def __init__(self, sentences: Sentences, **options: Any) -> None:
        super().__init__(**options)
        self._sentences = sentences
        self._ready: dict[str, Template] = {}
        self.once = lru_cache(_REMEMBERED)(_called)
        """A macro's result for some values; macros give the same for the same values."""

    def shown(self, value: object) -> str:
        """A value as HTML, escaped unless it is HTML."""
        kind = type(value)
        if kind is Markup:
            return value  # type: ignore[return-value]
        return _escape_text(value) if kind is str else escape(value)  # type: ignore[arg-type]

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja2's name for it
    ) -> Template:
        """A template by its name, which means the same everywhere."""
        if not isinstance(name, str):
            return super().get_template(name, parent, globals)
        if name not in self._ready:
            self._ready[name] = super().get_template(name, parent, globals)
        return self._ready[name]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What all templates are given: a dictionary, where Jinja2 makes a chain, which is slow."""
        return {**self.globals, **d} if d else self.globals

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        said = _Said(self._sentences).visit(source)
        return super()._generate(said, name, filename, defer_init)


def _called(macro: Callable[..., Markup], *values: object) -> Markup:
    return macro(*values)


class _Context(Context):
    """Calls macros and `once` without asking them each time what else they want to be given."""

    def call(self, function: Callable[..., Any], /, *values: Any, **named: Any) -> Any:
        once = function is self.environment.once  # type: ignore[attr-defined]
        if not once and type(function) is not Macro:
            return super().call(function, *values, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return function(*values, **named) if once else function(self.eval_ctx, *values, **named)


class _Imported(Template):
    """A template whose macros are made once: there are no globals that only some templates have."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        module = self._module
        return super()._get_default_module() if module is None else module


class _Generator(CodeGenerator):
    """Writes values by way of `SiteEnvironment.shown`, which is faster than markupsafe's function."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Said(NodeTransformer):
    """Puts sentences without values in their places: an environment knows one language."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """The sentence, where a call asks for nothing else."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        words = [one.value for one in node.args if isinstance(one, nodes.Const)]
        whole = len(words) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if name not in self._sentences or not whole:
            return node
        try:
            said = self._sentences[name](*words) % {}
        except (TypeError, ValueError, KeyError):  # shown with its place when the page is rendered
            return node
        constant = nodes.Const(said, lineno=node.lineno, environment=node.environment)
        return nodes.MarkSafeIfAutoescape(constant, lineno=node.lineno, environment=node.environment)


SiteEnvironment.context_class = _Context
SiteEnvironment.template_class = _Imported
SiteEnvironment.code_generator_class = _Generator
