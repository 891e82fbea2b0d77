"""All procedures of the municipality's own; beginning one; what is published; taking one over from another town."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from yakuba.audit import log
from yakuba.audit.events import AuditEvent
from yakuba.base.clock import now, today
from yakuba.base.web import audience
from yakuba.definitions.models import PublishedDefinition
from yakuba.gateway.models import OutboxMessage
from yakuba.office.authoring import drafts
from yakuba.office.authoring.room import in_town, page, say, who
from yakuba.office.models import DefinitionDraft, KnownTownKey
from yakuba.office.operators import operator
from yakuba.procedures import registry
from yakuba.procedures.authoring.differences import News, differences, news
from yakuba.procedures.authoring.documents import OWN_PREFIX, Document, blank
from yakuba.procedures.authoring.packages import BadPackage, Package, packed, unpacked
from yakuba.procedures.faults import UnknownProcedure

_ID = re.compile(r"machi-[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 49


@audience("operator")
@require_GET
def towns(request: HttpRequest) -> HttpResponse:
    """The municipalities whose procedures this operator may write; straight on where it is one."""
    known = operator(who(request))
    mine = known.towns if known else ()
    if len(mine) == 1:
        return redirect("office:procedures", mine[0])
    return page(request, "", "towns.html", towns=mine)


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the municipality's own procedures, as listed."""

    last: PublishedDefinition
    title: str
    draft: DefinitionDraft | None
    news: int


@require_GET
@in_town
def listing(request: HttpRequest, town: str) -> HttpResponse:
    """Published ones, drafts, and those that wait for a second person."""
    last: dict[str, PublishedDefinition] = {
        one.procedure: one for one in PublishedDefinition.objects.order_by("procedure", "revision")
    }
    open_drafts = {one.procedure: one for one in DefinitionDraft.objects.filter(state__in=drafts.OPEN)}
    own = [
        Listed(row, row.document["title"]["ja"], open_drafts.get(key), len(news_for(row)))
        for key, row in last.items()
    ]
    waiting = [one for one in open_drafts.values() if one.state == drafts.PROPOSED]
    writing = [one for one in open_drafts.values() if one.state == drafts.WRITING]
    return page(request, town, "listing.html", own=own, waiting=waiting, writing=writing,
                national=registry.national(today()))  # fmt: skip


def base_of(row: PublishedDefinition) -> Mapping[str, Any] | None:
    """The national definition a published procedure was made from, as it was when its last version was begun."""
    done = DefinitionDraft.objects.filter(procedure=row.procedure, state=drafts.PUBLISHED)
    last = done.filter(base__isnull=False).order_by("-created_at").first()
    return last.base if last else None


