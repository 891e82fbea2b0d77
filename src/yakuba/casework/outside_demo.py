"""A stand-in for the national one-stop service for cars (自動車保有関係手続のワンストップサービス).

It is not the real service and says so in every answer. It succeeds, refuses and crashes on demand, by the frame number:
one that begins with FAIL is refused, one with CRASH raises, any other is taken.
"""

from yakuba.base.canonical import sha256_hex
from yakuba.base.texts import Text
from yakuba.casework.outside import NoAnswer, Package, Result

_NOT_REAL = "見本の受け口で、実際のワンストップサービスではありません"


class DemoOneStop:
    """The stand-in."""

    name = "自動車ワンストップ(見本・実際のOSSにはつながりません)"
    procedures = ("jidousha-kankyou", "jidousha-shinkoku", "jidousha-juusho", "jidousha-shako")

    def submit(self, package: Package) -> Result:
        """Take, refuse or crash.

        Raises:
            NoAnswer: for a frame number that begins with CRASH.
        """
        frame = str(package.document.get("answers", {}).get("frame", "")).upper()
        if frame.startswith("CRASH"):
            raise NoAnswer("the stand-in crashes for this frame number")
        if frame.startswith("FAIL"):
            return Result(False, "", _refused())
        number = f"見本-{sha256_hex(package.receipt_number.encode())[:8]}"
        return Result(True, number, _taken(number))


def _taken(number: str) -> Text:
    return Text(
        f"ワンストップサービスの受け口が受け付けました(番号 {number})。{_NOT_REAL}。",
        f"The door to the one-stop service has taken it (number {number}). It is a stand-in, not the real service.",
        f"{{受|う}}け{{取|と}}りました({{番号|ばんごう}} {number.removeprefix('見本-')})。ほんものの サービスでは ありません。",
    )


def _refused() -> Text:
    return Text(
        f"ワンストップサービスの受け口で受け付けられませんでした。都道府県の担当から連絡します。{_NOT_REAL}。",
        "The door to the one-stop service has not taken it; the prefecture will contact you. It is a stand-in, not the "
        "real service.",
        "{受|う}け{取|と}って もらえませんでした。{県|けん}から {連絡|れんらく}します。ほんものの サービスでは ありません。",
    )
