"""How long to rest after a batch, so that under load one call carries several messages and each costs less."""

import time

_MANY = 16
_SHORT, _LONG = 0.05, 0.25
_SUSTAINED = 1.0


class Pace:
    """A message that comes alone is hardly held up; while they keep coming, a quarter of a second is gathered."""

    def __init__(self) -> None:
        self._last = -_SUSTAINED

    def rest_after(self, carried: int) -> None:
        """Rest after a batch of ``carried`` messages and slips; not at all after none or many."""
        moment = time.monotonic()
        if 0 < carried < _MANY:
            time.sleep(_LONG if moment - self._last < _SUSTAINED else _SHORT)
        if carried:
            self._last = moment
