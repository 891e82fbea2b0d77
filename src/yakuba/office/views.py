"""What the organisation sees of the gateway. No resident's name, no file name, no content."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.base.municipality import InvalidMunicipalityCode
from yakuba.base.web import audience
from yakuba.gateway import overview, repair
from yakuba.gateway.sanitise import in_words
from yakuba.gateway.sanitise.refusals import refusal_text
from yakuba.office import gate, words

QUEUE_NAMES = {
    "sanitise": "無害化を待っている",
    "internet": "インターネット側へ渡すのを待っている",
    "mynumber": "番号利用側へ渡すのを待っている",
    "lgwan": "LGWAN 側へ渡すのを待っている",
    "inbox": "もう一度処理するのを待っている",
    "passed": "渡し終えて、受け取りの証明を待っている",
    "receipt": "送り終えて、受け取りの証明を待っている",
    "stopped": "受け取った側で止まっている",
    "dead": "止まっている(人の確認が必要)",
}
STATE_NAMES = {
    "sanitise": "無害化待ち",
    "onward": "引き渡し待ち",
    "passed": "引き渡し済み",
    "delivered": "受け取り証明あり",
    "stopped": "受け取った側で停止",
}


@audience("public")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password and one-time code."""
    if request.method == "POST":
        given = (request.POST.get(field, "")[:200] for field in ("name", "password", "code"))
        if gate.sign_in(request, *given):
            return HttpResponseRedirect(reverse("office:home"))
        return render(request, "office/sign_in.html", {"refused": True}, status=403)
    return render(request, "office/sign_in.html")


@audience("operator")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    gate.sign_out(request)
    return HttpResponseRedirect(reverse("office:sign-in"))


@audience("operator")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Links, queues, dead letters, audit heads."""
    seen = overview.look()
    queues = [(QUEUE_NAMES.get(queue.name, queue.name), queue) for queue in seen.queues]
    links = [(words.zone(one.peer), one, words.fault(one.problem)) for one in seen.links]
    context = {
        "seen": seen, "queues": queues, "operator": gate.signed_in(request), "links": links,
        "dead": [(one, words.kind(one.kind)) for one in repair.dead()],
        "witnessed": [(words.zone(one.zone), one) for one in seen.witnessed],
    }  # fmt: skip
    return render(request, "office/home.html", context)


@audience("operator")
@require_GET
def passed(request: HttpRequest, municipality: str) -> HttpResponse:
    """What came through for one municipality, with the sanitiser's evidence."""
    try:
        messages = overview.passed(municipality)
    except InvalidMunicipalityCode as error:
        return HttpResponse(str(error), status=404, content_type="text/plain; charset=utf-8")
    for message in messages:
        message["kind_name"] = words.kind(message["kind"])
        message["way"] = f"{words.zone(message['sender'])} → {words.zone(message['recipient'])}"
        message["state_name"] = STATE_NAMES.get(message["state"], message["state"])
        for file in message["files"]:
            file["reason"] = refusal_text(file["refused"]).ja if file["refused"] else ""
            file["method_name"] = in_words.METHODS.get(file.get("method"), "")
            file["removed_names"] = in_words.removed(file.get("removed", ()))
    context = {"municipality": municipality, "messages": messages, "operator": gate.signed_in(request)}
    return render(request, "office/passed.html", context)


@audience("operator")
@require_POST
def retry(request: HttpRequest, message: uuid.UUID) -> HttpResponse:
    """Put a message that was set aside back to work."""
    repair.retry(message, f"operator:{gate.signed_in(request)}")
    return HttpResponseRedirect(reverse("office:home"))
