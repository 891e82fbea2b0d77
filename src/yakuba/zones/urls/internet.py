"""What the internet zone serves."""

from django.urls import include, path

urlpatterns = [path("", include("yakuba.portal.urls"))]
