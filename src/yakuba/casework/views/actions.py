"""What clerks do with a case: each button posts here, acts on the locked case, and comes back to its page."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.audit.log import append
from yakuba.base.clock import now, today
from yakuba.casework import corrections, decisions, identified, rulings, steps
from yakuba.casework.desk import desk
from yakuba.casework.errors import Incomplete, NotNow
from yakuba.casework.models import Case
from yakuba.casework.moves import audit_event, lock_case, make_move, record
from yakuba.casework.policies import check_unchanged
from yakuba.casework.roles import Permission
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import StaffRequest, say
from yakuba.casework.verifying_again import verify_again
from yakuba.casework.views.case import blocks_of, holder_of, page_context
from yakuba.procedures.rules.decision import Decision
from yakuba.registers import people

_LONGEST_NOTE = 2000


def _locked(case_id: str) -> Case:
    try:
        return lock_case(case_id)
    except Case.DoesNotExist:
        raise Http404 from None


def _seen(request: StaffRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _back(request: StaffRequest, case_id: str, words: str) -> HttpResponse:
    say(request, words)
    return HttpResponseRedirect(reverse("casework:case", args=[case_id]))


def _again(request: StaffRequest, case_id: str, open_form: str, incomplete: Incomplete) -> HttpResponse:
    """The case page with the form as it was typed and what is wrong with it."""
    case = Case.objects.select_related("document", "assigned_to").get(pk=case_id)
    context = page_context(case, request.staff)
    context |= {"problems": incomplete.problems, "typed": request.POST, "open_form": open_form}
    for step in context["steps"]:
        if step["form"] == open_form:
            step["fields"] = [
                (one, request.POST.get(one.name, ""), incomplete.problems.get(one.name, ""))
                for one in step["kind"].fields
            ]
    context["typed_paths"] = request.POST.getlist("path")
    typed = [(name[8:], words) for name, words in request.POST.items() if name.startswith("message-")]
    context["suggested"] = typed or context["suggested"]
    return render(request, "casework/case.html", context, status=incomplete.status)


def _acting(
    request: StaffRequest, case_id: str, form: str, act: Callable[[Case], Any], words: str
) -> HttpResponse:
    case = _locked(case_id)
    try:
        act(case)
    except Incomplete as incomplete:
        return _again(request, case_id, form, incomplete)
    return _back(request, case_id, words)


@desk(Permission.REVIEW, aid=True)
@require_POST
def take(request: StaffRequest, case_id: str) -> HttpResponse:
    """Begin the review; the case becomes mine."""

    def act(case: Case) -> None:
        check_unchanged(case, _seen(request))
        case.assigned_to = request.staff
        make_move(case, "take", request.staff, now())

    return _acting(request, case_id, "take", act, "審査を始めました。あなたの担当になりました。")


@desk(Permission.REVIEW)
@require_POST
def assign(request: StaffRequest, case_id: str) -> HttpResponse:
    """Give the case to a colleague who may review (or to nobody)."""
    case = _locked(case_id)
    check_unchanged(case, _seen(request))
    if not case.is_open:
        raise NotNow("処理の終わった申請の担当は変えられません。")
    chosen = request.POST.get("staff", "")
    member = next((one for one in Staff.objects.filter(active=True) if str(one.id) == chosen), None)
    if chosen and (member is None or Permission.REVIEW not in member.permissions):
        raise NotNow("担当にできるのは、審査の役割を持つ職員だけです。")
    if member and member.only_procedure not in ("", case.procedure):
        raise NotNow("応援職員を担当にできるのは、罹災証明書の申請だけです。")
    case.assigned_to, case.row_version = member, case.row_version + 1
    case.save(update_fields=["assigned_to", "row_version"])
    words = f"担当を{member.display_name if member else '未定'}にした"
    record(case, "assigned", words, request.staff, now())
    append(audit_event(case, "case.assigned", request.staff, to=str(member.id) if member else "-"))
    return _back(request, case_id, f"{words}。".replace("した。", "しました。"))


@desk(Permission.NOTE, aid=True)
@require_POST
def note(request: StaffRequest, case_id: str) -> HttpResponse:
    """Leave a note for colleagues."""

    def act(case: Case) -> None:
        text = request.POST.get("text", "").strip()
        if not text or len(text) > _LONGEST_NOTE:
            raise Incomplete({"text": f"メモを{_LONGEST_NOTE}字以内で書いてください。"})
        record(case, "note", "メモ", request.staff, now(), text)
        append(audit_event(case, "case.noted", request.staff))

    return _acting(request, case_id, "note", act, "メモを残しました。")


@desk(Permission.IDENTIFY)
@require_http_methods(["GET", "POST"])
def identify(request: StaffRequest, case_id: str) -> HttpResponse:
    """Find the applicant by hand and say why."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        case = _locked(case_id)
        check_unchanged(case, _seen(request))
        try:
            number, reason = request.POST.get("atena_number", ""), request.POST.get("reason", "")
            identified.identify_by_hand(case, number, reason, request.staff, now())
        except people.NoSuchPerson:
            problems = {"atena_number": "この宛名番号の人はいません。候補から選んでください。"}
        except Incomplete as incomplete:
            problems = incomplete.problems
        else:
            return _back(request, case_id, "申請者を特定しました。")
    return _identify_page(request, case_id, problems)


