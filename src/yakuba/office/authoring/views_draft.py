"""One draft: its frame, its pages, its questions, its text; compared, proposed, published, sent back, given up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.base.clock import now, today
from yakuba.definitions.models import PublishedDefinition
from yakuba.office.authoring import drafts, typed
from yakuba.office.authoring.room import in_town, own_draft, page, refused, say, who
from yakuba.office.models import DefinitionDraft
from yakuba.procedures.authoring import edits
from yakuba.procedures.authoring.differences import differences
from yakuba.procedures.authoring.documents import Document, Unreadable, as_text, faults_of, from_text
from yakuba.procedures.authoring.edits import NoSuchPart, Place
from yakuba.procedures.authoring.words import in_words, where_in_words
from yakuba.procedures.faults import DefinitionFault
from yakuba.procedures.file_kinds import USUAL
from yakuba.procedures.life_events import life_events


@dataclass(frozen=True, slots=True)
class Pointed:
    """A fault in words, with the page on which it is mended."""

    where: str
    says: str
    href: str


@require_GET
@in_town
def draft(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """Everything of a draft at a glance, with what is still wrong and what can be done next."""
    found = own_draft(town, draft_id)
    faults = [
        Pointed(where_in_words(one), in_words(one), _mended_at(town, found, one))
        for one in faults_of(found.document)
    ]
    return page(
        request, town, "draft.html", draft=found, document=found.document, faults=faults,
        kinds=typed.KIND_NAMES, may_publish=drafts.may_publish(found, who(request)), today=today(),
        earlier=PublishedDefinition.objects.filter(procedure=found.procedure).exists(),
    )  # fmt: skip


def _mended_at(town: str, found: DefinitionDraft, fault: DefinitionFault) -> str:
    steps = fault.where.split("/")
    try:
        if steps[0] == "pages" and len(steps) >= 4 and steps[2] == "fields":
            return _field_url(town, found, steps)
        if steps[0] == "pages" and len(steps) >= 2:
            return reverse("office:draft-page", args=[town, found.id, _page_id(found, steps[1])])
    except NoSuchPart:
        return reverse("office:draft-text", args=[town, found.id])
    if steps[0] == "examples":
        return reverse("office:trial-begin", args=[town, found.id])
    frame = reverse("office:draft-frame", args=[town, found.id])
    return frame if steps[0] in _FRAME else reverse("office:draft-text", args=[town, found.id])


_FRAME = (
    *("title", "summary", "laws", "keywords", "deadline", "processing", "applicants", "life_events", "versions"),
    "availability",
)  # fmt: skip


def _page_id(found: DefinitionDraft, step: str) -> str:
    """A fault of the shape names a page by its number, one of the meaning by its id."""
    if step.isdigit():
        pages = found.document["pages"]
        return str(pages[int(step)]["id"]) if int(step) < len(pages) else ""
    return str(edits.page_of(found.document, step)["id"])


def _field_url(town: str, found: DefinitionDraft, steps: list[str]) -> str:
    page_node = edits.page_of(found.document, _page_id(found, steps[1]))
    node = _named(page_node["fields"], steps[3])
    if len(steps) >= 6 and steps[4] == "fields":
        inner = _named(node.get("fields", []), steps[5])
        return reverse("office:draft-inner", args=[town, found.id, page_node["id"], node["id"], inner["id"]])
    return reverse("office:draft-field", args=[town, found.id, page_node["id"], node["id"]])


def _named(nodes: list[dict[str, Any]], step: str) -> dict[str, Any]:
    for number, node in enumerate(nodes):
        if step in (node["id"], str(number)):
            return node
    raise NoSuchPart(step)


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def frame(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """Names, law, who may apply, when."""
    found = own_draft(town, draft_id)
    posted = request.POST.dict() if request.method == "POST" else _frame_shown(found.document)
    context: Any = {"draft": found, "posted": posted, "events": life_events(), "roles": typed.ROLE_WORDS}
    if request.method != "POST":
        return page(request, town, "frame.html", **context)
    node, problems = typed.frame_in(posted, found.document)
    if problems:
        return page(request, town, "frame.html", problems=problems, status=422, **context)
    return _saved(request, town, found, lambda document: edits.with_frame(document, node))


def _frame_shown(document: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "keywords": "\n".join(document["keywords"]),
        "laws": typed.laws_as_lines(document["laws"]),
        "availability": document["availability"],
        "signature": document["signature"].get("default", "required"),
        "valid_until": document["versions"][0].get("valid_until", ""),
    }
    for name in ("title", "summary"):
        shown |= _texts(name, document[name])
    for name in ("deadline", "processing"):
        shown |= _texts(name, document[name]["text"])
        shown[f"{name}_days"] = document[name].get("days") or ""
    shown |= {f"event_{one}": "on" for one in document["life_events"]}
    shown |= {f"role_{one['role']}": "on" for one in document["applicants"]}
    return shown


def _texts(name: str, text: Mapping[str, str] | None) -> dict[str, str]:
    """A text for three inputs; English and easy Japanese that only repeat the Japanese are shown empty."""
    if not text:
        return {}
    other = {key: "" if text[key] == text["ja"] else text[key] for key in ("en", "easy")}
    return {f"{name}_ja": text["ja"], **{f"{name}_{key}": words for key, words in other.items()}}


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def form_page(request: HttpRequest, town: str, draft_id: UUID, page_id: str = "") -> HttpResponse:
    """A page's title, introduction and condition; without ``page_id`` a new page."""
    found = own_draft(town, draft_id)
    old = _part(lambda: edits.page_of(found.document, page_id)) if page_id else None
    posted = request.POST.dict() if request.method == "POST" else _page_shown(old)
    earlier = edits.before(found.document, Place(page_id), None) if page_id else _all_fields(found.document)
    own = {one["id"] for one in old["fields"]} if old else set()
    context: Any = {"draft": found, "node": old, "posted": posted,
               "before": [one for one in earlier if one["id"] not in own]}  # fmt: skip
    if request.method != "POST":
        return page(request, town, "page.html", **context)
    node, problems = typed.page_in(posted, found.document, old)
    if problems:
        return page(request, town, "page.html", problems=problems, status=422, **context)
    if old:
        return _saved(request, town, found, lambda document: edits.put_page(document, page_id, node))
    fresh = {key: value for key, value in node.items() if value is not None} | {"fields": []}
    return _saved(request, town, found, lambda document: edits.add_page(document, fresh))


