"""The only door between zones: outbox → sanitise → relay → inbox → signed end-to-end receipt.

What other rooms use: :mod:`~yakuba.gateway.envelope`, :func:`outbox.post`, :func:`inbox.handler`, :mod:`blobs`,
:func:`sanitise.sniff`. Delivery is at least once, handling exactly once, order not promised.
"""
