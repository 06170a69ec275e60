"""How people sign in: no sign-up, only those in the registry who serve; a second factor for those who decide.

Views that do something dangerous stand behind `fresh`.
"""

from amanat.desk.registry.signin.gate import fresh

__all__ = ["fresh"]
