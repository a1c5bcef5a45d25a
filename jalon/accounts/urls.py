from __future__ import annotations

from django.urls import include, path

from jalon.accounts.views import entrance, frame, settings, users

_settings = [
    path("", settings.home, name="home"),
    path("account/", settings.account, name="account"),
    path("profile/", settings.profile, name="profile"),
    path("profile/password/", settings.password, name="password"),
    path("users/", users.index, name="users"),
    path("users/invite/", users.invite, name="invite"),
    path("users/<int:user_id>/", users.user, name="user"),
    path("users/<int:user_id>/active/", users.activate, name="activate"),
    path("users/<int:user_id>/password/", users.renew_password, name="renew_password"),
    path("users/invitations/<int:invitation_id>/withdraw/", users.withdraw, name="withdraw"),
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
