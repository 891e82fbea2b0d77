"""What the internet zone serves."""

from django.urls import include, path

from yakuba.portal.api import api_urls

urlpatterns = [path("api/", api_urls()), path("", include("yakuba.portal.urls"))]
handler404 = "yakuba.portal.views.about.not_found"
handler500 = "yakuba.portal.views.about.broken"
