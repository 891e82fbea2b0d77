"""URLs of the room ``casework``; every one declares its audience."""

from django.urls import URLPattern

app_name = "casework"
urlpatterns: list[URLPattern] = []
