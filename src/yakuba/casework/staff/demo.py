"""The demo desk: one synthetic member of staff per role, so that four eyes can be tried out. Labelled so."""

from dataclasses import dataclass

from yakuba.audit.events import AuditEvent
from yakuba.base.tenancy import under
from yakuba.casework.roles import ROLE_NAMES, Role
from yakuba.casework.staff.accounts import make_account, municipality_of_login
from yakuba.casework.staff.second_factor import set_totp_secret

DEMO_STAFF: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("uketsuke", "受付 花子", (Role.INTAKE,)),
    ("shinsa", "審査 次郎", (Role.REVIEWER, Role.INTAKE)),
    ("kessai", "決裁 三郎", (Role.APPROVER,)),
    ("kanri", "管理 四郎", (Role.ADMIN,)),
    ("kansa", "監査 五郎", (Role.AUDITOR,)),
)


@dataclass(frozen=True, slots=True)
class DemoMember:
    """Who can sign in to the demo desk."""

    login: str
    name: str
    roles: str


def demo_login(municipality: str, login: str, home: str) -> str:
    """Login names are unique over all municipalities: the home town's are plain, others carry their code."""
    return login if municipality == home else f"{login}.{municipality}"


def make_demo_staff(
    municipality: str, password: str, totp_secret: str, home: str | None = None
) -> list[DemoMember]:
    """The demo members of ``municipality``, made where missing (an existing account is never changed)."""
    made = []
    for login, name, roles in DEMO_STAFF:
        chosen = demo_login(municipality, login, home or municipality)
        if municipality_of_login(chosen) is None:
            event = AuditEvent(
                "zone:mynumber", "staff.made", f"staff-login:{chosen}", municipality, {"demo": "yes"}
            )
            with under(municipality):
                staff = make_account(
                    municipality, chosen, name, roles, password, audit=event, must_change_password=False
                )
                set_totp_secret(staff, totp_secret, confirmed=True)
        made.append(DemoMember(chosen, name, "・".join(ROLE_NAMES[role] for role in roles)))
    return made
