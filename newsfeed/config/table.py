"""Read one table of the configuration key by key; a key that nobody asked for is reported as unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from newsfeed.core.content.source_text import (
    FORBIDDEN_CHARACTERS,
    SourceText,
    find_open_direction,
    join_lines,
    name_code_point,
)
from newsfeed.core.content.toml_positions import find_toml_value
from newsfeed.marking import N_
from newsfeed.problems import Location, Problem, problem
from newsfeed.settings import LocalisedText

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KeyPositions = Mapping[tuple[str, ...], tuple[int, int]]


class Table:
    """Typed access to one TOML table. Getters report what is wrong and return the default."""

    def __init__(
        self,
        source: SourceText,
        places: KeyPositions,
        values: Mapping[str, Any],
        path: tuple[str, ...] = (),
        problems: list[Problem] | None = None,
    ) -> None:
        self._source = source
        self._places = places
        self._values = values
        self._path = path
        self._asked: set[str] = set()
        self.problems: list[Problem] = [] if problems is None else problems

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Table:
        """Return a table of some values that stand in no file."""
        return cls(SourceText("", ""), {}, values)

    @classmethod
    def empty(cls) -> Table:
        """Return a table that is not there: every key takes its default."""
        return cls.of({})

    def where(self, key: str = "") -> Location:
        """Return where a key of this table stands, or the table itself."""
        path = (*self._path, key) if key else self._path
        while path and path not in self._places:
            path = path[:-1]
        return self._source.at(*self._places.get(path, (1, 1)))

    def where_value(self, key: str, value: str) -> Location:
        """Return where a text stands in the value of a key, such as one of a list."""
        at = self.where(key)
        place = find_toml_value(self._source.text, self._places, (at.line, at.column), value)
        return self._source.at(*place)

    def report(self, code: str, key: str, /, **params: object) -> None:
        """Note a problem with a key of this table."""
        named = {"key": self._dotted(key), **params}
        self.problems.append(problem(code, self.where(key), **named))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> list[str]:
        """Return the keys this table has."""
        return list(self._values)

    def raw(self, key: str) -> object:
        """Return the value of a key as it is, to decide how to read it; ``None`` when it is not there."""
        return self._values.get(key)

    def close(self, also: Iterable[str] = ()) -> None:
        """Report every key that no getter asked for and that is not among ``also``."""
        self._asked.update(also)
        for key in self._values:
            if key not in self._asked:
                known = sorted(self._asked)
                found = problem(
                    "config-key-unknown", self.where(key), known, value=key, known=", ".join(known)
                )
                self.problems.append(found)

    def table(self, key: str, *, required: bool = False) -> Table:
        """Return the table below a key; an empty one when it is not there."""
        self._asked.add(key)
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self._wrong_type(key, N_("a table"), f"[{self._dotted(key)}]")
            value = {}
        if required and key not in self._values:
            self.report("config-key-missing", key, example=f"[{self._dotted(key)}]")
        return Table(self._source, self._places, value, (*self._path, key), self.problems)

    def array(self, key: str) -> list[Table]:
        """Return the tables of an array, ``[[key]]``; a single table ``[key]`` is an array of one."""
        self._asked.add(key)
        value = self._values.get(key, [])
        if isinstance(value, dict):
            return [self.table(key)]
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._wrong_type(key, N_("a list of tables"), f"[[{self._dotted(key)}]]")
            return []
        return [
            Table(self._source, self._places, one, (*self._path, key, str(number)), self.problems)
            for number, one in enumerate(value, 1)
        ]

    def tables(self, key: str, known: Sequence[str] | None = None) -> list[tuple[str, Table]]:
        """Return the named tables below a key, such as ``[digests.<name>]``."""
        parent = self.table(key)
        names = parent.keys()
        if known is not None:
            parent.close(known)
        return [(name, parent.table(name)) for name in names if known is None or name in known]

    def tables_by(self, normal: Callable[[str], str], known: Sequence[str]) -> list[tuple[str, Table]]:
        """Return the tables of this one under normalised names; names not ``known`` are reported."""
        found = [(normal(name), self.table(name)) for name in self._values if normal(name) in known]
        self.close(known)
        return found

    def text(self, key: str, *, default: str = "", required: bool = False, example: str = "") -> str:
        """Return a text."""
        value = self._get(key, required, example)
        if value is None:
            return default
        if not isinstance(value, str):
            self._wrong_type(key, N_("a text in quotes"), example or '"…"')
            return default
        if required and not value.strip():
            self.report("config-key-missing", key, example=f"{key} = {example}")
        if found := FORBIDDEN_CHARACTERS.search(
            value
        ):  # escapes such as \u0007 smuggle in what feeds cannot hold
            self.problems.append(
                problem("control-character", self.where(key), character=name_code_point(found[0]))
            )
        if direction := find_open_direction(value):
            self.problems.append(
                problem("direction-open", self.where(key), character=name_code_point(direction))
            )
        return value.strip()

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """Return a whole number between two bounds, both included."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong_type(key, N_("a whole number"), str(default))
            return default
        if not low <= value <= high:
            self.report("config-range", key, value=value, low=low, high=high)
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._wrong_type(key, N_("true or false"), str(default).lower())
            return default
        return value

    def quantity(self, key: str, default: float, low: float, high: float) -> float:
        """Return a number that need not be whole, between two bounds, both included."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool):
            self._wrong_type(key, N_("a number"), "0.5")
            return default
        if not low <= value <= high:
            self.report("config-range", key, value=value, low=f"{low:g}", high=f"{high:g}")
            return default
        return float(value)

    def list_of_texts(
        self,
        key: str,
        *,
        default: tuple[str, ...] = (),
        required: bool = False,
        example: str = '["…"]',
    ) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._get(key, required, example)
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._wrong_type(key, N_("a list of texts"), example)
            return default
        if required and not value:
            self.report("config-key-missing", key, example=f"{key} = {example}")
        return tuple(value)

    def choice(self, key: str, options: Sequence[str], default: str) -> str:
        """Return one of a few words."""
        value = self.text(key, default=default)
        if value not in options:
            self._not_among(key, value, options)
            return default
        return value

    def choices(self, key: str, options: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
        """Return several of a few words, each once."""
        values = self.list_of_texts(key, default=default)
        for value in values:
            if value not in options:
                self._not_among(key, value, options)
        return tuple(dict.fromkeys(value for value in values if value in options)) or default

    def texts(self) -> dict[str, str]:
        """Return all keys of this table, each a text."""
        return {key: self.text(key, required=True, example='"…"') for key in self._values}

    def names(self) -> dict[str, str]:
        """Return all keys of this table, each a name in the default language: a vocabulary."""
        found = {}
        for key, value in self._values.items():
            if isinstance(value, dict):
                self._asked.add(key)
                first = next((one for one in value.values() if isinstance(one, str)), "…")
                self.report("config-name", key, example=f'{key} = "{join_lines(first)}"')
            else:
                found[key] = self.text(key, required=True, example='"…"')
        return found

    def localised(
        self, key: str, languages: Sequence[str], *, required: bool = False, example: str = ""
    ) -> LocalisedText:
        """Return a text, or a table with one text per language."""
        if not isinstance(self._values.get(key), dict):
            return LocalisedText(self.text(key, required=required, example=example))
        below = self.table(key)
        texts = {code: below.text(code) for code in languages if code in below}
        below.close(languages)
        first = next((texts[code] for code in languages if texts.get(code)), "")
        if required and not first:
            self.report("config-key-missing", key, example=f"{key} = {example}")
        return LocalisedText(first, texts)

    def _get(self, key: str, required: bool = False, example: str = "") -> Any:
        self._asked.add(key)
        value = self._values.get(key)
        if value is None and required:
            self.report("config-key-missing", key, example=f"{key} = {example}")
        return value

    def _wrong_type(self, key: str, expected: str, example: str) -> None:
        self.report("config-type", key, expected=expected, example=f"{key} = {example}")

    def _not_among(self, key: str, value: str, options: Sequence[str]) -> None:
        found = problem(
            "config-choice",
            self.where_value(key, value),
            options,
            key=self._dotted(key),
            value=value,
            known=", ".join(options),
        )
        self.problems.append(found)

    def _dotted(self, key: str) -> str:
        return ".".join((*self._path, key))
