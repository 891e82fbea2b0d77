"""The gateway server of the internet zone: the same zone and database, only the gateway's own few addresses."""

from yakuba.zones.settings.internet import *  # noqa: F403

ROOT_URLCONF = "yakuba.gateway.urls"
GATEWAY_SERVES = True
# its caller is one program: no cookies, forms or pages
MIDDLEWARE = ["yakuba.base.web.SecurityHeaders", "yakuba.base.web.DefaultDeny"]
