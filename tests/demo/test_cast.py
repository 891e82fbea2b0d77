"""The cast: everybody has a story, a card that behaves as the story says, and nobody is real."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.registers.people_of_hayama import HAYAMA, NINOMIYA
from yakuba.card.emulated import EmulatedCard
from yakuba.card.revocation import RevocationIndex
from yakuba.card.trust import TrustStore
from yakuba.card.verdict import verify_cms_detached
from yakuba.demo import cast, commands
from yakuba.demo.cards import CastCards, cards_made, make_cards, refresh_lists
from yakuba.demo.cast import CastMember
from yakuba.procedures import registry
from yakuba.registers.names import Likeness, compare
from yakuba.registers.variants import national_variants

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, CastCards]:
    folder = tmp_path_factory.mktemp("cast")
    authority, cards = folder / "trust", folder / "cards"
    return authority, cards, make_cards(authority, cards, now=NOW, crl_entries=50)


Made = tuple[Path, Path, CastCards]


def _member(member_id: str) -> CastMember:
    return cast.cast_member(member_id, AS_OF)


# -- stories --------------------------------------------------------------------------------------


def test_everybody_has_a_story_in_two_languages_and_something_to_try() -> None:
    members = cast.cast(AS_OF)
    assert 12 <= len(members) <= 16
    for member in members:
        assert member.synthetic
        for text in (member.story, member.to_try):
            assert all(text[language] for language in ("ja", "en"))
        assert member.card is None or (member.sign_pin and member.auth_pin)


def test_every_procedure_the_cast_tries_exists() -> None:
    known = {procedure.id for procedure in registry.all_procedures(AS_OF)}
    tried = {one for member in cast.cast(AS_OF) for one in member.procedures}
    assert tried <= known
    assert {"jidou-teate-nintei", "risai-shoumei", "kaigo-nintei", "hoiku-moushikomi"} <= tried


def test_the_newborn_is_within_the_fifteen_days_whatever_the_day() -> None:
    for day in (AS_OF, date(2027, 1, 3), date(2028, 2, 29)):
        baby = next(p for p in cast.people(HAYAMA, day, {}) if p.name.written == "髙橋　陽葵")
        assert day.toordinal() - baby.birth == 9


def test_ages_are_those_of_the_stories_on_any_day() -> None:
    for day in (AS_OF, date(2027, 3, 27), date(2027, 3, 28)):
        assert cast.age(cast.cast_member("grandmother", day), day) == 85


def test_an_unknown_member_is_refused_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="mother"):
        cast.cast_member("nobody", AS_OF)


def test_the_neighbour_lives_in_another_town() -> None:
    assert _member("neighbour").municipality == NINOMIYA
    assert "松本　さくら" not in {p.name.written for p in cast.people(HAYAMA, AS_OF, {})}


def test_the_card_of_a_variant_name_may_differ_but_is_not_different() -> None:
    for member_id in ("newcomer", "variant-kanji"):
        member = _member(member_id)
        assert member.card
        assert len(member.card.substitutes) == len(member.card.name)
        likeness = compare(member.card.name, member.name, national_variants(), member.card.substitutes)
        assert likeness is Likeness.MAY_DIFFER_BY_VARIANT


# -- cards ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member_id", "outcome"),
    [("mother", "GOOD"), ("newcomer", "GOOD"), ("expired-card", "BAD"), ("revoked-card", "BAD")],
)
def test_a_card_behaves_as_its_story_says(made: Made, member_id: str, outcome: str) -> None:
    authority, cards, _ = made
    member = _member(member_id)
    card = EmulatedCard.load(cards / f"{member_id}.card.json")
    content = b'{"yakuba":"application/1"}'
    cms = card.sign_cms(content, str(member.sign_pin), at=NOW)
    trust = TrustStore.from_folder(authority / "roots")
    verdict = verify_cms_detached(
        content, cms, at=NOW, trust=trust, revocation=RevocationIndex.from_folder(authority / "crls", trust)
    )
    assert verdict.outcome.name == outcome, verdict


def test_the_register_notes_the_certificates_of_the_cards(made: Made) -> None:
    _, _, cards = made
    mother = next(p for p in cast.people(HAYAMA, AS_OF, cards.registered) if p.atena_number == "0000000001")
    noted = {(c.issuer_key_id, c.serial) for c in mother.certificates}
    assert {(c.issuer_key_id, c.serial) for c in cards.registered["mother"]} <= noted
    assert {c.state for c in mother.certificates if c.recorded_to is None} == {"active", "renewed"}


def test_no_certificate_of_the_cast_is_noted_twice(made: Made) -> None:
    noted = [
        (c.issuer_key_id, c.serial, person.atena_number, c.history_number)
        for person in cast.people(HAYAMA, AS_OF, made[2].registered)
        for c in person.certificates
    ]
    assert len(set(noted)) == len(noted) > 26


def test_a_lapsed_and_a_revoked_card_are_noted_with_what_was_before(made: Made) -> None:
    by_number = {p.atena_number: p for p in cast.people(HAYAMA, AS_OF, made[2].registered)}
    for member_id, state in (("expired-card", "lapsed"), ("revoked-card", "revoked")):
        certificates = by_number[_member(member_id).atena_number].certificates
        assert {c.state for c in certificates if c.recorded_to is None} == {state}
        assert {c.state for c in certificates if c.recorded_to is not None} == {"active"}


def test_a_newcomers_certificate_is_not_older_than_the_move(made: Made) -> None:
    for certificate in made[2].registered["newcomer"]:
        assert certificate.not_before >= AS_OF - timedelta(days=10)


def test_a_second_call_on_a_later_day_changes_no_card(made: Made) -> None:
    authority, cards, first = made
    before = {path.name: path.read_bytes() for path in cards.iterdir()}
    assert make_cards(authority, cards, now=NOW + timedelta(days=40)) == first == cards_made(cards)
    assert {path.name: path.read_bytes() for path in cards.iterdir()} == before


def test_lists_are_published_anew_for_a_demo_that_slept(made: Made) -> None:
    authority, cards, _ = made
    later = NOW + timedelta(days=30)
    member = _member("mother")
    trust = TrustStore.from_folder(authority / "roots")
    cms = EmulatedCard.load(cards / "mother.card.json").sign_cms(b"x", str(member.sign_pin), at=later)
    stale = verify_cms_detached(
        b"x", cms, at=later, trust=trust, revocation=RevocationIndex.from_folder(authority / "crls", trust)
    )
    refresh_lists(authority, now=later, crl_entries=10)
    fresh = verify_cms_detached(
        b"x", cms, at=later, trust=trust, revocation=RevocationIndex.from_folder(authority / "crls", trust)
    )
    assert (stale.outcome.name, fresh.outcome.name) == ("UNKNOWN", "GOOD")


# -- the command ----------------------------------------------------------------------------------


def test_the_cast_is_printed_with_pins_and_the_note_that_nobody_is_real(made: Made) -> None:
    shown = CliRunner().invoke(commands.people, ["--cards", str(made[1])], env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    for expected in ("mother", "HAYAMA01", "0101", "架空", "0000000001"):
        assert expected in shown.output


def test_loading_without_a_zone_says_what_is_missing() -> None:
    refused = CliRunner().invoke(commands.load, [], env={"YAKUBA_MYNUMBER_KEYS": ""})
    assert refused.exit_code == 1
    assert "YAKUBA_MYNUMBER_KEYS" in refused.output
