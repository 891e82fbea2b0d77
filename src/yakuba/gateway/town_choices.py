"""What each town has chosen about files, learnt in the sanitising zone from the settings its My Number zone publishes.

``settings.published`` passes through here on its way out, sealed by the zone that made it: the zone outside cannot say
anything else. The newest wins, however late an older one comes.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection

from yakuba.gateway.envelope import Envelope
from yakuba.gateway.message import SANITISER
from yakuba.gateway.sanitise.policy import USUAL, Policy, choices_of, policy
from yakuba.procedures import registry
from yakuba.procedures.definition import Procedure
from yakuba.procedures.faults import UnknownProcedure

_KIND, _MAKER = "settings.published", "mynumber"
_KEEP = """
INSERT INTO gateway_town_choices (municipality, published_at, procedures) VALUES (%s, %s, %s)
ON CONFLICT (municipality) DO UPDATE SET published_at = EXCLUDED.published_at, procedures = EXCLUDED.procedures
WHERE gateway_town_choices.published_at < EXCLUDED.published_at
"""


def note(envelope: Envelope) -> None:
    """Keep what ``envelope``, whose seal has been checked, says about files; inside ``under(envelope.municipality)``."""
    if settings.ZONE != SANITISER or (envelope.kind, envelope.sender) != (_KIND, _MAKER):
        return
    published = envelope.body.get("procedures")
    found = {
        str(name): chosen
        for name, overrides in (published.items() if isinstance(published, Mapping) else ())
        if isinstance(overrides, Mapping) and (chosen := choices_of(overrides))
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [envelope.municipality, envelope.created_at, json.dumps(found)])


def policies(envelope: Envelope) -> dict[str, Policy]:
    """For each file of an application by its slot; inside ``under(envelope.municipality)``.

    A message that is no application of a known procedure gets the usual, which is the safest.
    """
    application = envelope.body.get("application")
    named = application if isinstance(application, Mapping) else {}
    procedure = _procedure(str(named.get("procedure", "")), named.get("version"))
    if procedure is None:
        return {ref.slot: USUAL for ref in envelope.attachments}
    chosen = _chosen(envelope.municipality).get(procedure.id, {})
    return {ref.slot: policy(ref.slot, procedure, chosen) for ref in envelope.attachments}


def _procedure(name: str, version: object) -> Procedure | None:
    try:
        return registry.procedure(name, version=str(version)) if name and version else None
    except UnknownProcedure:
        return None


def _chosen(municipality: str) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procedures FROM gateway_town_choices WHERE municipality = %s", [municipality])
        row = cursor.fetchone()
    found: dict[str, dict[str, Any]] = json.loads(row[0]) if row else {}
    return found
