"""Attachments: only files the sanitiser has rebuilt are ever sent to a clerk's browser."""

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.casework.desk import desk
from yakuba.casework.models import CaseAttachment
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest
from yakuba.gateway import blobs
from yakuba.gateway.errors import MissingBlob

_SHOWN = ("application/pdf", "image/png", "image/jpeg", "image/webp")


@desk(Permission.SEE_CASES)
@require_GET
def attachment(request: StaffRequest, case_id: str, position: int) -> HttpResponse:
    """One rebuilt file. What was refused, or is not what was signed, is not shown to anybody."""
    found = get_object_or_404(CaseAttachment, case_id=case_id, position=position)
    if found.state != "ok" or found.media_type not in _SHOWN:
        raise Http404
    try:
        data = blobs.read(found.municipality, found.sha256)
    except MissingBlob:
        raise Http404 from None
    response = HttpResponse(data, content_type=found.media_type)
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(found.filename)}"
    # the rebuilt file runs nothing, and is kept from trying
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    )
    staff = request.staff
    facts = {"sha256": found.sha256}
    append(AuditEvent(staff.actor, "attachment.viewed", f"application:{case_id}", staff.municipality, facts))
    return response
