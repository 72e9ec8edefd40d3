"""One template, two sizes: the whole page, or one block of it for htmx."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_htmx import HTMX
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response as BaseResponse

htmx = HTMX()


def show(template: str, *blocks: str, status: int = 200, **context: object) -> Response:
    """Render the page, or only the block that htmx targets if the page offers it in `blocks`.

    The element `status-card` is the block `status_card`. The client never chooses freely.
    """
    target = (htmx.target or "").replace("-", "_")
    wants_block = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    if wants_block and target in blocks:
        html = render_block(template, target, **context)
    else:
        html = render_template(template, **context)
    response = make_response(html, status)
    response.vary.update(["HX-Request", "HX-Target"])
    return response


def see(endpoint: str, **values: object) -> BaseResponse:
    """After an action: go to the page that shows what came of it, also from htmx."""
    address = url_for(endpoint, **values)  # type: ignore[arg-type]
    if htmx:
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


def wants_json() -> bool:
    """Whether the request came to the JSON API."""
    return request.path.startswith("/api/")
