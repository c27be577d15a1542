"""How a view answers: a whole page, or only the part that htmx asked for.

A block is named after the id of the element it fills, with `_` for `-`: `<tbody id="customer-rows">` holds
`{% block customer_rows %}`. When htmx (4.x) asks for that element, only this block is rendered.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.backends.jinja2 import Template
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from jinja2 import Template as JinjaTemplate
from jinja2.runtime import Context

from regulars.web.frame import context as frame_context
from regulars.web.frame import toasts_of

_LEVELS = {
    "info": messages.INFO,
    "done": messages.SUCCESS,
    "warning": messages.WARNING,
    "problem": messages.ERROR,
}


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    title: str | None = None,
    oob: Iterable[str] = (),
) -> HttpResponse:
    """The whole page, or the block that htmx wants to swap.

    title: what the browser's tab says, unless the template has its own `title` block.
    oob: names of further blocks that travel with a part, each into the element of that id.
    """
    found = get_template(template)
    if not isinstance(found, Template):
        raise TypeError(f"{template} is not a Jinja2 template.")
    is_part = asked_for_part(request)
    values = _values(request, {**(context or {}), "title": title or "", "is_part": is_part})
    part = _part(found.template, values, target_id(request), oob) if is_part else None
    if part is None:
        response = HttpResponse(found.template.render(values), status=status)
    else:
        response = HttpResponse(part, status=status)
        _carry_news(request, response)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def asked_for_part(request: HttpRequest) -> bool:
    """Whether htmx wants to swap a part of the page (not the whole body, not a step back in history)."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") != "full"
        and "HX-History-Restore-Request" not in request.headers
    )


def target_id(request: HttpRequest) -> str:
    """The id of the element htmx will fill, "" when there is none (header `HX-Target: tbody#rows`)."""
    return unquote(request.headers.get("HX-Target", "").partition("#")[2])


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Go to another page; htmx is told by header, since it would follow a 302 and swap what it finds there."""
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def nothing(request: HttpRequest) -> HttpResponse:
    """An answer that changes nothing on the page but still brings toasts and news."""
    response = HttpResponse(status=204)
    _carry_news(request, response)
    return response


def toast(request: HttpRequest, text: str, *, kind: str = "done", undo_url: str | None = None) -> None:
    """Say something in the corner of the next answer, be it a part, a page or the page after a redirect.

    kind: done, info, warning or problem (a problem stays until it is closed).
    undo_url: where the *Undo* button posts to; that view answers with redirect() or a part.
    """
    messages.add_message(request, _LEVELS[kind], text, extra_tags=json.dumps({"kind": kind, "undo": undo_url}))


def tell(request: HttpRequest, event: str) -> None:
    """Dispatch a browser event on the page after this answer's swap: "jobs" makes the job ring look again."""
    news: list[str] = request.__dict__.setdefault("_news", [])
    news.append(event)


def _carry_news(request: HttpRequest, response: HttpResponse) -> None:
    """Put waiting toasts and events in the header that htmx turns into browser events."""
    events: dict[str, Any] = {name: {} for name in request.__dict__.pop("_news", [])}
    if toasts := toasts_of(request):
        events["toast"] = {"toasts": toasts}
    if events:
        response["HX-Trigger"] = json.dumps(events)


def _values(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What every template may use, the view's own values last."""
    given = {
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
    }
    return {**given, **frame_context(request), **context}


def _part(template: JinjaTemplate, values: dict[str, Any], target: str, oob: Iterable[str]) -> str | None:
    """The block that fills the target, with the others wrapped in <hx-partial> (safe beside table rows, where
    a <div> is not); None when the template has no such block.
    """
    context = template.new_context(values)
    # Running the template up to its first output performs its top-level imports and joins its parents' blocks.
    next(iter(template.root_render_func(context)), None)
    block = target.replace("-", "_")
    if block not in context.blocks:
        return None
    return _block(context, block) + "".join(
        f'<hx-partial hx-target="#{name.replace("_", "-")}">{_block(context, name)}</hx-partial>' for name in oob
    )


def _block(context: Context, name: str) -> str:
    return "".join(context.blocks[name][0](context))
