"""Tables of the internet zone: what a resident has begun, what was sent, what came back. All under a municipality."""

from yakuba.portal.models.applications import Application, Notice, StatusChange
from yakuba.portal.models.bundles import Bundle
from yakuba.portal.models.cosigning import CoSigning
from yakuba.portal.models.drafts import Draft, Upload
from yakuba.portal.models.mandates import MandataryCode, Mandate
from yakuba.portal.models.town import TownSettings
from yakuba.portal.models.traffic import RateCount
from yakuba.portal.models.visits import CardTicket, CertificateHistory, SignIn
from yakuba.portal.models.waiting import WaitingNumber, WaitingRoom
from yakuba.portal.models.wards import WardsAsked

__all__ = [
    "Application", "Bundle", "CardTicket", "CertificateHistory", "CoSigning", "Draft", "MandataryCode", "Mandate", "Notice", "RateCount", "SignIn",
    "StatusChange", "TownSettings", "Upload", "WaitingNumber", "WaitingRoom", "WardsAsked",
]  # fmt: skip
