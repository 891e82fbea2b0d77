"""What granian serves in each zone; DJANGO_SETTINGS_MODULE says which zone this process is."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from yakuba.base.warming import warm_up
from yakuba.gateway.start import refuse_unsafe

if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".everything"):
    raise ImproperlyConfigured("all rooms in one process is for unit tests; serve one zone's settings")

application = get_wsgi_application()
refuse_unsafe()
warm_up()