def _identify_page(request: StaffRequest, case_id: str, problems: dict[str, str]) -> HttpResponse:
    case = Case.objects.select_related("document").filter(pk=case_id).first()
    if case is None:
        raise Http404
    text = request.POST.get("q", request.GET.get("q", case.claimant_name)).strip()
    found, trouble = [], ""
    try:
        found = people.search(text, limit=20) if text else []
    except people.NotASearchTerm as error:
        trouble = str(error)
    context = {
        "case": case, "q": text, "found": found, "trouble": trouble, "problems": problems, "typed": request.POST,
        "holder": holder_of(case.document), "blocks": blocks_of(case)[:3],
        "recorded": people.by_certificate(case.issuer_key_id, case.serial) if case.serial else [],
        "may": case.verdict_outcome == "good",
    }  # fmt: skip
    return render(request, "casework/identify.html", context, status=422 if problems else 200)


@desk(Permission.IDENTIFY)
@require_POST
def doubt(request: StaffRequest, case_id: str) -> HttpResponse:
    """Take an identification back that turns out to be wrong."""

    def act(case: Case) -> None:
        check_unchanged(case, _seen(request))
        identified.withdraw_identification(case, request.POST.get("reason", ""), request.staff, now())

    return _acting(
        request, case_id, "doubt", act, "特定を取り消しました。もう一度、申請者を特定してください。"
    )


@desk(Permission.IDENTIFY)
@require_POST
def verify(request: StaffRequest, case_id: str) -> HttpResponse:
    """Verify a signature again that could not be judged (a revocation list may have come)."""
    case = _locked(case_id)
    outcome = verify_again(case, request.staff, now())
    words = {"good": "検証できました。", "bad": "検証の結果、正しくない署名でした。"}
    return _back(
        request,
        case_id,
        words.get(outcome, "まだ検証できません。失効情報が届いてから、もう一度試してください。"),
    )


@desk(Permission.ASK_CORRECTION, aid=True)
@require_POST
def correction(request: StaffRequest, case_id: str) -> HttpResponse:
    """Ask the resident to correct."""

    def act(case: Case) -> None:
        items = _items(case, request)
        corrections.ask(
            case, items, _date(request.POST.get("due", "")), request.POST.get("message", ""), request.staff, now(),
            today(), _seen(request),
        )  # fmt: skip

    return _acting(request, case_id, "correction", act, "補正を求めました。申請者に伝わります。")


