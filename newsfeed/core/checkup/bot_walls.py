"""Recognise the pages that keep programs out: a feed reader gets them in the place of a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.service_ports import HttpAnswer

_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-datadome", "", "DataDome"),
    ("x-sucuri-block", "", "Sucuri"),
)
"""(header, value or any, whose wall)."""
_MARKS = (
    (b"/cdn-cgi/challenge-platform/", "Cloudflare"),
    (b"just a moment...", "Cloudflare"),
    (b"/.within.website/x/cmd/anubis", "Anubis"),
    (b"making sure you&#39;re not a bot", "Anubis"),
    (b"/.well-known/sgcaptcha/", "SiteGround"),
    (b"_incapsula_resource", "Imperva"),
    (b"ddos-guard", "DDoS-Guard"),
    (b"captcha-delivery.com", "DataDome"),
    (b"aws-waf-token", "AWS WAF"),
    (b"friendlycaptcha", "Friendly Captcha"),
    (b"g-recaptcha", "reCAPTCHA"),
    (b"h-captcha", "hCaptcha"),
)
"""(in the page, in small letters; whose wall)."""
_LOOKED_AT = 50_000
"""Bytes at the start of a page that are looked at."""


def find_wall(answer: HttpAnswer) -> str:
    """Return whose wall an answer is; empty when it is none that is known."""
    for name, value, whose in _HEADERS:
        if name in answer.headers and value in answer.headers[name].lower():
            return whose
    if "html" not in answer.headers.get("content-type", "html").lower():
        return ""
    page = answer.body[:_LOOKED_AT].lower()
    return next((whose for mark, whose in _MARKS if mark in page), "")
