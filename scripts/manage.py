"""Django's own commands for developers: DJANGO_SETTINGS_MODULE picks the zone (default: all rooms)."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.zones.settings.everything")
execute_from_command_line(sys.argv)