def _items(case: Case, request: StaffRequest) -> list[dict[str, Any]]:
    labels = {line.path: line.label for block in blocks_of(case) for line in block.lines}
    chosen = [path for path in request.POST.getlist("path") if path in labels]
    return [
        {"path": path, "label": labels[path], "message": request.POST.get(f"message-{path}", "").strip()}
        for path in chosen
    ]


@desk(None, aid=True)
@require_POST
def stop_waiting(request: StaffRequest, case_id: str) -> HttpResponse:
    """Go on without the correction."""

    def act(case: Case) -> None:
        corrections.stop_waiting(case, request.staff, now(), _seen(request), request.POST.get("note", ""))

    return _acting(request, case_id, "stop_waiting", act, "補正を待つのをやめました。")


@desk(Permission.RECORD_STEP, aid=True)
@require_POST
def step(request: StaffRequest, case_id: str, kind: str) -> HttpResponse:
    """Record a survey result, an opinion, a finding."""

    def act(case: Case) -> None:
        chosen = next((one for one in steps.kinds_for(case.procedure, case.role) if one.kind == kind), None)
        if chosen is None:
            raise Http404
        check_unchanged(case, _seen(request))
        steps.record_step(case, chosen, request.POST.dict(), request.staff, now(), today())

    return _acting(request, case_id, f"step-{kind}", act, "記録しました。")


def _rule_says(case: Case) -> Decision | None:
    return rulings.ruling(case, case.document.application, steps.newest(case), today())


@desk(None, aid=True)
@require_POST
def propose(request: StaffRequest, case_id: str) -> HttpResponse:
    """Propose a decision to the approvers."""

    def act(case: Case) -> None:
        decision = _rule_says(case)
        posted = request.POST
        kept = tuple(int(one) for one in posted.getlist("reasons") if one.isascii() and one.isdigit())
        wanted = decisions.Proposed(
            posted.get("outcome", ""), posted.get("own_reason", ""), posted.get("own_clause", ""),
            posted.get("differs_because", ""), posted.get("comment", ""), kept,
        )  # fmt: skip
        decisions.propose(case, wanted, decision, request.staff, now(), _seen(request))

    return _acting(request, case_id, "propose", act, "決定案を出しました。別の人の決裁を待ちます。")


@desk(Permission.APPROVE)
@require_POST
def decide(request: StaffRequest, case_id: str) -> HttpResponse:
    """Decide as proposed."""

    def act(case: Case) -> None:
        said, comment = _rule_says(case), request.POST.get("comment", "")
        decisions.decide(case, request.staff, now(), _seen(request), comment, rule_now=said)

    return _acting(request, case_id, "decide", act, "決定しました。台帳へ登録し、通知書の作成を始めました。")


@desk(Permission.APPROVE)
@require_POST
def send_back(request: StaffRequest, case_id: str) -> HttpResponse:
    """Send the proposal back."""

    def act(case: Case) -> None:
        decisions.send_back(case, request.staff, now(), _seen(request), request.POST.get("comment", ""))

    return _acting(request, case_id, "decide", act, "差し戻しました。")


@desk(None, aid=True)
@require_POST
def take_back(request: StaffRequest, case_id: str) -> HttpResponse:
    """Take one's own proposal back."""

    def act(case: Case) -> None:
        decisions.take_back(case, request.staff, now(), _seen(request))

    return _acting(request, case_id, "decide", act, "案を引き戻しました。")


@desk(Permission.SEE_CASES, aid=True)
@require_GET
def changed(request: StaffRequest, case_id: str) -> HttpResponse:
    """Whether a colleague has changed the case since the page was opened: asked now and then by the open page."""
    case = Case.objects.filter(pk=case_id).only("row_version").first()
    if case is None:
        raise Http404
    seen = request.GET.get("version", "")
    if seen == str(case.row_version):
        return HttpResponse(status=204)
    return render(request, "casework/changed.html", {"case_id": case_id})


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
