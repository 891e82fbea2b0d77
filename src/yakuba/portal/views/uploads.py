"""Files in pieces, for browsers with script: announced, sent from where the last try ended, seen to at the first piece.

The manner of tus (resumable uploads over HTTP): ``HEAD`` tells the offset, ``PATCH`` adds a piece at an offset. Without
script the same files come with the ordinary form.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.base.clock import now
from yakuba.base.texts import without_readings
from yakuba.gateway.errors import MissingBlob
from yakuba.gateway.uploads import OutOfStep
from yakuba.portal import languages
from yakuba.portal.models import Draft, Upload
from yakuba.portal.pages import page
from yakuba.portal.ratelimits import UPLOAD
from yakuba.portal.services import drafting, uploading
from yakuba.portal.towns import Town
from yakuba.portal.views.drafts import own_draft
from yakuba.portal.visitors import visitor
from yakuba.procedures.slots import Slot, attachment_slots

PIECE = 1024 * 1024


def _slot(draft: Draft, key: str) -> Slot:
    chosen = drafting.offer_of(draft, now())
    context = drafting.context_of(draft, now())
    for slot in attachment_slots(chosen.procedure, draft.answers, context):
        if slot.key == key:
            return slot
    raise Http404


def _refused(request: HttpRequest, refused: uploading.Refused) -> JsonResponse:
    words = without_readings(refused.message.in_language(languages.chosen(request)))
    return JsonResponse({"message": words}, status=422, json_dumps_params={"ensure_ascii": False})


@require_POST
@page("visitor", limit=UPLOAD)
def begin(request: HttpRequest, town: Town, draft_id: UUID) -> HttpResponse:
    """Announce a file: ``slot``, ``filename``, ``size`` (bytes). Answers with where to send it and from which byte."""
    draft = own_draft(request, town, draft_id, lock=True)
    slot = _slot(draft, request.POST.get("slot", ""))
    size = request.POST.get("size", "")
    try:
        upload = uploading.begin(
            draft,
            slot,
            request.POST.get("filename", ""),
            int(size) if size.isascii() and size.isdigit() else 0,
            now(),
        )
    except uploading.Refused as refused:
        return _refused(request, refused)
    drafting.keep(draft, visitor(request, town), now())
    url = reverse("portal:upload", args=[town, upload.id])
    return JsonResponse({"url": url, "offset": uploading.received(upload), "piece": PIECE}, status=201)


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@page("visitor", limit=UPLOAD)
def upload(request: HttpRequest, town: Town, upload_id: UUID) -> HttpResponse:
    """Where a file stands, its next piece, or its end."""
    found = _own_upload(request, town, upload_id)
    if request.method == "DELETE":
        uploading.remove(found)
        return HttpResponse(status=204)
    try:
        return _piece(request, found) if request.method == "PATCH" else _at(uploading.received(found), found)
    except MissingBlob as error:  # it waited too long and was cleared away: the browser begins anew
        raise Http404 from error


def _own_upload(request: HttpRequest, town: Town, upload_id: UUID) -> Upload:
    drafts = drafting.belonging_to(visitor(request, town))
    found = Upload.objects.select_for_update().filter(id=upload_id, draft__in=drafts).first()
    if found is None:
        raise Http404
    return found


def _piece(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.content_type != "application/offset+octet-stream" or found.state != "arriving":
        return HttpResponse(status=415 if found.state == "arriving" else 409)
    offset, data = request.headers.get("Upload-Offset", ""), request.body
    if not (offset.isascii() and offset.isdigit()) or not data or len(data) > PIECE:
        return HttpResponse(status=400)
    try:
        so_far = uploading.take_piece(found, _slot(found.draft, found.slot), int(offset), data)
    except OutOfStep as away:
        return _at(away.expected, found, status=409)
    except uploading.Refused as refused:
        uploading.remove(found)
        return _refused(request, refused)
    return _at(so_far, found)


def _at(offset: int, found: Upload, status: int = 204) -> HttpResponse:
    response = HttpResponse(status=status)
    response.headers["Upload-Offset"] = str(offset)
    response.headers["Upload-Length"] = str(found.size)
    return response
