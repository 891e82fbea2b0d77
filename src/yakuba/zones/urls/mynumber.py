"""What the mynumber zone serves."""

from django.urls import include, path

urlpatterns = [path("", include("yakuba.casework.urls"))]
