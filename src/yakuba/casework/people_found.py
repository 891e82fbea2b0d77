"""Gathering what :mod:`matching` concludes from: the edge between the registers and the rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yakuba.casework import representation
from yakuba.casework.addresses import same_place
from yakuba.casework.claimant import Claimant
from yakuba.casework.matching import Candidate, Evidence
from yakuba.registers import people
from yakuba.registers.models import CardCertificate, Resident
from yakuba.registers.names import Likeness, compare
from yakuba.registers.variants import national_variants

MANDATE_WORDS = ("mandate", "ininjo", "inin")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application brings to the question of who applies."""

    verdict: str
    role: str
    claimant: Claimant
    issuer_key_id: str
    serial: str
    signed_as_required: bool
    mandate_attached: bool
    today: date
    mandate_fails: bool = False


def gather(asked: Asked) -> Evidence:
    """Ask the registers; nothing is asked for a signature that is not good."""
    if asked.verdict != "good":
        return Evidence(asked.verdict, asked.role)
    matches = people.by_certificate(asked.issuer_key_id, asked.serial)
    signers = tuple(candidate(one.person, asked.claimant, one.certificate) for one in matches)
    claimants: tuple[Candidate, ...] = ()
    household: frozenset[str] = frozenset()
    wards: frozenset[str] = frozenset()
    if asked.role != "self":
        claimants = tuple(candidate(person, asked.claimant) for person in by_name_and_birth(asked.claimant))
        if len(matches) == 1:
            signer = matches[0].person.atena_number
            household = frozenset(one.atena_number for one in people.household(signer))
            wards = representation.in_full(signer, asked.today)
    return Evidence(
        asked.verdict, asked.role, asked.signed_as_required, signers, claimants, household, wards,
        asked.mandate_attached, asked.mandate_fails,
    )  # fmt: skip


def candidate(person: Resident, claimant: Claimant, certificate: CardCertificate | None = None) -> Candidate:
    """``person`` compared with the claimant; what the application does not say, fits."""
    return Candidate(
        person.atena_number,
        person.history_number,
        certificate is None or certificate.state == "active",
        person.status == "resident",
        likeness(claimant.name, person),
        not claimant.birth or claimant.birth == str(person.birth),
        not claimant.address or same_place(claimant.address, person.address),
    )


def likeness(name: str, person: Resident) -> Likeness:
    """How ``name`` compares with the person's names: the register's name, 通称, the Latin name, or with the former
    family name (旧氏); the best of them counts, since residents may use each."""
    if not name:
        return Likeness.SAME
    written = [person.name, person.common_name, person.name_alphabet]
    if person.former_family_name:
        written.append(f"{person.former_family_name}{person.given_name}")
    table = national_variants()
    order = list(Likeness)
    return min((compare(name, one, table) for one in written if one), key=order.index)


def by_name_and_birth(claimant: Claimant) -> list[Resident]:
    """Everybody the register knows with the claimant's name and birth date; nobody where either is not said."""
    if not (claimant.name and claimant.birth):
        return []
    return people.by_attributes(claimant.name, claimant.birth)


def mandate_attached(slots: Iterable[str]) -> bool:
    """Whether one of the ``slots`` that hold a usable file is the one for a mandate (委任状)."""
    return any(word in slot.lower() for slot in slots for word in MANDATE_WORDS)
