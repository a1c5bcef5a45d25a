"""The forms of a list: a new one, and what one is called and where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jalon.folders.queries import FolderView, choices
from jalon.lists.actions import NAME_LENGTH


class DescribeForm(forms.Form):
    """What a list is called, what it is for, and its folder."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH, strip=True)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What the list is for, so that colleagues can tell."),
    )
    folder = forms.ChoiceField(label=gettext_lazy("Folder"), required=False)

    def __init__(self, *args: object, folders: Sequence[FolderView] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["folder"].choices = [("", gettext("No folder")), *choices(folders)]  # type: ignore[attr-defined]

    def folder_id(self) -> int | None:
        text = str(self.cleaned_data.get("folder") or "")
        return int(text) if text else None


class NewForm(DescribeForm):
    """A new list: of which object, of which kind."""

    object_type = forms.ChoiceField(label=gettext_lazy("Object"))

    def __init__(self, *args: object, objects: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["object_type"].choices = list(objects)  # type: ignore[attr-defined]
