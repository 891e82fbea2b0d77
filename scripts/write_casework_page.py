"""Write docs/casework.md from the desk's tables."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.zones.settings.everything")
django.setup()

from yakuba.casework.workflow_page import workflow_page  # noqa: E402 - the applications come first

Path(__file__).resolve().parent.parent.joinpath("docs", "casework.md").write_text(workflow_page(), "utf-8")
