from __future__ import annotations

from django.urls import include, path

from jalon.accounts.views import audit, entrance, frame, sets, settings, teams, users

_settings = [
    path("", settings.home, name="home"),
    path("account/", settings.account, name="account"),
    path("profile/", settings.profile, name="profile"),
    path("profile/password/", settings.password, name="password"),
    path("users/", users.index, name="users"),
    path("users/invite/", users.invite, name="invite"),
    path("users/<int:user_id>/", users.user, name="user"),
    path("users/<int:user_id>/leaving/", users.leaving, name="leaving"),
    path("users/<int:user_id>/activate/", users.activate, name="activate"),
    path("users/<int:user_id>/password/", users.renew_password, name="renew_password"),
    path("users/invitations/<int:invitation_id>/withdraw/", users.withdraw, name="withdraw"),
    path("users/invitations/<int:invitation_id>/again/", users.invite_again, name="invite_again"),
    path("teams/", teams.index, name="teams"),
    path("teams/new/", teams.create, name="team_create"),
    path("teams/<int:team_id>/", teams.change, name="team"),
    path("teams/<int:team_id>/delete/", teams.delete, name="team_delete"),
    path("permissions/", sets.index, name="sets"),
    path("permissions/new/", sets.create, name="set_create"),
    path("permissions/words/", sets.in_words, name="set_words"),
    path("permissions/<int:set_id>/", sets.change, name="set"),
    path("permissions/<int:set_id>/delete/", sets.delete, name="set_delete"),
    path("audit/", audit.index, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
]

urlpatterns = [
    path("setup/", entrance.setup, name="setup"),
    path("sign-in/", entrance.sign_in, name="account_login"),
    path("sign-out/", entrance.sign_out, name="account_logout"),
    path("invitation/<str:token>/", entrance.invitation, name="invitation"),
    path("appearance/", frame.appearance, name="appearance"),
    path("search/", frame.search, name="search"),
    path("search/similar/", frame.search_similar, name="search_similar"),
    path("search/recent/", frame.search_recent, name="search_recent"),
    path("jobs/running/", frame.jobs_running, name="jobs_running"),
    path("jobs/<int:job_id>/cancel/", frame.cancel_job, name="cancel_job"),
    path("settings/", include((_settings, "settings"))),
]
