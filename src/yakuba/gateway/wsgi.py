"""The gateway server of a zone: ``DJANGO_SETTINGS_MODULE=yakuba.zones.settings.<zone>_gateway``, started by
:func:`yakuba.gateway.serve.server_command`."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
