"""Settings of imports: for how long files are kept, the saved mappings; and a kept file as a download."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jalon.accounts.access import access_of_request, needs
from jalon.imports import queries
from jalon.imports.keeping import actions
from jalon.imports.keeping.forms import KeepingForm
from jalon.imports.models import File
from jalon.imports.saved import actions as saved
from jalon.imports.saved import queries as templates
from jalon.web.pages import render


@needs("account_settings")
@require_http_methods(["GET", "POST"])
def keeping(request: HttpRequest) -> HttpResponse:
    form = KeepingForm(request.POST or None, initial={"days": actions.days()})
    if form.is_valid():
        actions.choose(form.cleaned_data["days"], actor=access_of_request(request).actor)
        messages.success(request, gettext("The settings of imports are saved."))
        return redirect("imports:keeping")
    return render(request, "imports/keeping.html", {"form": form, "templates": templates.every()}, status=400 if form.errors else 200)


@needs("account_settings")
@require_POST
def forget(request: HttpRequest, template_id: int) -> HttpResponse:
    """Delete a saved mapping."""
    saved.forget(template_id)
    return redirect("imports:keeping")


@needs("import")
@require_GET
def original(request: HttpRequest, import_id: int, place: int) -> FileResponse:
    """The file as it was uploaded, while it is kept."""
    found = queries.one(access_of_request(request), import_id)
    file = found.file(place) if found else None
    path = File.objects.get(pk=file.id).original if file else None
    if file is None or path is None or not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=file.file_name, content_type="application/octet-stream")
