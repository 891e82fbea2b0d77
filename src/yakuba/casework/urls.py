"""URLs of the room ``casework``; every one declares its audience."""

from django.urls import include, path

from yakuba.casework.views import listing

app_name = "casework"
urlpatterns = [
    path("", listing.home, name="home"),
    path("cases", listing.listing, name="queue"),
    path("unreadable", listing.unreadable, name="unreadable"),
    path("unreadable/<uuid:message_id>/close", listing.unreadable_close, name="unreadable_close"),
    path("", include("yakuba.casework.staff.urls")),
]
