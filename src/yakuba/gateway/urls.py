"""What the gateway server answers; every view is for the one neighbour that mTLS lets in."""

from django.urls import path

from yakuba.gateway import views

app_name = "gateway"
urlpatterns = [
    path("gateway/1/pull", views.pull, name="pull"),
    path("gateway/1/push", views.push, name="push"),
    path("gateway/1/blobs/<str:municipality>/<uuid:message>/<str:sha256>", views.blob, name="blob"),
]
