"""What permits does by the clock: the worker calls it, again and again."""

from amanat.desk.permits.actions.clock import run

__all__ = ["run"]