def _newest(base: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The same national definition as it stands today; what was known of it where it has ended."""
    if base is None:
        return None
    try:
        return _national_base(base["procedure"])
    except UnknownProcedure:
        return base


def _national_base(procedure: str) -> dict[str, Any]:
    document = registry.national_document(procedure, today())
    version = registry.procedure(procedure, as_of=today()).version
    return {"procedure": procedure, "version": version, "document": document}


def news_for(row: PublishedDefinition) -> list[News]:
    """What has changed in the national definition since, beside ours; none where it was not made from one."""
    base = base_of(row)
    newest = _newest(base)
    if base is None or newest is None:
        return []
    found = news(_content(base["document"]), _content(newest["document"]), _content(row.document))
    return [one for one in found if one.yours != "same"]


def _content(document: Mapping[str, Any]) -> Document:
    """What of a document is its content: not its id and not the day it begins."""
    return {key: value for key, value in document.items() if key not in ("id", "versions", "examples")}


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def begin(request: HttpRequest, town: str) -> HttpResponse:
    """Begin from nothing, or from a national definition."""
    source = request.POST.get("from", request.GET.get("from", ""))
    national = {one.id: one for one in registry.national(today())}
    if source and source not in national:
        raise Http404
    context: Any = {
        "national": national.values(),
        "source": source,
        "posted": request.POST,
        "prefix": OWN_PREFIX,
    }
    if request.method != "POST":
        return page(request, town, "begin.html", **context)
    problems = _begin_problems(request)
    if problems:
        return page(request, town, "begin.html", problems=problems, status=422, **context)
    name, title = request.POST["id"].strip(), request.POST.get("title", "").strip()
    try:
        draft = drafts.begin(town, _beginning(name, title, source), who(request), now())
    except drafts.Refused as error:
        return page(request, town, "begin.html", problems={"id": str(error)}, status=422, **context)
    return redirect("office:draft", town, draft.id)


def _begin_problems(request: HttpRequest) -> dict[str, str]:
    problems = {}
    name = request.POST.get("id", "").strip()
    if not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
        problems["id"] = "machi- で始めて、英小文字・数字・ハイフンで書いてください。例: machi-kyushoku-menjo"
    elif PublishedDefinition.objects.filter(procedure=name).exists():
        problems["id"] = "この記号名の手続きはもうあります。一覧から「新しい版を作る」を選んでください。"
    if not request.POST.get("title", "").strip():
        problems["title"] = "手続きの名前を書いてください。例: 学校給食費の免除の申請"
    return problems


def _beginning(name: str, title: str, source: str) -> drafts.Beginning:
    if not source:
        return drafts.Beginning(name, blank(name, title))
    base = _national_base(source)
    national = base["document"]
    document = {**national, "id": name, "title": {**national["title"], "ja": title}}
    return drafts.Beginning(name, document, base)


@require_http_methods(["POST"])
@in_town
def again(request: HttpRequest, town: str, procedure: str) -> HttpResponse:
    """Begin a new version of a published procedure; or open the draft that there is."""
    row = _last(procedure)
    open_draft = DefinitionDraft.objects.filter(procedure=procedure, state__in=drafts.OPEN).first()
    if open_draft:
        return redirect("office:draft", town, open_draft.id)
    made = drafts.Beginning(procedure, row.document, _newest(base_of(row)), row.statements)
    return redirect("office:draft", town, drafts.begin(town, made, who(request), now()).id)


def _last(procedure: str) -> PublishedDefinition:
    row = PublishedDefinition.objects.filter(procedure=procedure).order_by("-revision").first()
    if row is None:
        raise Http404
    return row


@require_GET
@in_town
def published(request: HttpRequest, town: str, procedure: str) -> HttpResponse:
    """A published procedure: its revisions, what each changed, where it has arrived, its provenance."""
    rows = list(PublishedDefinition.objects.filter(procedure=procedure).order_by("-revision"))
    if not rows:
        raise Http404
    revisions = [
        (row, differences(before.document, row.document) if before else ())
        for row, before in zip(rows, [*rows[1:], None], strict=True)
    ]
    chain = unpacked(packed(rows[0].document, rows[0].statements)).chain
    states = OutboxMessage.objects.filter(kind="definition.published").order_by("-posted_at")[: 2 * len(rows)]
    return page(request, town, "published.html", last=rows[0], revisions=revisions, chain=chain,
                news=news_for(rows[0]), arrivals=[(one.recipient, one.state) for one in states[:2]])  # fmt: skip


@require_GET
@in_town
def export(request: HttpRequest, town: str, procedure: str) -> HttpResponse:
    """The newest revision with its signed provenance, for other municipalities."""
    row = _last(procedure)
    facts = {"revision": str(row.revision)}
    log.append(
        AuditEvent(f"operator:{who(request)}", "definition.exported", f"definition:{procedure}", town, facts)
    )
    answer = HttpResponse(packed(row.document, row.statements), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{procedure}-r{row.revision}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def take_over(request: HttpRequest, town: str) -> HttpResponse:
    """Take over a definition from another municipality: its signatures are checked, its key compared by people."""
    if request.method != "POST":
        return page(request, town, "take_over.html")
    if "text" in request.POST:
        data = request.POST["text"].encode()
    else:
        file = request.FILES.get("file")
        data = file.read() if file else b""
    try:
        package = unpacked(data)
    except BadPackage as error:
        return page(request, town, "take_over.html", problem=str(error), status=422)
    known = _known(package, town)
    name = package.document["id"] if _ID.fullmatch(str(package.document.get("id"))) else ""
    if request.POST.get("confirm") != "yes":
        return page(request, town, "take_over_check.html", package=package, known=known, text=data.decode(),
                    name=name)  # fmt: skip
    return _taken_over(request, town, package, known, data.decode())


def _known(package: Package, town: str) -> dict[str, bool]:
    """Which keys of the chain are our own or were compared by somebody here."""
    rows = KnownTownKey.objects.values_list("other", "fingerprint")
    known = set(rows)
    return {
        one.fingerprint: (one.municipality, one.fingerprint) in known or one.municipality == town
        for one in package.chain
    }


def _taken_over(
    request: HttpRequest, town: str, package: Package, known: dict[str, bool], text: str
) -> HttpResponse:
    name, problems = request.POST.get("id", "").strip(), {}
    if not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
        problems["id"] = "machi- で始めて、英小文字・数字・ハイフンで書いてください。例: machi-kyushoku-menjo"
    publisher = package.publisher
    if not known[publisher.fingerprint] and request.POST.get("compared") != "yes":
        problems["compared"] = "相手の自治体に電話などで指紋を確かめて、同じなら印をつけてください。"
    if not problems:
        try:
            made = drafts.Beginning(name, {**package.document, "id": name}, None, package.statements)
            draft = drafts.begin(town, made, who(request), now())
        except drafts.Refused as error:
            problems["id"] = str(error)
        else:
            _accept_key(town, package, who(request))
            say(request, "取り込みました。公開の前に、この自治体に合わせて見直してください。")
            return redirect("office:draft", town, draft.id)
    return page(request, town, "take_over_check.html", package=package, known=known, text=text, name=name,
                problems=problems, status=422)  # fmt: skip


def _accept_key(town: str, package: Package, name: str) -> None:
    one = package.publisher
    if one.municipality != town:
        KnownTownKey.objects.get_or_create(
            municipality=town, other=one.municipality, fingerprint=one.fingerprint,
            defaults={"accepted_by": name, "accepted_at": now()},
        )  # fmt: skip
