"""Every address of the product with something filled in for its parameters, and what it answers to whom.

A new address fails tests/accounts/test_every_address.py until it stands in ANSWERS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

PUBLIC = frozenset(
    {
        "account_login",
        "account_logout",
        "appearance",
        "forgotten",
        "health",
        "invitation",
        "passkey_begin",
        "passkey_finish",
        "password_rules",
        "second_factor",
        "setup",
        "sign_on",
        "sign_on_back",
    }
)


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its name with its namespaces, and its route with the parameters still open."""

    name: str
    route: str
    parameters: Mapping[str, bool]  # by name, whether it is a number
    view: Any

    @property
    def permission(self) -> str | None:
        return getattr(self.view, "permission", None)

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "public", False)

    @property
    def is_for_programs(self) -> bool:
        return getattr(self.view, "takes_tokens", False)

    def path(self, values: Mapping[str, object]) -> str:
        """The address with the values that are known by name, and with 1 or "x" for the others."""
        path = self.route
        for name, is_number in self.parameters.items():
            found = str(values.get(name, "1" if is_number else "x"))
            for kind in ("int", "str", "slug"):
                path = path.replace(f"<{kind}:{name}>", found)
            path = path.replace(f"<{name}>", found)
        return path

    def __str__(self) -> str:
        return self.name


def walk() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "/", "", {}))


def _walk(patterns: list[Any], route: str, space: str, parameters: Mapping[str, bool]) -> Iterator[Address]:
    for entry in patterns:
        known = {**parameters, **{name: isinstance(kind, IntConverter) for name, kind in entry.pattern.converters.items()}}
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, here, inside, known)
        elif isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name}", here, known, entry.callback)


# What a GET and a POST without fields are answered, to three people who are signed in: Rita, who sees everything and edits
# nothing; Charlie, who sees and edits only his own records; Olga, who sees and edits those of a team. Whatever record, user,
# import, report or job an address names belongs to Bob, who is in none of their teams. Nobody and a deactivated user are led to
# sign-in by all of them; a program is refused, with an expired token and with a good one: these are pages for people.
#
# 403 says that it is not allowed, 404 that there is nothing (for them), 405 that the address does not take the verb.
Answers = tuple[str, str]
FORBIDDEN: Answers = ("403 403 403", "403 403 403")
READ: Answers = ("200 200 200", "405 405 405")
LIST_READ: Answers = ("200 403 403", "405 403 403")  # Rita alone may see lists
READ_IN_SIGHT: Answers = ("200 404 404", "405 405 405")
CHANGE_IN_REACH: Answers = ("403 404 404", "403 404 404")
POST_IN_REACH: Answers = ("403 405 405", "403 404 404")

