"""The database's own guard of the log: whatever the program does, a line is not altered and not removed."""

from __future__ import annotations

from typing import Any

_SQLITE = """
CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON audit_event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
"""
_POSTGRES = """
CREATE OR REPLACE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_append_only();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only();
"""
_POSTGRES_OFF = """
DROP TRIGGER IF EXISTS audit_event_no_change ON audit_event;
DROP TRIGGER IF EXISTS audit_event_no_truncate ON audit_event;
"""


def install(connection: Any) -> None:
    """Set the guard up. Raises NotImplementedError for a database that is neither SQLite nor PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES)
        elif connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(_SQLITE.format(verb=verb))
        else:
            raise NotImplementedError(f"no guard of the log is known for {connection.vendor}: use SQLite or PostgreSQL")


def remove(connection: Any) -> None:
    """Take the guard away: to undo the migration, or to empty a test's database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_OFF)
        else:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS audit_event_no_{verb}")
