"""URLs of the room ``office``; every one declares its audience."""

from django.urls import path

from yakuba.office import views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("passed/<str:municipality>", views.passed, name="passed"),
    path("messages/<uuid:message>/retry", views.retry, name="retry"),
]
