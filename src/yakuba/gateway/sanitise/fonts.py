"""Fonts for documents that name Japanese fonts without carrying them (files of town offices often do)."""

import ctypes
import importlib.util
from pathlib import Path

import pypdfium2.raw as pdfium

_held: list[object] = []  # the library keeps pointers to these


def use_fonts(folder: Path | None) -> Path | None:
    """Have the PDF library look for fonts in ``folder`` only; returns it. Without one, missing glyphs stay empty."""
    if folder is None:
        return None
    name = ctypes.create_string_buffer(str(folder).encode())
    paths = (ctypes.POINTER(ctypes.c_char) * 2)(
        ctypes.cast(name, ctypes.POINTER(ctypes.c_char))
    )  # the second is null
    configuration = pdfium.FPDF_LIBRARY_CONFIG(
        version=2, m_pUserFontPaths=paths, m_pIsolate=None, m_v8EmbedderSlot=0
    )
    _held.extend((name, paths, configuration))
    pdfium.FPDF_DestroyLibrary()
    pdfium.FPDF_InitLibraryWithConfig(configuration)
    return folder


def font_folder() -> Path | None:
    """Where the Japanese font that comes with the town hall lies."""
    found = importlib.util.find_spec("noto_cjk_sans_jp_regular")
    return Path(found.origin).parent if found and found.origin else None
