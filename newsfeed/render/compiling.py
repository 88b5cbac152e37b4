"""How templates become Python: Jinja2, with what is the same on every page worked out when it compiles.

Pages are rendered by the ten thousand, so a microsecond for each sentence, import or escaped value is
noticed. What templates mean stays as Jinja2 defines it.
"""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import markupsafe
from jinja2 import Environment, Template
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.runtime import Macro as JinjaMacro
from jinja2.utils import missing
from markupsafe import Markup, escape

from newsfeed.render.generating import Generator, Said
from newsfeed.render.sentences import takes_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping

    from jinja2 import nodes

    from newsfeed.render.sentences import Sentences, Speech


_REMEMBERED = 5_000
"""Results of a macro that are kept, so that a story's card is rendered once for all its lists: many more than
the stories between the ends of any list's page.
"""
_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)
"""What `escape` does to a text, without saying of the result that it is HTML, which takes ten times as
long; `escape` itself, should a release have no such function.
"""
_html: Callable[[str], Markup] = partial(str.__new__, Markup)
"""`Markup` of a text that is nothing more special."""


class Macro(JinjaMacro):
    """A macro that HTML calls as the function it is, when it has no more than ``most`` values for it."""

    most = -1
    text: Callable[..., str]
    html: Callable[..., Markup]
    kept: Callable[..., Markup]
    """The same, from memory when the values are equal to earlier ones."""

    def __init__(
        self, environment: Environment, func: Callable[..., str], name: str, arguments: Any, *rest: Any
    ) -> None:
        super().__init__(environment, func, name, arguments, *rest)
        special = self.catch_kwargs or self.catch_varargs or self.caller or self.explicit_caller
        if special or not self._default_autoescape:
            return
        self.most = len(arguments)
        func.__defaults__ = (missing,) * self.most
        self.text = func
        self.html = lambda *values: _html(func(*values))
        self.kept = lru_cache(_REMEMBERED)(self.html)


class SiteEnvironment(Environment):
    """A Jinja2 environment of one language. Its globals are the same for all templates."""

    escape_text = staticmethod(_escape_text)
    macro_kind = Macro

    def __init__(self, speech: Speech, sentences: Sentences, **options: Any) -> None:
        """``sentences``: of all languages, of which ``speech`` is one."""
        super().__init__(optimized=False, **options)  # filters differ between languages
        self._speech = speech
        self._sentences = sentences
        self._takes_marks = False
        self._ready: dict[str, Template] = {}
        others = lru_cache(_REMEMBERED)(_called)

        def once(macro: Callable[..., Any], *values: object) -> Any:
            """A macro's result for some values; macros give the same for the same values."""
            if type(macro) is Macro and macro.most >= len(values):
                return macro.kept(*values)
            return others(macro, *values)

        self.once = once

    @staticmethod
    def shown(value: object) -> str:
        """A value as HTML, escaped unless it is HTML."""
        kind = type(value)
        if kind is Markup:
            return value  # type: ignore[return-value]
        return _escape_text(value) if kind is str else escape(value)  # type: ignore[arg-type]

    @staticmethod
    def concat(pieces: Iterable[list[str]]) -> str:  # type: ignore[override]
        """What a template or a block yields, as one text."""
        return "".join(chain.from_iterable(pieces))

    @staticmethod
    def calling(context: Context, *given: Any, **named: Any) -> Callable[..., Any]:
        """Something that a template calls, asked what else it wants to be given."""
        return partial(context.call, *given, **named)

    @staticmethod
    def printing(context: Context, *given: Any, **named: Any) -> Callable[..., str]:
        """The same, and its result as HTML."""
        return lambda *values: SiteEnvironment.shown(context.call(*given, *values, **named))

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
        said = Said(self._sentences.mark).visit(source) if self._takes_marks else source
        return super()._generate(said, name, filename, defer_init)

    def compile(self, source: Any, name: Any = None, filename: Any = None, *rest: Any, **named: Any) -> Any:
        """A template as Python, compiled when the first language asks for it."""
        self._takes_marks = isinstance(source, str) and not (rest or named) and takes_marks(source)
        if not self._takes_marks:
            return super().compile(source, name, filename, *rest, **named)
        compile_it = partial(super().compile, source, name, filename)
        return self._sentences.compiled((source, name, filename), compile_it, self._speech)


def _called(function: Callable[..., Any], *values: object) -> Any:
    return function(*values)


class _Context(Context):
    """Calls macros and `once` without asking them each time what else they want to be given."""

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja2's name for it
    ) -> None:
        """As Jinja2 does, but for the names of the globals: `_Template` does not ask for them."""
        self.parent = parent
        self.vars = {}
        self.environment = environment
        self.eval_ctx = EvalContext(environment, name)
        self.exported_vars = set()
        self.name = name
        self.globals_keys = set()
        self.blocks = {block: [function] for block, function in blocks.items()}

    def call(self, function: Callable[..., Any], /, *values: Any, **named: Any) -> Any:
        once = function is self.environment.once  # type: ignore[attr-defined]
        if not once and type(function) is not Macro:
            return super().call(function, *values, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return function(*values, **named) if once else function(self.eval_ctx, *values, **named)


class _Template(Template):
    """A template whose macros are made once: there are no globals that only some templates have."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        module = self._module
        return super()._get_default_module() if module is None else module

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja2's names
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,  # noqa: A002
    ) -> TemplateModule:
        """What the template defines, and what it puts out."""
        context = self.new_context(vars, shared, locals)
        return TemplateModule(self, context, list(chain.from_iterable(self.root_render_func(context))))


SiteEnvironment.context_class = _Context
SiteEnvironment.template_class = _Template
SiteEnvironment.code_generator_class = Generator
