"""What can be wrong with a hand-over, drawn as a tree; each carries words that say what to do.

HandoverTrouble
├── NothingToSend       no case of the procedure is ready
├── UnknownBatch        no such batch for this system
├── UnknownCases        receipt numbers that were never sent to this system
├── WrongMove           the case is not in a state in which this can happen
├── DifferentMessage    a message id used before, with another body
└── UnknownFormat       no such file format
"""


class HandoverTrouble(Exception):
    """Anything about a hand-over that can be told in words. ``status`` is its HTTP status."""

    status = 409
    code = "trouble"


class NothingToSend(HandoverTrouble):
    """No case is ready."""

    code = "nothing_to_send"


class UnknownBatch(HandoverTrouble):
    """No such batch, or not for this system."""

    status, code = 404, "unknown_batch"


class UnknownCases(HandoverTrouble):
    """Cases that were never sent to this system; ``receipt_numbers`` names them."""

    status, code = 422, "unknown_cases"

    def __init__(self, receipt_numbers: list[str]) -> None:
        self.receipt_numbers = receipt_numbers
        super().__init__(
            f"このシステムに送信していない受付番号です: {'、'.join(receipt_numbers[:20])}。"
            "受付番号(例: 7K3M-9QX2-4TVA)を確かめてください。1件も処理していません。"
        )


class WrongMove(HandoverTrouble):
    """The case is not where this can happen."""

    code = "wrong_state"


class DifferentMessage(HandoverTrouble):
    """The message id was used before for another message."""

    code = "message_id_reused"


class UnknownFormat(HandoverTrouble):
    """No such format."""

    status, code = 422, "unknown_format"
