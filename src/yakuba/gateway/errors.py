"""What can go wrong at the door, drawn as a tree.

GatewayError
├── Permanent          trying again cannot help: the message is set aside for people to look at
│   ├── UnknownKind    no room of this zone handles this kind of message
│   ├── BrokenMessage  it is not a message of ours, or not the one its sender sealed
│   └── BrokenSlip     a receipt or an audit head that its zone did not sign
├── UnsafeBroker       the broker acknowledges what it may still lose: it is not used
├── Passing            worth trying again later
│   ├── PeerAway       the other zone did not answer as expected
│   └── AlteredFile    a file is not the one its message names; the others go on
└── MissingBlob        no such file is kept here (any more)
"""


class GatewayError(Exception):
    """Anything the gateway reports."""


class Permanent(GatewayError):
    """Trying again cannot help. Handlers raise it (or a subclass) to send a message to the dead letters at once."""


class UnsafeBroker(GatewayError):
    """The broker's settings would let it lose what it has acknowledged; the text has every number, fault and hint."""


class Passing(GatewayError):
    """Worth trying again later."""


class UnknownKind(Permanent):
    """No room of this zone handles messages of ``kind``."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"no room of this zone handles messages of kind {kind!r}")


class BrokenMessage(Permanent):
    """The bytes are not a message, or not what the sending zone sealed."""


class BrokenSlip(Permanent):
    """A receipt or audit head whose signature is not that of the zone it names."""


class PeerAway(Passing):
    """The other zone's gateway could not be reached or answered with an error."""


class AlteredFile(Passing):
    """The bytes of a file do not have the digest its message names: spoiled where they lie, until somebody restores them."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(f"the bytes of file {sha256} arrived altered")


class MissingBlob(GatewayError):
    """No file with this digest is kept in this zone for this municipality."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(f"no file {sha256} is kept here; it may have been removed after its receipt")
