"""What every view of the desk stands behind: the gate, the municipality of who is signed in, and one permission."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.base.tenancy import under
from yakuba.base.web import audience
from yakuba.casework.errors import DeskTrouble
from yakuba.casework.permissions import check_may
from yakuba.casework.roles import Permission
from yakuba.casework.staff.sessions import StaffRequest

P = ParamSpec("P")
DeskView = Callable[Concatenate[StaffRequest, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]

NEEDS = "yakuba_permission"
_NOT_SHOWN = ("csrfmiddlewaretoken", "password", "password_again", "present", "code", "credential", "version")


def desk(permission: Permission | None) -> Callable[[DeskView[P]], PlainView[P]]:
    """Declare a page of the desk and the permission it needs (None: any signed-in member of staff).

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
                    return view(staffed, *args, **kwargs)
            except DeskTrouble as trouble:
                return _told(staffed, trouble)

        setattr(guarded, NEEDS, permission)
        return cast(PlainView[P], audience("staff")(guarded))

    return declare


def _told(request: StaffRequest, trouble: DeskTrouble) -> HttpResponse:
    """The page that says what went wrong, with everything that was typed: nothing is lost."""
    typed = [(name, value) for name, value in request.POST.items() if name not in _NOT_SHOWN and value]
    case = request.resolver_match.kwargs.get("case_id") if request.resolver_match else None
    back = reverse("casework:case", args=[case]) if case else ""
    context = {"trouble": trouble, "typed": typed, "back_path": back}
    return render(request, "casework/trouble.html", context, status=trouble.status)
