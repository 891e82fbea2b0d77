"""Each zone's pages under a prefix: for unit tests that need a URL table of a room."""

from django.urls import include, path

urlpatterns = [
    path("portal/", include("yakuba.portal.urls")),
    path("office/", include("yakuba.office.urls")),
    path("casework/", include("yakuba.casework.urls")),
    path("gateway/", include("yakuba.gateway.urls")),
]