ANSWERS: Mapping[str, Answers] = {
    "health_page": FORBIDDEN,
    "back_up": FORBIDDEN,
    "home": READ,
    "imports:start": ("403 403 200", "403 403 400"),
    "imports:piece": ("403 403 405", "403 403 200"),
    "imports:history": ("403 403 200", "403 403 405"),
    "imports:keeping": FORBIDDEN,
    "imports:forget_template": FORBIDDEN,
    "imports:show": ("403 403 404", "403 403 405"),
    "imports:columns": ("403 403 404", "403 403 404"),
    "imports:choose": ("403 403 405", "403 403 404"),
    "imports:original": ("403 403 404", "403 403 405"),
    "imports:rows": ("403 403 404", "403 403 405"),
    "imports:begin": ("403 403 405", "403 403 404"),
    "imports:cancel": ("403 403 405", "403 403 404"),
    "imports:undo": ("403 403 404", "403 403 404"),
    "imports:kept": ("403 403 404", "403 403 405"),
    "imports:kept_file": ("403 403 404", "403 403 405"),
    "imports:refused": ("403 403 404", "403 403 405"),
    "imports:refused_of": ("403 403 404", "403 403 405"),
    "imports:created": ("403 403 404", "403 403 405"),
    "imports:updated": ("403 403 404", "403 403 405"),
    **dict.fromkeys(("lifecycle:stages", "lifecycle:order", "lifecycle:show", "lifecycle:default"), FORBIDDEN),
    **dict.fromkeys(("lifecycle:new", "lifecycle:preset", "lifecycle:stage", "lifecycle:delete"), FORBIDDEN),
    "lists:index": LIST_READ,
    "lists:deleted": LIST_READ,
    "lists:folder_new": FORBIDDEN,
    "lists:folder": FORBIDDEN,
    "lists:folder_delete": FORBIDDEN,
    "lists:new": FORBIDDEN,
    "lists:new_criteria": FORBIDDEN,
    "lists:candidates": LIST_READ,
    "lists:test": ("405 403 403", "200 403 403"),
    "lists:bulk": FORBIDDEN,
    "lists:panel": LIST_READ,
    "lists:choose": FORBIDDEN,
    "lists:join": FORBIDDEN,
    "lists:leave": FORBIDDEN,
    "lists:list": LIST_READ,
    "lists:standing": ("204 403 403", "405 403 403"),
    "lists:columns": LIST_READ,
    "lists:choose_columns": ("405 403 403", "302 403 403"),
    "lists:export": ("403 403 404", "403 403 405"),
    "lists:growth": LIST_READ,
    "lists:history": LIST_READ,
    "lists:settings": LIST_READ,
    "lists:edit": FORBIDDEN,
    "lists:rename": FORBIDDEN,
    "lists:describe": FORBIDDEN,
    "lists:move": FORBIDDEN,
    "lists:clone": FORBIDDEN,
    "lists:conversion": FORBIDDEN,
    "lists:cancel_conversion": FORBIDDEN,
    "lists:ask_delete": FORBIDDEN,
    "lists:delete": FORBIDDEN,
    "lists:restore": FORBIDDEN,
    "lists:hand": FORBIDDEN,
    "lists:put_in": FORBIDDEN,
    "lists:take_out": FORBIDDEN,
    "notices": READ,
    "notices_panel": READ,
    "notices_read": ("405 405 405", "302 302 302"),
    "notice_open": ("405 405 405", "302 302 302"),
    "search": READ,
    "search_similar": READ,
    "search_recent": READ,
    "jobs_running": READ,
    "cancel_job": ("405 405 405", "403 403 403"),
    "settings:home": ("302 302 302", "405 405 405"),
    "settings:account": FORBIDDEN,
    "settings:profile": ("200 200 200", "422 422 422"),
    "settings:password": ("405 405 405", "422 422 422"),
    "settings:notices": ("200 200 200", "422 422 422"),
    "settings:confirm": ("200 200 200", "422 422 422"),
    "settings:safety": READ,
    "settings:app": ("302 302 302", "302 302 302"),
    "settings:remove_app": ("405 405 405", "302 302 302"),
    "settings:recovery": ("405 405 405", "302 302 302"),
    "settings:passkey_begin": ("405 405 405", "302 302 302"),
    "settings:passkey_finish": ("405 405 405", "302 302 302"),
    "settings:remove_passkey": ("405 405 405", "302 302 302"),
    "settings:end_other_sessions": ("405 405 405", "302 302 302"),
    "settings:end_session": ("405 405 405", "302 302 302"),
    "settings:second_factor_needed": ("302 302 302", "302 302 302"),
    "settings:sign_in": FORBIDDEN,
    "settings:forget_sign_on": FORBIDDEN,
    "settings:require_second_factor": FORBIDDEN,
    "settings:tokens": FORBIDDEN,
    "settings:token_new": FORBIDDEN,
    "settings:token_revoke": FORBIDDEN,
    "settings:reset_second_factor": FORBIDDEN,
    "settings:outbox": FORBIDDEN,
    "settings:mail": FORBIDDEN,
    "settings:mail_as_sent": FORBIDDEN,
    "settings:mail_part": FORBIDDEN,
    "settings:mail_again": FORBIDDEN,
    "settings:currencies": FORBIDDEN,
    "settings:remove_rate": FORBIDDEN,
    "settings:users": FORBIDDEN,
    "settings:invite": FORBIDDEN,
    "settings:user": FORBIDDEN,
    "settings:leaving": FORBIDDEN,
    "settings:activate": FORBIDDEN,
    "settings:renew_password": FORBIDDEN,
    "settings:withdraw": FORBIDDEN,
    "settings:invite_again": FORBIDDEN,
    "settings:teams": FORBIDDEN,
    "settings:team_create": FORBIDDEN,
    "settings:team": FORBIDDEN,
    "settings:team_delete": FORBIDDEN,
    "settings:sets": FORBIDDEN,
    "settings:set_create": FORBIDDEN,
    "settings:set_words": FORBIDDEN,
    "settings:set": FORBIDDEN,
    "settings:set_delete": FORBIDDEN,
    "settings:audit": FORBIDDEN,
    "settings:audit_export": FORBIDDEN,
    "pinned": READ,
    "pin": ("405 405 405", "302 302 302"),
    "reports:home": READ,
    "reports:lifecycle": READ,
    "reports:journeys": READ,
    "reports:journeys_file": ("403 403 404", "403 403 405"),
    **dict.fromkeys(("reports:lifecycle_flow", "reports:lifecycle_trend", "reports:lifecycle_time", "reports:lifecycle_stuck"), READ),
    "reports:lifecycle_journal": READ,
    "reports:lifecycle_movements": ("403 403 404", "403 403 405"),
    "reports:lifecycle_columns": ("200 200 200", "302 302 302"),
    "reports:lifecycle_picture": ("404 404 404", "405 405 405"),
    "reports:lifecycle_drawing": ("404 404 404", "405 405 405"),
    "reports:lifecycle_beside": ("403 403 404", "403 403 405"),
    "reports:lifecycle_save": FORBIDDEN,
    "reports:lifecycle_change": ("405 405 405", "403 403 403"),
    "reports:lifecycle_figures": ("403 403 200", "403 403 405"),
    "reports:saved_figures": ("403 403 404", "403 403 405"),
    "reports:saved_table": ("403 403 404", "403 403 405"),
    "reports:lifecycle_definition": READ,
    "reports:lifecycle_table": ("403 403 404", "403 403 405"),
    "reports:start": FORBIDDEN,
    "reports:begin_contacts": FORBIDDEN,
    "reports:folder_new": FORBIDDEN,
    "reports:folder": FORBIDDEN,
    "reports:folder_delete": FORBIDDEN,
    "reports:star": ("405 405 405", "302 302 302"),
    "reports:move": ("403 403 403", "403 403 403"),
    "reports:share": ("200 200 200", "403 403 403"),
    "reports:build": FORBIDDEN,
    "reports:create": FORBIDDEN,
    "reports:preview": READ,
    "reports:report": READ,
    "reports:edit": ("403 403 403", "405 405 405"),
    "reports:change": ("405 405 405", "403 403 403"),
    "reports:refresh": ("405 405 405", "302 302 302"),
    "reports:compiling": READ,
    "reports:gone": READ,
    "reports:goal": ("405 405 405", "403 403 403"),
    "reports:color": ("405 405 405", "403 403 403"),
    "reports:rename": ("405 405 405", "403 403 403"),
    "reports:duplicate": FORBIDDEN,
    "reports:delete": ("405 405 405", "403 403 403"),
    "reports:mails": ("403 403 403", "405 405 405"),
    "reports:mail_new": ("403 403 403", "403 403 403"),
    "reports:mail_edit": ("403 403 403", "403 403 403"),
    "reports:mail_preview": ("405 405 405", "403 403 403"),
    "reports:mail_pause": ("405 405 405", "403 403 403"),
    "reports:mail_resume": ("405 405 405", "403 403 403"),
    "reports:mail_send": ("405 405 405", "403 403 403"),
    "reports:mail_delete": ("405 405 405", "403 403 403"),
    "reports:table": ("403 403 200", "403 403 405"),
    "reports:contacts": ("403 403 200", "403 403 405"),
    "reports:export": ("403 403 200", "403 403 405"),
    "reports:export_file": ("403 403 405", "403 403 200"),
    "reports:export_mail": ("403 403 405", "403 403 302"),
    "reports:kept_export": ("403 403 404", "403 403 405"),
    "reports:png": READ,
    "reports:svg": READ,
    "reports:pdf": READ,
    "reports:definition": READ,
    "reports:bring": FORBIDDEN,
    "criteria:editor": READ,
    "criteria:filter": ("405 405 405", "404 404 404"),
    "criteria:asked": ("405 405 405", "404 404 404"),
    "criteria:picked": READ,
    "criteria:check": ("405 405 405", "200 200 200"),
    "criteria:apply": ("405 405 405", "204 204 204"),
    "records:duplicates_first": FORBIDDEN,
    "records:archived_first": ("403 403 302", "403 403 405"),
    "records:properties_first": FORBIDDEN,
    "records:properties": FORBIDDEN,
    "records:property_create": FORBIDDEN,
    "records:formula_check": FORBIDDEN,
    "records:property_restore": FORBIDDEN,
    "records:property": FORBIDDEN,
    "records:property_ask_archive": FORBIDDEN,
    "records:property_archive": FORBIDDEN,
    "scores:create": FORBIDDEN,
    "scores:rule": FORBIDDEN,
    "scores:preview": FORBIDDEN,
    "scores:score": FORBIDDEN,
    "scores:state": FORBIDDEN,
    "scores:stop": FORBIDDEN,
    "scores:explain": ("404 404 404", "405 405 405"),  # "x" is no score
    "records:my_tasks": READ,
    "records:task_complete": POST_IN_REACH,
    "records:task_assign": POST_IN_REACH,
    "records:objects": FORBIDDEN,
    "records:object_create": FORBIDDEN,
    "records:object": FORBIDDEN,
    "records:object_ask_archive": FORBIDDEN,
    "records:object_archive": FORBIDDEN,
    "records:object_restore": FORBIDDEN,
    "records:link_types": FORBIDDEN,
    "records:link_type_create": FORBIDDEN,
    "records:link_type": FORBIDDEN,
    "records:link_type_delete": FORBIDDEN,
    "records:pipelines_first": FORBIDDEN,
    "records:pipelines": FORBIDDEN,
    "records:pipeline_create": FORBIDDEN,
    "records:pipeline_order": FORBIDDEN,
    "records:pipeline": FORBIDDEN,
    "records:pipeline_archive": FORBIDDEN,
    "records:stage_archive": FORBIDDEN,
    "records:index": READ,
    "records:board_cards": ("404 404 404", "405 405 405"),
    "records:views": READ,
    "records:view_create": ("200 200 200", "422 422 422"),
    "records:view_arrange": ("405 405 405", "204 204 204"),
    "records:view_describe": ("404 404 404", "404 404 404"),
    "records:view_save": ("405 405 405", "302 302 302"),
    "records:view_duplicate": ("405 405 405", "302 302 302"),
    "records:view_delete": ("405 405 405", "302 302 302"),
    "records:view_restore": ("405 405 405", "302 302 302"),
    "records:view_pin": ("405 405 405", "302 302 302"),
    "records:view_unpin": ("405 405 405", "302 302 302"),
    "records:view_first": ("405 405 405", "302 302 302"),
    "records:view_width": ("405 405 405", "204 204 204"),
    "records:bulk_edits": READ,
    "records:bulk_edit_property": FORBIDDEN,
    "records:bulk_assign": FORBIDDEN,
    "records:bulk_link": FORBIDDEN,
    "records:bulk_archive": FORBIDDEN,
    "records:bulk_preview": ("405 405 405", "404 404 404"),
    "records:bulk_edit": ("404 404 404", "405 405 405"),
    "records:bulk_undo": ("405 405 405", "404 404 404"),
    "records:merge": FORBIDDEN,
    "records:merge_undo": FORBIDDEN,
    "records:duplicates": FORBIDDEN,
    "records:duplicates_look": FORBIDDEN,
    "records:duplicates_deny": FORBIDDEN,
    "records:archived": ("403 403 200", "403 403 405"),
    "records:archived_restore": ("403 403 405", "403 403 404"),
    "records:erase": FORBIDDEN,
    "records:erasures": FORBIDDEN,
    "records:erasure": FORBIDDEN,
    "records:merges": READ_IN_SIGHT,
    "records:portrait": ("403 403 404", "403 403 405"),
    "records:columns": READ,
    "records:choose_columns": ("405 405 405", "302 302 302"),
    "records:export": ("403 403 200", "403 403 405"),
    "records:create": ("403 200 200", "403 422 422"),
    "records:record": READ_IN_SIGHT,
    "records:move": POST_IN_REACH,
    "records:composer": READ_IN_SIGHT,
    "records:activity_create": CHANGE_IN_REACH,
    "records:activity": ("404 404 404", "405 405 405"),
    "records:activity_edit": CHANGE_IN_REACH,
    "records:activity_complete": POST_IN_REACH,
    "records:activity_pin": POST_IN_REACH,
    "records:activity_delete": ("403 403 405", "403 403 404"),
    "records:activity_back": ("403 403 405", "403 403 404"),
    "records:preview": READ_IN_SIGHT,
    "records:edit": CHANGE_IN_REACH,
    "records:one_property": CHANGE_IN_REACH,
    "records:history": READ_IN_SIGHT,
    "records:ask_archive": ("403 403 404", "403 403 405"),
    "records:archive": ("403 403 405", "403 403 404"),
    "records:restore": ("403 403 405", "403 403 404"),
    "records:link_panel": READ_IN_SIGHT,
    "records:link_search": ("403 404 404", "403 405 405"),
    "records:link_add": POST_IN_REACH,
    "records:link_remove": POST_IN_REACH,
    "records:link_primary": POST_IN_REACH,
    "records:link_relabel": POST_IN_REACH,
}
