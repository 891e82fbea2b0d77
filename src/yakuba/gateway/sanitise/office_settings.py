"""What LibreOffice is told in its cell: no macros, no links, no second start; Japanese fonts under their usual names."""

import re
from pathlib import Path

# LibreOffice reads settings as items of its registry; "fuse" is how it writes them itself.
_ITEM = '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Save/Graphic", "AddReplacementImages", "false"),
)
_REGISTRY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{items}\n</oor:items>\n'
)
_JAPANESE = (
    *("ＭＳ 明朝", "ＭＳ Ｐ明朝", "MS Mincho", "MS PMincho", "ＭＳ ゴシック", "ＭＳ Ｐゴシック", "MS Gothic"),
    *("MS PGothic", "MS UI Gothic", "Meiryo", "メイリオ", "Yu Mincho", "游明朝", "Yu Gothic", "游ゴシック"),
    *(
        "ヒラギノ明朝 ProN",
        "ヒラギノ角ゴ ProN",
        "IPAMincho",
        "IPAGothic",
        "IPAex明朝",
        "IPAexゴシック",
        "BIZ UDGothic",
    ),
)
_ALIAS = (
    '<alias binding="same"><family>{name}</family><prefer><family>Noto Sans CJK JP</family></prefer></alias>'
)
_FONTS = (
    '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>{folders}'
    "<cachedir>/tmp/fonts</cachedir>{aliases}"
    '<match><test name="lang" compare="contains"><string>ja</string></test><edit name="family" mode="append">'
    "<string>Noto Sans CJK JP</string></edit></match></fontconfig>\n"
)
_BUILD = re.compile(r"^buildid=(.+)$", re.MULTILINE)


def registry() -> bytes:
    """The profile's ``registrymodifications.xcu``."""
    items = (_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    return _REGISTRY.format(items="\n".join(items)).encode()


def fontconfig(folders: tuple[str, ...]) -> bytes:
    """The one font configuration of the cell: fonts of ``folders``, Japanese ones under the names documents use."""
    return _FONTS.format(
        folders="".join(f"<dir>{folder}</dir>" for folder in folders),
        aliases="".join(_ALIAS.format(name=name) for name in _JAPANESE),
    ).encode()


def build_mark(program: Path) -> bytes:
    """What the profile must say of the program's build, or it ends at once and wants to be started again."""
    found = _BUILD.search((program / "versionrc").read_text(encoding="utf-8", errors="replace"))
    return found[1].encode() if found else b""
