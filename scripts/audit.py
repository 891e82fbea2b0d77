"""`make audit`: are holes known in what the town hall runs on? Asks the public advisory database (PyPI/OSV) by pip-audit.

For operators, once a day and before every update. Installed apart from the town hall, with hashes. Without a network it says so
and ends with 2; with known holes 1; without 0. What to do then: docs/asvs.md, "Known holes in libraries".
"""

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".venv" / "audit"
NO_NETWORK, HOLES = 2, 1


def install() -> bool:
    """pip-audit in a place of its own; ``False`` where it cannot be fetched."""
    if (PLACE / "bin" / "pip-audit").exists():
        return True
    venv.create(PLACE, with_pip=True)
    wanted = ROOT / "requirements" / "audit.txt"
    command = [
        str(PLACE / "bin" / "pip"),
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(wanted),
    ]
    return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    if not install():
        print(
            "pip-audit を取り寄せられません(ネットワークがありません)。つながる端末で `make audit` を実行してください。"
        )
        return NO_NETWORK
    command = [
        str(PLACE / "bin" / "pip-audit"), "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json",
        "--timeout", "15", "-r", str(ROOT / "requirements" / "run.txt"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        parts = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["?"])[-1][:200]
        print(
            f"弱点の一覧を調べられません: {reason}\nネットワークにつながる端末で `make audit` を実行してください。"
        )
        return NO_NETWORK
    return report(parts)


def report(parts: list[dict[str, Any]]) -> int:
    """Say what was found. A part the database was not asked about is not a part without holes."""
    holes = [(part, hole) for part in parts for hole in part.get("vulns", [])]
    skipped = [part["name"] for part in parts if "skip_reason" in part]
    for part, hole in holes:
        mended = ", ".join(hole["fix_versions"]) or "まだありません"
        print(f"{part['name']} {part['version']}: {hole['id']}(直った版: {mended})")
    if holes:
        print("docs/asvs.md の「Known holes in libraries」の期限までに更新してください。")
        return HOLES
    if skipped:
        print(
            f"{len(parts)}部品のうち {len(skipped)}部品は調べられませんでした(例: {skipped[0]})。弱点がないとは言えません。"
        )
        print("弱点の一覧に届く端末で `make audit` を実行してください。")
        return NO_NETWORK
    print(f"{len(parts)}部品に、知られている弱点はありません。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
