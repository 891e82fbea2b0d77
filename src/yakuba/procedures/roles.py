"""Who applies: the roles, in words."""

from yakuba.base.catalog import text
from yakuba.base.texts import Text
from yakuba.procedures.context import Role


def role_label(role: Role) -> Text:
    """The role as residents read it."""
    return text("yakuba.procedures", f"roles.{role}")
