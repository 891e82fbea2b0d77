"""What the internet zone serves."""

from django.urls import include, path

urlpatterns = [path("", include("yakuba.portal.urls"))]
handler404 = "yakuba.portal.views.about.not_found"
handler500 = "yakuba.portal.views.about.broken"