def _all_fields(document: Mapping[str, Any]) -> list[edits.Node]:
    last = document["pages"][-1]["id"] if document["pages"] else ""
    return edits.before(document, Place(last), None) if last else []


def _page_shown(node: Mapping[str, Any] | None) -> dict[str, Any]:
    if node is None:
        return {}
    return {**_texts("title", node["title"]), **_texts("intro", node.get("intro")), **_condition_shown(node)}


def _condition_shown(node: Mapping[str, Any]) -> dict[str, str]:
    """A plain condition (one answer equals one value) for the two inputs, any other as it is written."""
    when = node.get("when")
    if not when:
        return {}
    if set(when) == {"field", "equals"}:
        value = {True: "はい", False: "いいえ"}.get(when["equals"], when["equals"])
        return {"when_field": when["field"], "when_value": str(value)}
    return {"when_text": as_text(when).strip()}


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def field(
    request: HttpRequest, town: str, draft_id: UUID, page_id: str, field_id: str = "", inner_id: str = ""
) -> HttpResponse:
    """A question; ``inner_id`` names one inside the repeating group ``field_id``; ``new`` adds one."""
    found = own_draft(town, draft_id)
    place = Place(page_id, field_id if inner_id else "")
    wanted = inner_id or field_id
    _part(lambda: edits.page_of(found.document, page_id))
    old = None if wanted == "new" else _part(lambda: edits.field_of(found.document, place, wanted))
    posted = request.POST.dict() if request.method == "POST" else _field_shown(old)
    context: Any = {
        "draft": found, "node": old, "place": place, "posted": posted, "kinds": _kinds(inside=bool(inner_id)),
        "before": edits.before(found.document, place, wanted if old else None),
        "files": list(typed.FILE_NAMES.items()),
    }  # fmt: skip
    if request.method != "POST":
        return page(request, town, "field.html", **context)
    node, problems = typed.field_in(posted, found.document, old, inside=bool(inner_id))
    if problems:
        return page(request, town, "field.html", problems=problems, status=422, **context)
    name = old["id"] if old else None
    return _saved(request, town, found, lambda document: edits.put_field(document, place, name, node))


def _kinds(*, inside: bool) -> list[tuple[str, str]]:
    return [(key, name) for key, name in typed.KIND_NAMES.items() if not (inside and key == "group")]


def _field_shown(node: Mapping[str, Any] | None) -> dict[str, Any]:
    if node is None:
        return {"required": "on", "type": "text", **{f"accepts_{one}": "on" for one in USUAL}}
    shown: dict[str, Any] = {"type": node["type"], **_condition_shown(node)}
    for name in ("label", "hint", "item_name"):
        shown |= _texts(name, node.get(name))
    plain = ("example", "unit", "law", "minimum", "maximum", "max_length", "digits", "earliest", "latest")
    shown |= {name: node[name] for name in plain if name in node}
    marks = ("original_needed", "can_follow_later", "review_only")
    shown |= {name: "on" for name in marks if node.get(name)}
    shown |= {f"accepts_{one}": "on" for one in node.get("accepts", USUAL)}
    if node.get("sanitise") == "disarm":
        shown["keeps_text"] = "on"
    if node.get("required", True):
        shown["required"] = "on"
    return {**shown, "options": typed.options_as_lines(node.get("options", []))}


