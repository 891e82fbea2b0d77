"""URLs of the notices' pages for staff."""

from django.urls import path

from yakuba.casework.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.listing, name="listing"),
    path("<uuid:notice_id>/file", views.download, name="download"),
    path("<uuid:notice_id>/on-paper", views.on_paper, name="on_paper"),
    path("<uuid:notice_id>/again", views.again, name="again"),
]
