"""Send the browser's safety headers: everything from here, nothing inline, nothing framed."""

from __future__ import annotations

from flask import Flask, Response
from secure import Secure
from secure.headers import (
    ContentSecurityPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from webapp.settings import Settings


def install_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "data:")
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )
    transport = StrictTransportSecurity().max_age(31536000) if settings.is_secure else None
    headers = Secure(
        csp=policy,
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().camera().microphone().geolocation(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
        hsts=transport,
    )

    # They never change while we serve, and putting them together costs more than setting them.
    settled = dict(headers.headers)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(settled)
        # A page shows personal data; neither browser nor proxy may keep a copy.
        if response.mimetype in ("text/html", "application/json", "application/pdf"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
