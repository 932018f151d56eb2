"""How a database would answer a query: with which index, and what it would read for nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Select


def explain(engine: Engine, query: Select[*tuple[Any, ...]]) -> str:
    """Return the plan, one step a line, after the database has counted its rows."""
    compiled = query.compile(engine, compile_kwargs={"render_postcompile": True})
    word = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    with engine.connect() as connection:
        values: Any = compiled.construct_params()
        if compiled.positional:
            values = tuple(values[name] for name in compiled.positiontup or ())
        rows = connection.exec_driver_sql(f"{word} {compiled}", _bound(compiled, values))
        return "\n".join(str(row[-1]) for row in rows)


def _bound(compiled: Any, values: Any) -> Any:
    """Return the values as the driver takes them."""
    processors = compiled._bind_processors
    if isinstance(values, dict):
        return {name: processors.get(name, _same)(value) for name, value in values.items()}
    names = compiled.positiontup
    return tuple(
        processors.get(name, _same)(value) for name, value in zip(names, values, strict=True)
    )


def _same(value: Any) -> Any:
    return value
