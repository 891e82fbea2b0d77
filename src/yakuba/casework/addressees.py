"""宛名 of a prefecture: it keeps no resident register, so who files is taken in from what their card's certificate says.

Only under a prefecture (``body_of``), only for a signature found good, and only where nobody is recorded yet. A person
somebody files for is taken in as written: whether the mandate holds is for a clerk, and the rules ask for it.
"""

from datetime import date, datetime

from yakuba.audit.events import AuditEvent
from yakuba.base.clock import japan_day
from yakuba.base.dates import UncertainDate
from yakuba.base.municipality import body_of
from yakuba.base.tenancy import current_municipality
from yakuba.card.attributes import Attributes
from yakuba.card.outcomes import Signer
from yakuba.casework.claimant import Claimant
from yakuba.casework.matching import Candidate, Conclusion
from yakuba.casework.people_found import candidate
from yakuba.registers.certificates import note_certificate
from yakuba.registers.changes import next_atena_number, register_person
from yakuba.registers.models import Resident

_ACTOR = "zone:mynumber"
_BY_CERTIFICATE = "署名用電子証明書に書かれた氏名・生年月日・住所で、宛名に新しく登録"
_AS_WRITTEN = "申請に書かれた本人を、宛名に新しく登録(代理権は職員が確認する)"


def concluded(conclusion: Conclusion, signer: Signer | None, claimant: Claimant, at: datetime) -> Conclusion:
    """``conclusion``, or somebody newly taken in where a prefecture knows nobody yet. Runs in the case's transaction."""
    if body_of(current_municipality()) != "prefecture" or signer is None or signer.attributes is None:
        return conclusion
    on = japan_day(at)
    if conclusion.reason == "no_match":
        return _signer_taken_in(signer, signer.attributes, claimant, on)
    if conclusion.reason == "claimant_not_found" and claimant.name and claimant.birth:
        written = _saved(_person(claimant.name, claimant.kana, claimant.birth, claimant.address, on))
        return Conclusion(None, _known(written), conclusion.signer, ("proxy",), _AS_WRITTEN)
    return conclusion


def _signer_taken_in(signer: Signer, said: Attributes, claimant: Claimant, on: date) -> Conclusion:
    birth = said.birth_date.isoformat() if said.birth_date else ""
    if not birth:
        return Conclusion("no_match")
    holder = _person(said.name, claimant.kana, birth, said.address, on)
    holder.sex = said.sex
    if not candidate(holder, claimant).may_be_claimant:
        return Conclusion("signer_is_not_claimant")
    _saved(holder)
    note_certificate(
        holder.atena_number, issuer_key_id=signer.issuer_key_id, serial=signer.serial, kind=signer.kind,
        not_before=japan_day(signer.not_before), not_after=japan_day(signer.not_after),
        noted_on=on, audit=_event("certificate.noted", holder),
    )  # fmt: skip
    return Conclusion(None, _known(holder), _known(holder), how=_BY_CERTIFICATE)


def _person(name: str, kana: str, birth: str, address: str, on: date) -> Resident:
    """Somebody new, not saved yet. 住登外登録: known by name here, a resident of some municipality."""
    number = next_atena_number()
    return Resident(
        municipality=current_municipality(), atena_number=number, history_number=1, valid_from=on, reason="outside",
        changed_on=UncertainDate.parse(on.isoformat()), status="resident", name=name, name_kana=kana, sex="3",
        birth=UncertainDate.parse(birth), household_number=number, relationship="", address=address,
    )  # fmt: skip


def _saved(person: Resident) -> Resident:
    return register_person(person, _event("addressee.taken_in", person))


def _known(person: Resident) -> Candidate:
    return Candidate(person.atena_number, person.history_number)


def _event(action: str, person: Resident) -> AuditEvent:
    return AuditEvent(_ACTOR, action, f"person:{person.atena_number}", person.municipality)
