"""Who may send what, and how a PDF is made harmless, is decided in the sanitising zone."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.gateway.test_messages import HAYAMA, envelope
from yakuba.base.clock import now
from yakuba.base.tenancy import under
from yakuba.gateway import town_choices
from yakuba.gateway.envelope import AttachmentRef, Envelope
from yakuba.gateway.sanitise.kinds import ACCEPTED, EXCEL, WORD
from yakuba.gateway.sanitise.policy import USUAL, choices_of, policy
from yakuba.procedures import registry
from yakuba.procedures.file_kinds import KNOWN, expanded, in_words
from yakuba.procedures.overrides import effective, override_faults

HOIKU = registry.procedure("hoiku-moushikomi")


def test_a_place_takes_what_the_definition_says_and_pictures_and_pdf_always() -> None:
    found = policy("reasons-i1a2-employment_certificate", HOIKU, {})
    assert set(EXCEL) <= found.kinds
    assert set(ACCEPTED) <= found.kinds
    assert not set(WORD) & found.kinds
    assert found.pdf == "raster"


@pytest.mark.parametrize("slot", ["", "nothing", "a-b-c", "employment_certificate-x"])
def test_what_is_not_known_gets_the_safest(slot: str) -> None:
    assert policy(slot, HOIKU, {}) == USUAL == policy(slot, None, {})


def test_a_town_may_choose_otherwise_for_places_for_files_alone() -> None:
    overrides = {
        "accepts": {"job_search_statement": ["word", "zip"]},
        "sanitise": {"job_search_statement": "disarm"},
    }
    assert not list(override_faults(HOIKU, overrides))
    found = policy(
        "reasons-i1-job_search_statement",
        HOIKU,
        choices_of(overrides)["job_search_statement"] and choices_of(overrides),
    )
    assert (found.pdf, set(WORD) <= found.kinds, "application/zip" in found.kinds) == ("disarm", True, True)
    fields = {inner.id: inner for _page, one in effective(HOIKU, overrides).fields() for inner in one.fields}
    assert fields["job_search_statement"].accepts == ("word", "zip")
    assert [str(one) for one in override_faults(HOIKU, {"sanitise": {"reason": "disarm"}})]
    assert [str(one) for one in override_faults(HOIKU, {"accepts": {"job_search_statement": ["exe"]}})]


def test_a_towns_own_place_for_files_brings_its_own_choices() -> None:
    extra = {"page": "x", "field": {"id": "town_a", "type": "file", "accepts": ["csv"], "sanitise": "disarm"}}
    assert choices_of({"attachments": [extra]}) == {"town_a": {"accepts": ["csv"], "sanitise": "disarm"}}


@pytest.mark.parametrize(
    "overrides",
    [{"accepts": 1}, {"accepts": {"a": "zip"}}, {"sanitise": {"a": "none"}}, {"attachments": [1, {}]}],
)
def test_choices_that_make_no_sense_choose_nothing(overrides: dict[str, Any]) -> None:
    assert choices_of(overrides) == {}


def test_every_kind_a_definition_may_name_is_one_the_sanitiser_knows() -> None:
    from tests.gateway.corpus import CORPUS

    assert set(KNOWN) == set(expanded((*KNOWN,)))
    assert {one.method for one in CORPUS if one.demand == "pass"} == {
        "raster",
        "disarm",
        "office",
        "csv",
        "text",
        "archive",
    }
    assert (
        in_words(["image/jpeg", "application/pdf", "excel"]).en
        == "a photo (JPEG, PNG, HEIC), a PDF, an Excel sheet"
    )


# -- learnt from what the innermost zone publishes --------------------------------------------------------------------


def published(sender: str = "mynumber", minutes: int = 0, **overrides: Any) -> Envelope:
    body = {"procedures": {"hoiku-moushikomi": overrides}, "disasters": []}
    at = now() + timedelta(minutes=minutes)
    made = envelope()
    return Envelope(
        made.id,
        HAYAMA,
        "settings.published",
        sender,
        "internet" if sender != "internet" else "mynumber",
        at,
        body,
    )


def applied(slot: str = "reasons-i1-job_search_statement") -> Envelope:
    document = {"procedure": "hoiku-moushikomi", "version": HOIKU.version}
    ref = AttachmentRef(slot, "a.pdf", "application/pdf", 1, "0" * 64)
    made = envelope()
    return Envelope(
        made.id,
        HAYAMA,
        "application.submitted",
        "internet",
        "mynumber",
        now(),
        {"application": document},
        (ref,),
    )


@pytest.mark.django_db
def test_the_newest_settings_of_the_innermost_zone_count(settings: Settings) -> None:
    settings.ZONE = "lgwan"
    with under(HAYAMA):
        assert list(town_choices.policies(applied()).values()) == [policy("x", HOIKU, {})]
        town_choices.note(published(sanitise={"job_search_statement": "disarm"}))
        town_choices.note(published(minutes=-5, sanitise={}))  # an older one comes late
        assert next(iter(town_choices.policies(applied()).values())).pdf == "disarm"
        town_choices.note(published("internet", minutes=9))  # the outer zone cannot choose
        assert next(iter(town_choices.policies(applied()).values())).pdf == "disarm"
        town_choices.note(published(minutes=5, sanitise={"job_search_statement": "raster"}))
        assert next(iter(town_choices.policies(applied()).values())).pdf == "raster"


@pytest.mark.django_db
def test_a_message_that_is_no_known_application_gets_the_usual(settings: Settings) -> None:
    settings.ZONE = "lgwan"
    for body in ({}, {"application": 1}, {"application": {"procedure": "no", "version": "1"}}):
        made = applied()
        odd = Envelope(made.id, HAYAMA, made.kind, "internet", "mynumber", now(), body, made.attachments)
        with under(HAYAMA):
            assert list(town_choices.policies(odd).values()) == [USUAL]
