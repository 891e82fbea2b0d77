"""The gateway server of a zone: ``DJANGO_SETTINGS_MODULE=yakuba.zones.settings.<zone>_gateway``, started by
:func:`yakuba.gateway.serve.server_command`."""

from django.core.wsgi import get_wsgi_application

from yakuba.gateway.start import refuse_unsafe

application = get_wsgi_application()
refuse_unsafe()
