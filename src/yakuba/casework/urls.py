"""URLs of the room ``casework``; every one declares its audience."""

from django.urls import include, path

from yakuba.casework.views import (
    actions,
    case,
    counter,
    counter_agent,
    counter_card,
    files,
    listing,
    municipal,
    person,
    procedure_setting,
    trail,
)

app_name = "casework"
_case = [
    path("", case.case_page, name="case"),
    path("changed", actions.changed, name="changed"),
    path("files/<int:position>", files.attachment, name="attachment"),
    path("files/<int:position>/<int:number>", files.member, name="member"),
    path("identify", actions.identify, name="identify"),
    path("doubt", actions.doubt, name="doubt"),
    path("verify", actions.verify, name="verify"),
    path("take", actions.take, name="take"),
    path("assign", actions.assign, name="assign"),
    path("note", actions.note, name="note"),
    path("correction", actions.correction, name="correction"),
    path("correction/stop", actions.stop_waiting, name="stop_waiting"),
    path("steps/<slug:kind>", actions.step, name="step"),
    path("propose", actions.propose, name="propose"),
    path("decide", actions.decide, name="decide"),
    path("send-back", actions.send_back, name="send_back"),
    path("take-back", actions.take_back, name="take_back"),
]
_visit = [
    path("", counter.visit_page, name="counter_visit"),
    path("choose", counter.choose, name="counter_choose"),
    path("choose/<slug:procedure_id>", counter.begin, name="counter_begin"),
    path("pages/<slug:page_id>", counter.form_page, name="counter_page"),
    path("resident", counter_card.resident_page, name="counter_resident"),
    path("slip", counter.slip, name="counter_slip"),
    path("again", counter.again, name="counter_again"),
    path("take-over", counter.take_over, name="counter_take_over"),
    path("discard", counter.discard, name="counter_discard"),
]
urlpatterns = [
    path("", listing.home, name="home"),
    path("cases", listing.listing, name="queue"),
    path("cases/<uuid:case_id>/", include(_case)),
    path("unreadable", listing.unreadable, name="unreadable"),
    path("unreadable/<uuid:message_id>/close", listing.unreadable_close, name="unreadable_close"),
    path("counter", counter.home, name="counter"),
    path("counter/document", counter.by_document, name="counter_document"),
    path("counter/card/<str:municipality>/return", counter_agent.card_return, name="counter_return"),
    path("counter/card/<uuid:reading_id>", counter_card.card_done, name="counter_card_done"),
    path("counter/<uuid:visit_id>/", include(_visit)),
    path("people", person.search, name="people"),
    path("people/<slug:atena_number>", person.person, name="person"),
    path("settings", municipal.settings_page, name="settings"),
    path("settings/procedures/<slug:procedure_id>", procedure_setting.procedure_page, name="setting"),
    path("settings/disasters/<uuid:disaster_id>", municipal.disaster_end, name="disaster_end"),
    path("audit", trail.audit, name="audit"),
    path("", include("yakuba.casework.staff.urls")),
    path("notices/", include("yakuba.casework.notices.urls")),
    path("survey/", include("yakuba.casework.survey.urls")),
    path("handover/", include("yakuba.casework.handover.urls")),
]
