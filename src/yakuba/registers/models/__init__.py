"""The tables of the registers."""

from yakuba.registers.models.cards import CardCertificate
from yakuba.registers.models.entries import AppliedEffect, RegisterEntry
from yakuba.registers.models.mynumber import MyNumberAccess, MyNumberRecord
from yakuba.registers.models.resident import Guardianship, Resident

__all__ = [
    "AppliedEffect",
    "CardCertificate",
    "Guardianship",
    "MyNumberAccess",
    "MyNumberRecord",
    "RegisterEntry",
    "Resident",
]
