"""URLs of the surveys."""

from django.urls import path

from yakuba.casework.survey import field_views, house_views, views

app_name = "survey"
urlpatterns = [
    path("", views.disasters, name="disasters"),
    path("disasters/<uuid:disaster_id>", views.progress_page, name="progress"),
    path("disasters/<uuid:disaster_id>/gather", views.gather, name="gather"),
    path("disasters/<uuid:disaster_id>/teams", views.team_add, name="team_add"),
    path("disasters/<uuid:disaster_id>/plan", views.plan, name="plan"),
    path("teams/<uuid:team_id>", views.day_list, name="day_list"),
    path("houses/<uuid:house_id>", house_views.house, name="house"),
    path("houses/<uuid:house_id>/again", house_views.again, name="again"),
    path("visits/<uuid:survey_visit_id>", house_views.result, name="result"),
    path("results/<uuid:result_id>/judge", house_views.judge, name="judge"),
    path("checkouts/<uuid:checkout_id>/end", field_views.end, name="checkout_end"),
    path("field/", field_views.page, name="field"),
    path("field/worker.js", field_views.worker, name="field_worker"),
    path("field/ready", field_views.ready, name="field_ready"),
    path("field/checkout", field_views.checkout, name="field_checkout"),
    path("field/upload", field_views.upload, name="field_upload"),
]
