"""URLs of the room ``portal``; every one declares its audience. No personal data in any: ids are random UUIDs."""

from django.urls import path, register_converter

from yakuba.portal.towns import TownConverter
from yakuba.portal.views import (
    about,
    assisting,
    drafts,
    find,
    form,
    mandates,
    mine,
    notices,
    papers,
    signin,
    signing,
    uploads,
)

register_converter(TownConverter, "town")

app_name = "portal"
urlpatterns = [
    path("", find.towns, name="towns"),
    path("language/", find.language, name="language"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("<town:town>/", find.home, name="home"),
    path("<town:town>/search/", find.search, name="search"),
    path("<town:town>/life/<slug:event>/", find.life_event, name="life-event"),
    path("<town:town>/procedures/<slug:procedure_id>/", find.procedure, name="procedure"),
    path("<town:town>/procedures/<slug:procedure_id>/start/", drafts.start, name="start"),
    path("<town:town>/procedures/<slug:procedure_id>/paper/", papers.blank, name="paper-blank"),
    path("<town:town>/paper/", papers.resume, name="resume"),
    path("<town:town>/drafts/<uuid:draft_id>/paper/", papers.filled, name="paper"),
    path("<town:town>/sign-in/", signin.sign_in, name="sign-in"),
    path("<town:town>/sign-out/", signin.sign_out, name="sign-out"),
    path("<town:town>/sign-out/everywhere/", signin.sign_out_everywhere, name="sign-out-everywhere"),
    path("<town:town>/stay/", drafts.keep_session, name="keep"),
    path("<town:town>/card/return/", signin.card_return, name="card-return"),
    path("<town:town>/card/<uuid:ticket_id>/", signin.card_done, name="card-done"),
    path("<town:town>/drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("<town:town>/drafts/<uuid:draft_id>/delete/", drafts.delete, name="draft-delete"),
    path("<town:town>/drafts/<uuid:draft_id>/prefill/", drafts.prefill, name="prefill"),
    path("<town:town>/drafts/<uuid:draft_id>/pages/<slug:page_id>/", form.form_page, name="draft-page"),
    path("<town:town>/drafts/<uuid:draft_id>/uploads/", uploads.begin, name="upload-begin"),
    path("<town:town>/uploads/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("<town:town>/drafts/<uuid:draft_id>/review/", signing.review, name="review"),
    path("<town:town>/drafts/<uuid:draft_id>/document/", signing.document, name="document"),
    path("<town:town>/drafts/<uuid:draft_id>/send/", signing.send, name="send"),
    path("<town:town>/mine/", mine.mine, name="mine"),
    path("<town:town>/mandates/", mandates.overview, name="mandates"),
    path("<town:town>/mandates/clients/", mandates.client_list, name="clients"),
    path("<town:town>/mandates/new/", mandates.make, name="mandate-make"),
    path("<town:town>/mandates/<uuid:mandate_id>/sign/", mandates.sign, name="mandate-sign"),
    path("<town:town>/mandates/<uuid:mandate_id>/answer/", mandates.answer, name="mandate-answer"),
    path("<town:town>/mandates/<uuid:mandate_id>/revoke/", mandates.revoke, name="mandate-revoke"),
    path("<town:town>/mandates/<uuid:mandate_id>/start/", mandates.begin, name="mandate-begin"),
    path("<town:town>/applications/<uuid:application_id>/", mine.application, name="application"),
    path("<town:town>/applications/<uuid:application_id>/received/", mine.received, name="received"),
    path("<town:town>/applications/<uuid:application_id>/withdraw/", mine.withdraw, name="withdraw"),
    path("<town:town>/applications/<uuid:application_id>/correct/", mine.correct, name="correct"),
    path("<town:town>/applications/<uuid:application_id>/again/", mine.again, name="again"),
    path("<town:town>/notices/<uuid:notice_id>/", notices.download, name="notice"),
    path("<town:town>/notices/<uuid:notice_id>/verify/", notices.verify_own, name="notice-verify"),
    path("<town:town>/verify/", notices.verify, name="verify"),
    path("<town:town>/assist/", assisting.assist, name="assist"),
]
