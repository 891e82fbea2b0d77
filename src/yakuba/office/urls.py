"""URLs of the room ``office``; every one declares its audience."""

from django.urls import URLPattern

app_name = "office"
urlpatterns: list[URLPattern] = []
