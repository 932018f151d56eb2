"""Statements prepared once and run on the driver's own cursor, for the few paths in a hurry.

The ORM, and even running an expression, spends many times what the database spends on a small
statement (docs/benchmarks.md). What officers do all day (take, finish) and what timers do by the
thousand goes through here; everything else uses the session. A statement is still written as an
expression over the models, so each database gets its own text and types from one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import (
    JSON,
    BindParameter,
    Boolean,
    Column,
    ColumnClause,
    Connection,
    Date,
    Dialect,
    Table,
    bindparam,
    insert,
    literal_column,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.sql.visitors import iterate, replacement_traverse
from sqlalchemy.types import NullType, TypeEngine

from workflows.models.base import UtcDateTime
from workflows.storage.databases import to_json

Row = TypeVar("Row")
Convert = Callable[[Any], Any]

# A command's instant goes into many columns, and cases share their days, so what each database
# makes of such values is kept.
KEPT_KINDS = (UtcDateTime, Date, Boolean)
KEPT_VALUES = 256

NAMED = re.compile(r"%\((\w+)\)s")
NUMBERED = re.compile(r"\$(\d+)")
DIVISION_BY_ZERO = "22012"


@dataclass(frozen=True, eq=False)
class Prepared:
    """What one dialect makes of a statement: its text, and what values need on their way.

    ``pick`` takes the parameters, of which there are ``width``, out of the values in their order.
    """

    text: str
    width: int
    pick: Callable[[Mapping[str, Any]], Sequence[Any]]
    defaults: Mapping[str, Any]
    converts: tuple[tuple[int, Convert], ...]
    columns: tuple[tuple[int, Convert], ...]

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values as the driver wants them. Raises KeyError when one is missing."""
        given = list(self.pick({**self.defaults, **values} if self.defaults else values))
        for at, convert in self.converts:
            given[at] = convert(given[at])
        return given

    def rows_of(self, parameters: Sequence[Any]) -> int:
        """Return how many rows these are the parameters of."""
        return len(parameters) // self.width if self.width else 1

    def read(self, found: Sequence[Any]) -> Sequence[Any]:
        """Return the columns of one row as the models' types have them."""
        if not self.columns:
            return found
        values = list(found)
        for index, convert in self.columns:
            if values[index] is not None:
                values[index] = convert(values[index])
        return values


class _Statement:
    """What queries and changes share: compiled once a dialect, run on the driver's cursor."""

    def __init__(self, expression: SelectBase | UpdateBase) -> None:
        self._expression = expression
        self._prepared: dict[str, Prepared] = {}

    def prepare(self, connection: Connection) -> Prepared:
        """Return what the connection's dialect makes of it."""
        prepared = self._prepared.get(connection.dialect.name)
        if prepared is None:
            prepared = _compile(self._expression, connection.dialect)
            self._prepared[connection.dialect.name] = prepared
        return prepared


class Query(_Statement, Generic[Row]):
    """A query over the models and the value that each of its rows becomes.

    ``row`` takes the columns in order, as a NamedTuple's ``_make`` does. Values go by the names
    that the expression gives its parameters.
    """

    def __init__(self, expression: SelectBase, row: Callable[[Sequence[Any]], Row]) -> None:
        """Keep the expression; it is compiled when a database first needs it."""
        super().__init__(expression)
        self.tables = {each.name for each in iterate(expression) if isinstance(each, Table)}
        self._row = row

    def one(self, connection: Connection, **values: Any) -> Row | None:
        """Return the first row, or None."""
        prepared = self.prepare(connection)
        cursor = execute(connection, prepared.text, prepared.parameters(values))
        found = cursor.fetchone()
        cursor.close()
        return None if found is None else self._row(prepared.read(found))

    def all(self, connection: Connection, **values: Any) -> list[Row]:
        """Return every row in order."""
        prepared = self.prepare(connection)
        cursor = execute(connection, prepared.text, prepared.parameters(values))
        rows = [self._row(prepared.read(found)) for found in cursor.fetchall()]
        cursor.close()
        return rows


