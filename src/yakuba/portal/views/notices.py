"""Notices (通知書): fetching one's own, and seeing whether a PDF really comes from the town."""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_http_methods, require_safe

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


def _find_own(request: HttpRequest, town: Town, notice_id: UUID) -> Notice | None:
    owner = visitor(request, town).owner or "nobody"
    return Notice.objects.filter(id=notice_id, application__owner=owner).first()


def _own(request: HttpRequest, town: Town, notice_id: UUID) -> Notice:
    found = _find_own(request, town, notice_id)
    if found is None:
        raise Http404
    return found


@require_safe
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


@require_http_methods(["GET", "HEAD", "POST"])
@page("visitor", limit=VERIFY)
def verify(request: HttpRequest, town: Town) -> HttpResponse:
    """Anybody may see whether a PDF is a notice of the town, unchanged. The file is looked at and not kept.

    Notices carry a link with their number (``?n=``): their owner, signed in, is told at once; to others the number
    only tells whether the file they hold is the one issued under it.
    """
    number = _number(request)
    if request.method != "POST":
        own = _find_own(request, town, number) if number else None
        return redirect("portal:notice-verify", town, own.id) if own else _asked(request, town, number)
    file = request.FILES.get("file")
    if file is None or file.size is None or file.size > _LARGEST:
        key = "verify.choose" if file is None else "verify.too_large"
        return _asked(request, town, number, problem=key, status=422)
    return _told(request, town, file.read(), number)


def _number(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("n") or request.POST.get("n") or "")
    except ValueError:
        return None


def _asked(request: HttpRequest, town: Town, number: UUID | None, **more: Any) -> HttpResponse:
    return show(request, town, "portal/verify.html", number=number, here_full=request.get_full_path(), **more)


@require_safe
@page("resident")
def verify_own(request: HttpRequest, town: Town, notice_id: UUID) -> HttpResponse:
    """The same for a notice in "my applications", by link."""
    notice = _own(request, town, notice_id)
    try:
        return _told(request, town, blobs.read(town.code, notice.sha256), notice.id)
    except MissingBlob as error:
        raise Http404 from error


@cache
def _roots(folder: Path) -> NoticeRoots:
    return NoticeRoots.from_folder(folder)


def _told(request: HttpRequest, town: Town, data: bytes, number: UUID | None) -> HttpResponse:
    verdict = verify_notice(data, roots=_roots(Path(settings.NOTICE_ROOT)), at=now())
    sha256 = sha256_hex(data)
    same = Notice.objects.filter(id=number, sha256=sha256).exists() if number else None
    return _asked(request, town, number, verdict=verdict, sha256=sha256, same=same)
