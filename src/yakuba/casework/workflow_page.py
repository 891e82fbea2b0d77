"""``docs/casework.md``, written from the table of moves and the table of roles: what is documented is what runs."""

from collections.abc import Iterator

from yakuba.casework.matching import REASONS
from yakuba.casework.roles import AID_GRANTS, AID_NAME, GRANTS, PERMISSION_NAMES, ROLE_NAMES, Permission, Role
from yakuba.casework.workflow import MOVES, STATUS_NAMES, SYSTEM, Move

_CONDITIONS = {
    "none": "",
    "verdict_good": "署名の検証が「正しい」",
    "identified": "申請者を特定済み",
    "not_identified": "申請者を未特定",
    "other_than_proposer": "案を出した人・窓口で受け付けた人ではない",
    "other_than_proposer_and_identified": "案を出した人・窓口で受け付けた人ではない・特定済み",
    "other_than_proposer_and_not_identified": "案を出した人・窓口で受け付けた人ではない・未特定",
    "proposer_and_identified": "案を出した本人・特定済み",
    "proposer_and_not_identified": "案を出した本人・未特定",
}
_CLOCK = {
    "none": "",
    "start": "始まる",
    "pause": "止まる(法の定めによる)",
    "resume": "動きだす",
    "stop": "終わる",
}
HEAD = """# 審査デスクの決まり(casework)

このページは `python scripts/write_casework_page.py` が表から書きます。手で直さないでください(検査で比べます)。

申請の状態を変えるのは `src/yakuba/casework/workflow.py` の一つの表だけです。動きごとに、だれが、何がそろえば、監査に何と残し、
申請者に何を見せ、法定の期限をどうするかが書いてあります。
"""


def workflow_page() -> str:
    """The page, as Markdown."""
    parts = [
        HEAD,
        "## 状態\n",
        _diagram(),
        "## 動き\n",
        _moves(),
        "## 役割\n",
        _roles(),
        "## 本人確認に回る理由\n",
        _reasons(),
    ]
    return "\n".join(parts) + "\n"


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{words}" as {status}' for status, words in STATUS_NAMES.items()]
    seen: dict[str, None] = {}
    for move in MOVES:
        seen[f"    {move.origin or '[*]'} --> {move.to}: {move.label}"] = None
    return "\n".join([*lines, *seen, "```", ""])


def _moves() -> str:
    head = [
        "| 動き | 前の状態 | 後の状態 | だれが | 条件 | 監査 | 申請者に見せる状態 | 期限 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_row(move) for move in MOVES), ""])


def _row(move: Move) -> str:
    who = "届いた申請・自動処理" if move.who == SYSTEM else PERMISSION_NAMES[Permission(move.who)]
    origin = STATUS_NAMES[move.origin] if move.origin else "(はじめ)"
    cells = (
        f"{move.label} `{move.name}`", origin, STATUS_NAMES[move.to], who, _CONDITIONS[move.condition],
        f"`{move.audit}`", f"`{move.told}`" if move.told else "", _CLOCK[move.clock],
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _roles() -> str:
    names = [ROLE_NAMES[role] for role in Role]
    head = [f"| できること | {' | '.join([*names, AID_NAME])} |", "|---" * (len(names) + 2) + "|"]
    return "\n".join([*head, *_role_rows(), ""])


def _role_rows() -> Iterator[str]:
    for permission in Permission:
        grants = (*(GRANTS[role] for role in Role), AID_GRANTS)
        cells = ("できる" if permission in one else "" for one in grants)
        yield f"| {PERMISSION_NAMES[permission]} | {' | '.join(cells)} |"


def _reasons() -> str:
    return "\n".join(f"- {words} (`{reason}`)" for reason, words in REASONS.items())
