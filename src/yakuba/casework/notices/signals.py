"""What others may listen for; sent inside the transaction that tells of it, so a listener's work commits with it."""

from django.dispatch import Signal

# Sent with ``sender=Notice`` and ``notice``: the signed PDF is stored and on its way to the resident, or a person has
# sent the notice on paper.
notice_issued = Signal()
# Sent likewise: the notice cannot be printed as it is; ``notice.problem`` names the characters.
notice_needs_a_person = Signal()
