"""How a template's syntax becomes Python source: what Jinja2 writes, without what pages need not pay for.

Jinja2 hands over a page one piece at a time, through a generator for every template and block, and asks
each function that is called what else it wants to be given. Here a page is written into a list, and
macros are called as the functions they are. Wherever that would mean something else, the source is
Jinja2's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jinja2.compiler import Frame, MacroRef

_ONCE = "once"
_HELPERS = ("undefined", "escape_text", "shown", "once", "macro_kind", "calling", "printing")
"""What the source uses of `SiteEnvironment`, by the same names."""
_NO_MACROS = {"caller", "loop", "super"}
_SPILT = "yield from template._get_default_module()._body_stream"
"""How Jinja2 includes a template without context, even where what is written is collected."""


class Generator(CodeGenerator):
    """Writes functions that yield lists of pieces, where Jinja2's yield pieces."""

    _printed: nodes.Node | None = None
    """A call whose result is put out and nothing else."""
    _including: Frame

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._modules: set[str] = set()

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """A module; what all its functions use is made ready once."""
        for name in _HELPERS:
            self.writeline(f"{name} = environment.{name}")
        self.writeline("concat = ''.join")
        self.writeline("from jinja2.runtime import Undefined as cond_expr_undefined")
        super().visit_Template(node, frame)

    def write_commons(self) -> None:
        """What every function begins with."""
        self.writeline("resolve = context.resolve_or_missing")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """The outermost frame of a function collects too, and hands over all it has in the end."""
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield {frame.buffer}")

    def simple_write(self, s: str, frame: Frame, node: nodes.Node | None = None) -> None:
        """What a block or an included template yields: pieces."""
        self.writeline(f"{frame.buffer}.extend({s})", node)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        """Where it stands, and nowhere else."""
        self._including = frame
        super().visit_Include(node, frame)

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """A line of the source."""
        if x == _SPILT:
            x = f"{self._including.buffer}.extend(template._get_default_module()._body_stream)"
        super().writeline(x, node, extra)

    def visit_Import(self, node: nodes.Import, frame: Frame) -> None:
        """Remembers the name: what it is asked for are macros."""
        self._modules.add(node.target)
        super().visit_Import(node, frame)

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """The macro of a function just written, which Jinja2 would make one of its own kind."""
        node = macro_ref.node
        takes = tuple(one.name for one in node.args)
        special = macro_ref.accesses_kwargs, macro_ref.accesses_varargs, macro_ref.accesses_caller
        self.write(
            f"macro_kind(environment, macro, {getattr(node, 'name', None)!r}, {takes!r}, "
            f"{', '.join(map(repr, special))}, context.eval_ctx.autoescape)"
        )

    # -- values ------------------------------------------------------------------------------

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """An attribute; what has none of that name may have an item, which Jinja2 sees to."""
        if not isinstance(node.node, nodes.Name | nodes.Getattr):
            super().visit_Getattr(node, frame)
            return
        self.write("(_v if (_v := getattr(_o := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(_o, {node.attr!r}))")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        """What is put out as it stands. Filters are not tried: their results differ with the language."""
        inner = node.expr if isinstance(node, nodes.MarkSafeIfAutoescape) else node
        if not isinstance(inner, nodes.TemplateData | nodes.Const):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _escaped(frame):
            super()._output_child_pre(node, frame, finalize)
        elif self._is_direct(node, frame):
            self._printed = node
            self.write("(")
        elif isinstance(node, nodes.Getattr):
            self.write("(escape_text(_v) if type(_v := (")
        else:
            self.write("(_v if type(_v := (")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _escaped(frame) or self._is_direct(node, frame):
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(f")) is {'str' if isinstance(node, nodes.Getattr) else 'Markup'} else shown(_v))")

    # -- calls -------------------------------------------------------------------------------

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A call; of a macro it is one of a function when all it is given are some values."""
        printed, self._printed = self._printed is node, None
        if forward_caller or not self._is_direct(node, frame):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        otherwise = f"{'printing' if printed else 'calling'}(context, "
        variables = "".join(
            f", {name}={name}"
            for name, known in (("_loop_vars", frame.loop_frame), ("_block_vars", frame.block_frame))
            if known
        )
        if _is_once(node):
            macro, *given = node.args
            self._write("(_f.kept if type(_f := ", macro, frame)
            self._write(f") is macro_kind and _f.most >= {len(given)} and ", node.node, frame)
            self._write(f" is once else {otherwise}", node.node, frame)
            self.write(f", _f{variables}))(")
        else:
            given = node.args
            self._write(f"(_f.{'text' if printed else 'html'} if type(_f := ", node.node, frame)
            self.write(f") is macro_kind and _f.most >= {len(given)} and context.eval_ctx.autoescape ")
            self.write(f"else {otherwise}_f{variables}))(")
        for value in given:
            self._write("", value, frame)
            self.write(", ")
        self.write(")")

    def _write(self, before: str, node: nodes.Node, frame: Frame) -> None:
        self.write(before)
        self.visit(node, frame)

    def _is_direct(self, node: nodes.Node, frame: Frame) -> bool:
        """Whether a call may be one of a macro that is given some values and nothing else."""
        if not isinstance(node, nodes.Call) or not _escaped(frame):
            return False
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            return False
        if _is_once(node):
            return bool(node.args)
        if isinstance(node.node, nodes.Name):
            return node.node.name not in _NO_MACROS and node.node.name not in self.environment.globals
        of = node.node.node if isinstance(node.node, nodes.Getattr) else None
        return isinstance(of, nodes.Name) and of.name in self._modules


def _escaped(frame: Frame) -> bool:
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


def _is_once(node: nodes.Call) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == _ONCE


class Said(NodeTransformer):
    """Puts marks in the places of sentences without values."""

    def __init__(self, mark: Callable[[str, Sequence[object]], str | None]) -> None:
        self._mark = mark

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """The mark, where a call asks for a sentence and nothing else."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        words = [one.value for one in node.args if isinstance(one, nodes.Const)]
        whole = len(words) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        mark = self._mark(name, words) if whole else None
        if mark is None:
            return node
        constant = nodes.Const(mark, lineno=node.lineno, environment=node.environment)
        return nodes.MarkSafeIfAutoescape(constant, lineno=node.lineno, environment=node.environment)
