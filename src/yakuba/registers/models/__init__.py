"""The tables of the registers."""

from yakuba.registers.models.cards import CardCertificate
from yakuba.registers.models.entries import AppliedEffect, NamedPerson, RegisterEntry
from yakuba.registers.models.loads import BulkLoad, LoadedPart
from yakuba.registers.models.mynumber import MyNumberAccess, MyNumberRecord
from yakuba.registers.models.resident import Guardianship, Resident

__all__ = [
    "AppliedEffect",
    "BulkLoad",
    "CardCertificate",
    "Guardianship",
    "LoadedPart",
    "MyNumberAccess",
    "MyNumberRecord",
    "NamedPerson",
    "RegisterEntry",
    "Resident",
]
