"""``python -m yakuba.gateway <zone>``: the zone's relay, until SIGTERM. ``DJANGO_SETTINGS_MODULE`` names the zone's settings."""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()  # the relay's modules have models: they can be imported only now
    import_module("yakuba.gateway.relay").run(sys.argv[1])
