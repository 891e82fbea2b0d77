"""URLs of the room ``office``; every one declares its audience."""

from django.urls import path

from yakuba.office import views
from yakuba.office.authoring import views_draft, views_list, views_trial

app_name = "office"
_DRAFT = "procedures/<str:town>/drafts/<uuid:draft_id>"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("passed/<str:municipality>", views.passed, name="passed"),
    path("messages/<uuid:message>/retry", views.retry, name="retry"),
    path("procedures", views_list.towns, name="towns"),
    path("procedures/<str:town>", views_list.listing, name="procedures"),
    path("procedures/<str:town>/begin", views_list.begin, name="begin"),
    path("procedures/<str:town>/take-over", views_list.take_over, name="take-over"),
    path("procedures/<str:town>/published/<str:procedure>", views_list.published, name="published"),
    path("procedures/<str:town>/published/<str:procedure>/again", views_list.again, name="again"),
    path("procedures/<str:town>/published/<str:procedure>/export", views_list.export, name="export"),
    path(_DRAFT, views_draft.draft, name="draft"),
    path(f"{_DRAFT}/frame", views_draft.frame, name="draft-frame"),
    path(f"{_DRAFT}/pages", views_draft.form_page, name="draft-new-page"),
    path(f"{_DRAFT}/pages/<str:page_id>", views_draft.form_page, name="draft-page"),
    path(f"{_DRAFT}/pages/<str:page_id>/<str:field_id>", views_draft.field, name="draft-field"),
    path(
        f"{_DRAFT}/pages/<str:page_id>/<str:field_id>/<str:inner_id>", views_draft.field, name="draft-inner"
    ),
    path(f"{_DRAFT}/change", views_draft.change, name="draft-change"),
    path(f"{_DRAFT}/text", views_draft.text, name="draft-text"),
    path(f"{_DRAFT}/compare", views_draft.compare, name="draft-compare"),
    path(f"{_DRAFT}/propose", views_draft.propose, name="draft-propose"),
    path(f"{_DRAFT}/take-back", views_draft.take_back, name="draft-take-back"),
    path(f"{_DRAFT}/decide", views_draft.decide, name="draft-decide"),
    path(f"{_DRAFT}/discard", views_draft.discard, name="draft-discard"),
    path(f"{_DRAFT}/trial", views_trial.begin, name="trial-begin"),
    path(f"{_DRAFT}/trial/end", views_trial.end, name="trial-end"),
    path(f"{_DRAFT}/trial/<str:page_id>", views_trial.form, name="trial"),
]
