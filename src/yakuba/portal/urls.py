"""URLs of the room ``portal``; every one declares its audience."""

from django.urls import URLPattern

app_name = "portal"
urlpatterns: list[URLPattern] = []
