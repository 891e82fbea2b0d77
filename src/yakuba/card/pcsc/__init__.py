"""Real readers: the card over PC/SC, behind the same interface as the emulated one.

``application`` holds the card's public facts, ``apdu`` one command and its answer, ``card`` the card itself over any
:class:`~yakuba.card.pcsc.apdu.Transport`, ``system`` the operating system's PC/SC service, ``readers`` what lies on
the readers now. What was seen on which reader is in ``docs/card-readers.md``.
"""
