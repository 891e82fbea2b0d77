"""Notices (通知書): fetching one's own, and seeing whether a PDF really comes from the town."""

from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_GET, require_http_methods

from yakuba.base.canonical import sha256_hex
from yakuba.base.clock import now
from yakuba.card.pdf import NoticeRoots, verify_notice
from yakuba.gateway import blobs
from yakuba.gateway.errors import MissingBlob
from yakuba.portal.models import Notice
from yakuba.portal.pages import page, show
from yakuba.portal.ratelimits import VERIFY
from yakuba.portal.towns import Town
from yakuba.portal.visitors import visitor

_LARGEST = 10 * 1024 * 1024


def _own(request: HttpRequest, town: Town, notice_id: UUID) -> Notice:
    found = Notice.objects.filter(
        id=notice_id, application__owner=visitor(request, town).owner or "nobody"
    ).first()
    if found is None:
        raise Http404
    return found


@require_GET
@page("resident")
def download(request: HttpRequest, town: Town, notice_id: UUID) -> HttpResponse:
    """The PDF of one's own notice."""
    notice = _own(request, town, notice_id)
    try:
        data = blobs.read(town.code, notice.sha256)
    except MissingBlob as error:
        raise Http404 from error
    if notice.first_opened_at is None:
        notice.first_opened_at = now()
        notice.save(update_fields=["first_opened_at"])
    response = HttpResponse(data, content_type="application/pdf")
    name = iri_to_uri(notice.filename)
    response.headers["Content-Disposition"] = f"attachment; filename=\"notice.pdf\"; filename*=UTF-8''{name}"
    return response


@require_http_methods(["GET", "POST"])
@page("visitor", limit=VERIFY)
def verify(request: HttpRequest, town: Town) -> HttpResponse:
    """Anybody may see whether a PDF is a notice of the town, unchanged. The file is looked at and not kept."""
    file = request.FILES.get("file") if request.method == "POST" else None
    if request.method == "GET":
        return show(request, town, "portal/verify.html")
    if file is None or file.size is None or file.size > _LARGEST:
        key = "verify.choose" if file is None else "verify.too_large"
        return show(request, town, "portal/verify.html", problem=key, status=422)
    return _told(request, town, file.read())


@require_GET
@page("resident")
def verify_own(request: HttpRequest, town: Town, notice_id: UUID) -> HttpResponse:
    """The same for a notice in "my applications", by link."""
    notice = _own(request, town, notice_id)
    try:
        return _told(request, town, blobs.read(town.code, notice.sha256))
    except MissingBlob as error:
        raise Http404 from error


@cache
def _roots(folder: Path) -> NoticeRoots:
    return NoticeRoots.from_folder(folder)


def _told(request: HttpRequest, town: Town, data: bytes) -> HttpResponse:
    verdict = verify_notice(data, roots=_roots(Path(settings.NOTICE_ROOT)), at=now())
    return show(request, town, "portal/verify.html", verdict=verdict, sha256=sha256_hex(data))
