from __future__ import annotations

from django.urls import path

from jalon.reports.views import arrivals, building, downloads, homes, mails, results, sharing

app_name = "reports"

urlpatterns = [
    path("", homes.home, name="home"),
    path("new/", homes.start, name="start"),
    path("folders/new/", homes.folder_new, name="folder_new"),
    path("folders/<int:folder_id>/", homes.folder, name="folder"),
    path("folders/<int:folder_id>/delete/", homes.folder_delete, name="folder_delete"),
    path("new/contacts/begin/", homes.begin_contacts, name="begin_contacts"),
    path("new/contacts/", building.build, name="build"),
    path("new/contacts/create/", building.create, name="create"),
    path("preview/", building.preview, name="preview"),
    path("<int:report_id>/", results.report, name="report"),
    path("<int:report_id>/star/", homes.star, name="star"),
    path("<int:report_id>/move/", homes.move, name="move"),
    path("<int:report_id>/share/", sharing.share, name="share"),
    path("<int:report_id>/edit/", building.edit, name="edit"),
    path("<int:report_id>/change/", building.change, name="change"),
    path("<int:report_id>/refresh/", results.refresh, name="refresh"),
    path("<int:report_id>/compiling/", results.compiling, name="compiling"),
    path("<int:report_id>/gone/", results.gone, name="gone"),
    path("<int:report_id>/goal/", results.goal, name="goal"),
    path("<int:report_id>/color/", results.color, name="color"),
    path("<int:report_id>/title/", results.rename, name="rename"),
    path("<int:report_id>/mails/", mails.index, name="mails"),
    path("<int:report_id>/mails/new/", mails.new, name="mail_new"),
    path("<int:report_id>/mails/preview/", mails.preview, name="mail_preview"),
    path("<int:report_id>/mails/<int:schedule_id>/", mails.edit, name="mail_edit"),
    path("<int:report_id>/mails/<int:schedule_id>/pause/", mails.pause, name="mail_pause"),
    path("<int:report_id>/mails/<int:schedule_id>/resume/", mails.resume, name="mail_resume"),
    path("<int:report_id>/mails/<int:schedule_id>/send/", mails.send, name="mail_send"),
    path("<int:report_id>/mails/<int:schedule_id>/delete/", mails.delete, name="mail_delete"),
    path("<int:report_id>/duplicate/", results.duplicate, name="duplicate"),
    path("<int:report_id>/delete/", results.delete, name="delete"),
    path("<int:report_id>/export/", downloads.options, name="export"),
    path("<int:report_id>/export/file/", downloads.download, name="export_file"),
    path("<int:report_id>/export/mail/", downloads.mail, name="export_mail"),
    path("exports/<int:export_id>/", downloads.kept, name="kept_export"),
    path("<int:report_id>/table.csv", downloads.table_csv, name="table"),
    path("<int:report_id>/contacts.csv", downloads.contacts_csv, name="contacts"),
    path("<int:report_id>/chart.png", downloads.chart_png, name="png"),
    path("<int:report_id>/chart.svg", downloads.chart_svg, name="svg"),
    path("<int:report_id>/chart.pdf", downloads.chart_pdf, name="pdf"),
    path("<int:report_id>/definition.json", downloads.definition, name="definition"),
    path("new/files/", arrivals.bring, name="bring"),
]
