"""What the lgwan zone serves."""

from django.urls import include, path

urlpatterns = [path("", include("yakuba.office.urls"))]
