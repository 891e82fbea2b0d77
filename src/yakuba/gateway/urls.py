"""URLs of the room ``gateway``; every one declares its audience."""

from django.urls import URLPattern

app_name = "gateway"
urlpatterns: list[URLPattern] = []
