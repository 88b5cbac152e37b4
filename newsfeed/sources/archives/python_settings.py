"""Read the settings of programs that are configured in Python: plain values only. Nothing is run."""

from __future__ import annotations

import ast
from typing import Any

_MOST = 2_000_000


def read_settings(text: str) -> dict[str, Any]:
    """Return name → value of the plain assignments in a module; what has to be run is passed over."""
    try:
        module = ast.parse(text[:_MOST])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, Any] = {}
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    value = _value(statement.value, found)
                    if value is not None:
                        found[target.id] = value
    return found


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Dict):  # keys are often names of other settings
        pairs = [
            (_value(key, known), _value(value, known))
            for key, value in zip(node.keys, node.values, strict=True)
            if key
        ]
        return {key: value for key, value in pairs if isinstance(key, (str, int))}
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
