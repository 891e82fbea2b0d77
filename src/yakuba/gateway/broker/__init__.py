"""The link between two zones over a NATS JetStream cluster instead of direct calls (``YAKUBA_RELAY=jetstream``).

Same outbox, same inbox, same receipts: the broker carries parcels (:mod:`yakuba.gateway.wire`) and is never the system
of record. Whatever it loses is sent again when no receipt comes; whatever it brings twice the inbox takes once. Files do
not go through it: they are fetched over the link's own HTTPS, as without it (docs/decisions).

Each link has a cluster of its own, in the outer of its two zones, with an authority of its own; both zones' relays open
the connections to it. One stream inward, one outward; each zone may write the one and read the other, and nothing else.
"""