def _part(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return look()
    except NoSuchPart as error:
        raise Http404 from error


@require_POST
@in_town
def change(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """Move or remove a page or a question."""
    found = own_draft(town, draft_id)
    place = Place(request.POST.get("page", ""), request.POST.get("group", ""))
    name, what = request.POST.get("field", ""), request.POST.get("do", "")
    steps = {"up": -1, "down": 1}.get(what)

    def changed(document: Document) -> Document:
        if steps is not None:
            return (
                edits.move_field(document, place, name, steps)
                if name
                else edits.move_page(document, place.page, steps)
            )
        if what == "remove":
            return (
                edits.remove_field(document, place, name) if name else edits.remove_page(document, place.page)
            )
        raise NoSuchPart(what)

    return _saved(request, town, found, changed)


def _saved(
    request: HttpRequest, town: str, found: DefinitionDraft, change: Callable[[Document], Document]
) -> HttpResponse:
    """Save the changed document, back to the draft's page; a change that came too late is told, not lost."""
    try:
        changed = change(found.document)
        drafts.save(found, changed, _seen(request), who(request), now())
    except NoSuchPart as error:
        raise Http404 from error
    except drafts.Refused as error:
        return refused(request, town, found, error)
    return redirect("office:draft", town, found.id)


def _seen(request: HttpRequest) -> int:
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


@require_http_methods(["GET", "HEAD", "POST"])
@in_town
def text(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """The whole definition as text, for those who like to write it."""
    found = own_draft(town, draft_id)
    if request.method != "POST":
        return page(request, town, "text.html", draft=found, text=as_text(found.document))
    written = request.POST.get("text", "")
    try:
        document = from_text(written)
    except Unreadable as error:
        return page(request, town, "text.html", draft=found, text=written, problem=str(error), status=422)
    missing = [name for name in ("title", "versions", "pages", "examples") if not document.get(name)]
    if missing or not _can_be_shown(document):
        says = f"なくてはならない部分がありません: {', '.join(missing) or '形が違います'}"
        return page(request, town, "text.html", draft=found, text=written, problem=says, status=422)
    return _saved(request, town, found, lambda _: document)


def _can_be_shown(document: Document) -> bool:
    """Whether the workshop's forms can show it: its shape holds, whatever else is still wrong."""
    try:
        _frame_shown(document)
        for each in document["pages"]:
            _page_shown(each)
            for node in each["fields"]:
                _field_shown(node)
                [_field_shown(inner) for inner in node.get("fields", [])]
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        return False
    return True


@require_GET
@in_town
def compare(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """What the draft changes: against what is published, and against what it was made from."""
    found = own_draft(town, draft_id)
    last = PublishedDefinition.objects.filter(procedure=found.procedure).order_by("-revision").first()
    against = differences(last.document, found.document) if last else ()
    made_from = differences(found.base["document"], found.document) if found.base else ()
    return page(request, town, "compare.html", draft=found, last=last, against=against, made_from=made_from)


@require_POST
@in_town
def propose(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """Ask a second person to publish it."""
    found = own_draft(town, draft_id)
    try:
        begins = date.fromisoformat(request.POST.get("valid_from", ""))
    except ValueError:
        return refused(request, town, found, drafts.Refused("始める日を日付で書いてください。例: 2027-04-01"))
    note = request.POST.get("note", "")
    return _step(request, town, found, lambda: drafts.propose(found, who(request), begins, note, today(), now()),
                 "公開を頼みました。別の人が確かめて公開します。")  # fmt: skip


@require_POST
@in_town
def take_back(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """Go on writing."""
    found = own_draft(town, draft_id)
    return _step(
        request, town, found, lambda: drafts.take_back(found, who(request), now()), "取り下げました。"
    )


@require_POST
@in_town
def decide(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """The second person publishes it, or sends it back with a reason."""
    found = own_draft(town, draft_id)
    if request.POST.get("do") == "publish":
        return _step(request, town, found, lambda: drafts.publish(found, who(request), today(), now()),
                     "公開しました。ポータルと審査デスクへ送っています。")  # fmt: skip
    why = request.POST.get("why", "")
    return _step(
        request, town, found, lambda: drafts.send_back(found, who(request), why, now()), "差し戻しました。"
    )


@require_POST
@in_town
def discard(request: HttpRequest, town: str, draft_id: UUID) -> HttpResponse:
    """Give the draft up."""
    found = own_draft(town, draft_id)
    return _step(
        request, town, found, lambda: drafts.discard(found, who(request), now()), "下書きをやめました。"
    )


def _step(
    request: HttpRequest, town: str, found: DefinitionDraft, take: Callable[[], object], words: str
) -> HttpResponse:
    try:
        take()
    except drafts.Refused as error:
        return refused(request, town, found, error)
    say(request, words)
    if found.state in drafts.OPEN:
        return redirect("office:draft", town, found.id)
    return redirect("office:procedures", town)
