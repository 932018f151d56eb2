"""Flask-SQLAlchemy over the core's own tables: one engine for pages and services."""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from workflows.models import Base
from workflows.storage.databases import Sessions, engine_options, prepare_engine, sessions_for

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)


def install_database(app: Flask, *, url: str) -> Sessions:
    """Connect the app to its database and return the factory of sessions for the core."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options()
    db.init_app(app)
    with app.app_context():
        return sessions_for(prepare_engine(db.engine))
