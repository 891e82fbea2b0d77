"""What an audit record says: who did what to what, under which municipality, with which facts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that happened, written in the same transaction as what it tells of.

    Attributes:
        actor: who acted: ``staff:17``, ``resident:<issuer key id>/<serial>``, ``zone:lgwan``.
        action: a dotted verb from the table of moves, e.g. ``application.received``.
        subject: what was acted on, e.g. ``application:<uuid>``.
        municipality: six-digit code, or empty for what concerns the whole zone.
        facts: more facts as text; never a 個人番号, a PIN or a password.
    """

    actor: str
    action: str
    subject: str
    municipality: str
    facts: dict[str, str] = field(default_factory=dict)
