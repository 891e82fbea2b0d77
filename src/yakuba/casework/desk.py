"""What every view of the desk stands behind: the gate, the municipality of who is signed in, and one permission."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.base.tenancy import under
from yakuba.base.web import audience
from yakuba.casework.errors import DeskTrouble, NotAllowed
from yakuba.casework.models import Case
from yakuba.casework.permissions import check_may
from yakuba.casework.roles import Permission
from yakuba.casework.staff.models import Staff
from yakuba.casework.staff.sessions import StaffRequest

P = ParamSpec("P")
DeskView = Callable[Concatenate[StaffRequest, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]

NEEDS = "yakuba_permission"
OPEN_TO_AID = "yakuba_open_to_aid"
_NOT_SHOWN = ("csrfmiddlewaretoken", "password", "password_again", "present", "code", "credential", "version")


def desk(permission: Permission | None, *, aid: bool = False) -> Callable[[DeskView[P]], PlainView[P]]:
    """Declare a page of the desk and the permission it needs (None: any signed-in member of staff).

    ``aid``: whether another town's staff (応援職員) may open it too, and then only for a case of their one procedure.

    The view runs in one transaction that sees the rows of the member's own municipality only, and is rolled back
    as a whole when it fails. Trouble a clerk can be told about becomes a page that says what to do.
    """

    def declare(view: DeskView[P]) -> PlainView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            staffed = cast(StaffRequest, request)
            try:
                if permission is not None:
                    check_may(staffed.staff, permission)
                with under(staffed.staff.municipality):
                    if staffed.staff.home:
                        _check_seat(staffed.staff, aid, kwargs.get("case_id"))
                    return view(staffed, *args, **kwargs)
            except DeskTrouble as trouble:
                return _told(staffed, trouble)

        setattr(guarded, NEEDS, permission)
        setattr(guarded, OPEN_TO_AID, aid)
        return cast(PlainView[P], audience("staff")(guarded))

    return declare


def _check_seat(staff: Staff, opened: bool, case_id: object) -> None:
    """Raises NotAllowed for a page not open to 応援職員, Http404 for a case of another procedure: as if there were none."""
    if not opened:
        raise NotAllowed(
            "この画面は、応援職員の席では開けません。罹災証明書の申請だけを扱えます。必要なときは、この町の職員に頼んでください。"
        )
    if case_id and not Case.objects.filter(pk=str(case_id), procedure=staff.only_procedure).exists():
        raise Http404


def _told(request: StaffRequest, trouble: DeskTrouble) -> HttpResponse:
    """The page that says what went wrong, with everything that was typed: nothing is lost."""
    typed = [(name, value) for name, value in request.POST.items() if name not in _NOT_SHOWN and value]
    case = request.resolver_match.kwargs.get("case_id") if request.resolver_match else None
    back = reverse("casework:case", args=[case]) if case else ""
    context = {"trouble": trouble, "typed": typed, "back_path": back}
    return render(request, "casework/trouble.html", context, status=trouble.status)