class Change(_Statement):
    """A statement that changes rows of one table.

    One that ``guards`` must meet a row: that it meets none means somebody else was faster.
    """

    def __init__(self, expression: UpdateBase, *, guards: bool = False) -> None:
        """Keep the expression; it is compiled when a database first needs it."""
        super().__init__(expression)
        self.table = cast(Table, expression.table).name
        self.guards = guards

    def fill(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values with those that the caller leaves to the model."""
        return values


class Insertion(Change):
    """Puts rows into a model's table; what is not given takes the model's own default."""

    def __init__(self, model: type[Any]) -> None:
        """Take every column that the database does not fill itself."""
        table: Table = model.__table__
        columns = [column for column in table.columns if not _is_made_by_database(column)]
        named: dict[str, Any] = {each.key: bindparam(each.key) for each in columns}
        # Nobody asks for a key that the database counts up.
        super().__init__(insert(table).values(named).inline())
        self._fixed = {
            each.key: _default(each) for each in columns if each.nullable or _is_fixed(each)
        }
        self._made = {each.key: cast(Any, each.default).arg for each in columns if _is_made(each)}

    def fill(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values of a whole row, a new id included."""
        row = {**self._fixed, **values}
        for key, make in self._made.items():
            if key not in row:
                row[key] = make(None)
        return row


Ordered = Sequence[tuple[Change, Mapping[str, Any]]]


def carry_out(connection: Connection, changes: Ordered) -> None:
    """Carry out the changes, whose values are filled.

    On PostgreSQL they go in one statement, for each way there and back costs more than the change
    itself; so no two of them may change the same row. It needs no transaction around it. Raises
    StaleDataError when one that guards meets no row.
    """
    if not changes:
        return
    if connection.dialect.name == "postgresql" and len(changes) > 1:
        _carry_out_together(connection, changes)
        return
    cursor = _cursor(connection)
    for prepared, guards, parameters in _runs(connection, changes):
        is_one = len(parameters) == prepared.width
        text = prepared.text if is_one else _with_rows(prepared, prepared.rows_of(parameters))
        execute(connection, text, parameters, cursor)
        if guards:
            _check_guard(cursor.rowcount != 1)
    cursor.close()


def _carry_out_together(connection: Connection, changes: Ordered) -> None:
    parts: list[tuple[Prepared, bool, int]] = []
    parameters: list[Any] = []
    for prepared, guards, values in _runs(connection, changes):
        parts.append((prepared, guards, prepared.rows_of(values)))
        parameters += values
    try:
        execute(connection, _combine(tuple(parts)), parameters).close()
    except DBAPIError as error:
        _check_guard(getattr(error.orig, "sqlstate", "") == DIVISION_BY_ZERO)
        raise


def _runs(connection: Connection, changes: Ordered) -> list[tuple[Prepared, bool, list[Any]]]:
    """Return what one statement each can write, with whether it guards, and its parameters.

    Rows that are put one after the other into one table go together.
    """
    runs: list[tuple[Prepared, bool, list[Any]]] = []
    last: Change | None = None
    for change, values in changes:
        prepared = change.prepare(connection)
        parameters = prepared.parameters(values)
        if change is last and isinstance(change, Insertion):
            runs[-1][2].extend(parameters)
        else:
            runs.append((prepared, change.guards, parameters))
            last = change
    return runs


@lru_cache(maxsize=1024)
def _with_rows(prepared: Prepared, rows: int) -> str:
    """Return SQLite's text of an insertion of so many rows."""
    head, values, row = prepared.text.partition(" VALUES ")
    return head + values + ", ".join([row] * rows)


def _check_guard(is_missed: bool) -> None:
    if is_missed:
        raise StaleDataError("the row has changed since it was read")


@lru_cache(maxsize=1024)
def _combine(parts: tuple[tuple[Prepared, bool, int], ...]) -> str:
    """Return one statement of the parts, each with how many rows it inserts.

    It divides by the rows that a guard met: by none, and the whole statement has not happened.
    """
    texts: list[str] = []
    counts = ["1"]
    used = 0
    for number, (prepared, guards, rows) in enumerate(parts):
        head, values, row = prepared.text.partition(" VALUES ")
        copies = [_renumber(row, used + each * prepared.width) for each in range(rows)]
        text = head + values + ", ".join(copies) if values else _renumber(head, used)
        texts.append(f"w{number} AS ({text}{' RETURNING 1' if guards else ''})")
        if guards:
            counts.append(f"1 / (SELECT count(*) FROM w{number})")
        used += rows * prepared.width
    return f"WITH {', '.join(texts)} SELECT {', '.join(counts)}"


def _renumber(text: str, by: int) -> str:
    return NUMBERED.sub(lambda found: f"${int(found[1]) + by}", text)


def execute(
    connection: Connection, text: str, parameters: Sequence[Any] = (), cursor: Any = None
) -> Any:
    """Return the driver's cursor after the statement, errors told in SQLAlchemy's terms."""
    cursor = cursor or _cursor(connection)
    try:
        cursor.execute(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        _raise(connection, text, error)
    return cursor


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        # Takes the server's own $1, so that no text is searched for parameters each time.
        return cast(Any, connection.dialect.loaded_dbapi).RawCursor(driver)
    return driver.cursor()


def _compile(expression: SelectBase | UpdateBase, dialect: Dialect) -> Prepared:
    with_constants: Any = replacement_traverse(expression, {}, partial(_as_constant, dialect))
    compiled: Any = with_constants.compile(dialect=dialect)
    # What an update sets, and SQLite's own OFFSET beside a LIMIT.
    added = {name: value for name, value in compiled.params.items() if value is not None}
    chosen = expression.selected_columns if isinstance(expression, SelectBase) else ()
    columns = [_from_driver(column.type, dialect) for column in chosen]
    text, order = str(compiled), compiled.positiontup
    if order is None:
        text, order = _number(text)
    converts = [_to_driver(compiled.binds[name].type, dialect) for name in order]
    return Prepared(
        text=text,
        width=len(order),
        pick=_picker(tuple(order)),
        defaults=added,
        converts=tuple((at, convert) for at, convert in enumerate(converts) if convert),
        columns=tuple((at, convert) for at, convert in enumerate(columns) if convert),
    )


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Return what takes these values out in one go; alone it would give no sequence."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _as_constant(dialect: Dialect, part: Any, **_: Any) -> ColumnClause[Any] | None:
    """Return a value of the expression itself as text of the statement.

    As a parameter it would have SQLite plan anew each time, when an index holds just such rows.
    """
    if not isinstance(part, BindParameter) or part.required or part.value is None:
        return None
    if isinstance(part.type, NullType):
        # What an update sets has its column's type later, and no plan hangs on it.
        return None
    text = part.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return literal_column(str(text), part.type)


def _number(text: str) -> tuple[str, list[str]]:
    """Return the text with numbers for named parameters, and the names in their order."""
    order = list(dict.fromkeys(NAMED.findall(text)))
    numbered = NAMED.sub(lambda found: f"${order.index(found[1]) + 1}", text)
    return numbered.replace("%%", "%"), order


def _to_driver(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(kind, JSON) and dialect.name == "sqlite":
        return to_json
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(KEPT_VALUES)(convert) if isinstance(kind, KEPT_KINDS) and convert else convert


def _from_driver(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(kind, UtcDateTime) and dialect.name == "sqlite":
        return _read_instant
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _read_instant(text: str) -> datetime:
    # Read with its zone: to replace the zone afterwards costs six times as much.
    return datetime.fromisoformat(text + "+00:00")


def _is_made_by_database(column: Column[Any]) -> bool:
    return column.computed is not None or column.autoincrement is True


def _is_made(column: Column[Any]) -> bool:
    return column.default is not None and column.default.is_callable


def _is_fixed(column: Column[Any]) -> bool:
    return column.default is not None and column.default.is_scalar


def _default(column: Column[Any]) -> Any:
    return cast(Any, column.default).arg if _is_fixed(column) else None


def _raise(connection: Connection, text: str, error: Any) -> None:
    """Raise the driver's error as SQLAlchemy does, without the values: they may be personal."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection, None)
    if is_lost:
        connection.invalidate(error)
    raise DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    ) from error
