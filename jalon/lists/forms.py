"""The forms of a list: a new one, and what one is called and where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jalon.lists.actions import NAME_LENGTH
from jalon.lists.queries import FolderView

DEEPER = "\N{EM SPACE}"


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
        self.fields["folder"].choices = [("", gettext("No folder")), *folder_choices(folders)]  # type: ignore[attr-defined]

    def folder_id(self) -> int | None:
        text = str(self.cleaned_data.get("folder") or "")
        return int(text) if text else None


class NewForm(DescribeForm):
    """A new list: of which object, of which kind."""

    object_type = forms.ChoiceField(label=gettext_lazy("Object"))

    def __init__(self, *args: object, objects: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["object_type"].choices = list(objects)  # type: ignore[attr-defined]


def folder_choices(folders: Sequence[FolderView]) -> list[tuple[str, str]]:
    """The folders as a tree, each moved in as deep as it lies."""
    return [(str(folder.id), f"{DEEPER * depth}{folder.name}") for folder, depth in in_tree(folders)]


def in_tree(folders: Sequence[FolderView], parent: int | None = None, depth: int = 0) -> list[tuple[FolderView, int]]:
    """The folders with how deep each lies, inner ones after those that hold them."""
    found: list[tuple[FolderView, int]] = []
    for folder in folders:
        if folder.parent_id == parent:
            found += [(folder, depth), *in_tree(folders, folder.id, depth + 1)]
    return found
