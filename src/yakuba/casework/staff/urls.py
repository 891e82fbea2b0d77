"""URLs of signing in and of accounts."""

from django.urls import path

from yakuba.casework.staff import administration, enrolment, proving, seat_views, views

app_name = "staff"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-in/passkey/options", views.passkey_options, name="sign_in_options"),
    path("sign-in/passkey", views.passkey_sign_in, name="sign_in_passkey"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("enrol", enrolment.enrol, name="enrol"),
    path("enrol/qr.svg", enrolment.qr, name="qr"),
    path("account", enrolment.account, name="account"),
    path("account/prove", proving.prove, name="prove"),
    path("account/password", enrolment.password, name="password"),
    path("account/sessions/end", enrolment.other_sessions, name="end_sessions"),
    path("account/recovery-codes", enrolment.recovery_codes, name="recovery_codes"),
    path("account/passkeys/options", enrolment.passkey_options, name="passkey_options"),
    path("account/passkeys", enrolment.passkey_add, name="passkey_add"),
    path("account/passkeys/<int:pk>/remove", enrolment.passkey_remove, name="passkey_remove"),
    path("staff", administration.people, name="people"),
    path("staff/seats", seat_views.seats, name="seats"),
    path("staff/seats/<uuid:seat_id>/approve", seat_views.approve, name="seat_approve"),
    path("staff/seats/<uuid:seat_id>/end", seat_views.end, name="seat_end"),
    path("staff/<uuid:staff_id>", administration.person, name="person"),
    path("staff/<uuid:staff_id>/reset", administration.reset, name="reset"),
]
