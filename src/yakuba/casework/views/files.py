"""Attachments: only files the sanitiser has rebuilt are ever sent to a clerk's browser."""

import hashlib
import zipfile
from io import BytesIO
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from yakuba.audit.events import AuditEvent
from yakuba.audit.log import append
from yakuba.casework.desk import desk
from yakuba.casework.files_shown import ARCHIVE, SHOWN
from yakuba.casework.models import CaseAttachment
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest
from yakuba.gateway import blobs
from yakuba.gateway.errors import MissingBlob


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def attachment(request: StaffRequest, case_id: str, position: int) -> HttpResponse:
    """One rebuilt file. What was refused, or is not what was signed, is not shown to anybody."""
    found = _found(case_id, position)
    if found.media_type not in (*SHOWN, ARCHIVE):
        raise Http404
    return _sent(request, found, _bytes(found), found.filename, found.media_type)


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def member(request: StaffRequest, case_id: str, position: int, number: int) -> HttpResponse:
    """One file out of an archive that the sanitiser has packed anew, if it is the one in the evidence."""
    found = _found(case_id, position)
    members = found.evidence.get("members", ())
    if (
        found.media_type != ARCHIVE
        or number >= len(members)
        or members[number].get("media_type") not in SHOWN
    ):
        raise Http404
    wanted = members[number]
    with zipfile.ZipFile(BytesIO(_bytes(found))) as archive:
        data = archive.read(wanted["name"])
    if hashlib.sha256(data).hexdigest() != wanted.get("after"):
        raise Http404
    return _sent(request, found, data, wanted["name"], wanted["media_type"])


def _found(case_id: str, position: int) -> CaseAttachment:
    found: CaseAttachment = get_object_or_404(CaseAttachment, case_id=case_id, position=position)
    if found.state != "ok":
        raise Http404
    return found


def _bytes(found: CaseAttachment) -> bytes:
    try:
        return blobs.read(found.municipality, found.sha256)
    except MissingBlob:
        raise Http404 from None


def _sent(
    request: StaffRequest, found: CaseAttachment, data: bytes, name: str, media_type: str
) -> HttpResponse:
    text = media_type.startswith("text/")
    response = HttpResponse(data, content_type="text/plain; charset=utf-8" if text else media_type)
    way = "attachment" if media_type == ARCHIVE else "inline"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    # the rebuilt file runs nothing, and is kept from trying
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    )
    staff = request.staff
    facts = {"sha256": found.sha256}
    append(
        AuditEvent(
            staff.actor, "attachment.viewed", f"application:{found.case_id}", staff.municipality, facts
        )
    )
    return response
