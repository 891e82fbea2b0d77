"""What the streams, their readers and the parties of a link's broker are called, and what each party may do."""

from dataclasses import dataclass

LARGEST_PARCEL = 8 * 1024 * 1024
"""One parcel as bytes; NATS advises against more. A document has at most 4 MiB, with its evidence about as much again."""
SURVEY = "broker.survey"
"""Asks every server of the cluster how it keeps what it acknowledges."""


@dataclass(frozen=True, slots=True)
class Way:
    """One direction of a link: a stream with one subject and one durable reader."""

    stream: str
    subject: str
    reader: str


INWARD = Way("INWARD", "inward", "inner")
OUTWARD = Way("OUTWARD", "outward", "outer")


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a link: which way it writes and which it reads; ``role`` also names its certificate's file."""

    role: str
    writes: Way
    reads: Way


OUTER = Side("outer", INWARD, OUTWARD)
INNER = Side("inner", OUTWARD, INWARD)


def inbox(role: str) -> str:
    """Where answers to this party go; nobody else may listen there."""
    return f"_INBOX_{role}"


def may_publish(side: Side) -> list[str]:
    """Every subject the relay of this side may send to."""
    reads = side.reads
    return [
        side.writes.subject,
        f"$JS.API.CONSUMER.MSG.NEXT.{reads.stream}.{reads.reader}",
        f"$JS.ACK.{reads.stream}.{reads.reader}.>",
        *(f"$JS.API.STREAM.INFO.{way.stream}" for way in (INWARD, OUTWARD)),
        SURVEY,
    ]


def keeper_may_publish() -> list[str]:
    """What setting up takes: making the streams and their readers, and looking at them; no message is read or written."""
    ways = (INWARD, OUTWARD)
    return [
        "$JS.API.INFO",
        *(f"$JS.API.STREAM.{verb}.{way.stream}" for verb in ("INFO", "CREATE", "UPDATE") for way in ways),
        *(f"$JS.API.CONSUMER.{verb}.{way.stream}.>" for verb in ("CREATE", "INFO") for way in ways),
        *(f"$JS.API.CONSUMER.DURABLE.CREATE.{way.stream}.{way.reader}" for way in ways),
        SURVEY,
    ]
