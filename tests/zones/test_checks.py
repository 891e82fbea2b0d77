"""A zone does not start on settings under which it could not keep its promises."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from yakuba.zones.checks import durability_errors, refuse_unsafe, role_errors

SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def test_safe_settings_are_accepted() -> None:
    assert durability_errors(SAFE) == []
    assert durability_errors({**SAFE, "synchronous_commit": "remote_apply"}) == []


@pytest.mark.parametrize(
    ("setting", "value", "number"),
    [
        ("fsync", "off", "yakuba.E001"),
        ("synchronous_commit", "off", "yakuba.E002"),
        ("synchronous_commit", "local", "yakuba.E002"),
        ("full_page_writes", "off", "yakuba.E003"),
    ],
)
def test_each_unsafe_setting_has_its_number_and_a_hint(setting: str, value: str, number: str) -> None:
    (error,) = durability_errors({**SAFE, setting: value})
    assert error.id == number
    assert error.hint is not None
    assert f"ALTER SYSTEM SET {setting}" in error.hint


@pytest.mark.parametrize(("superuser", "bypasses"), [(True, False), (False, True)])
def test_a_role_that_sees_past_isolation_is_refused(superuser: bool, bypasses: bool) -> None:
    (error,) = role_errors("town", superuser=superuser, bypasses=bypasses)
    assert error.id == "yakuba.E004"


@pytest.mark.django_db
def test_a_zone_on_a_database_that_may_lose_data_does_not_start() -> None:
    """The tests' own database is such a one: it trades durability for speed."""
    with pytest.raises(ImproperlyConfigured, match=r"yakuba\.E001") as refused:
        refuse_unsafe()
    assert "yakuba.E004" not in str(refused.value)
