"""URLs of the hand-over: pages for staff, and the door for outside systems."""

from django.urls import path

from yakuba.casework.handover import api, views

app_name = "handover"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("batches", views.make, name="make"),
    path("batches/<uuid:batch_id>", views.batch, name="batch"),
    path("batches/<uuid:batch_id>/files/<str:name>", views.download, name="download"),
    path("cases/<uuid:item_id>/again", views.again, name="again"),
    path("systems", views.systems, name="systems"),
    path("systems/<uuid:system_id>/token", views.token, name="token"),
    path("systems/<uuid:system_id>/close", views.close, name="close"),
    path("reconciliation", views.reconciliation, name="reconciliation"),
    path("api/openapi.json", api.description, name="description"),
    path("api/", api.declared_urls()),
]
