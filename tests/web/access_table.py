"""Who may call each route, as decided: one row a route and method, sorted by route.

A route without a row, or a row without its route, fails `test_access.py`. "token" is the API: its
calls check the token's scope and the role by themselves (tests/api).
"""

from __future__ import annotations

ACCESS: dict[tuple[str, str], str] = {
    ("GET", "/account"): "reviewer",
    ("POST", "/account"): "reviewer",
    ("POST", "/account/password"): "reviewer",
    ("POST", "/account/sessions/<int:session_id>/end"): "reviewer",
    ("POST", "/account/tokens"): "reviewer",
    ("POST", "/account/tokens/<public_id>/end"): "reviewer",
    ("GET", "/admin"): "admin",
    ("POST", "/admin"): "admin",
    ("GET", "/admin/events"): "admin",
    ("POST", "/admin/people/<public_id>/disable"): "admin",
    ("POST", "/admin/people/<public_id>/enable"): "admin",
    ("POST", "/admin/people/<public_id>/reset"): "admin",
    ("POST", "/admin/people/<public_id>/role"): "admin",
    ("GET", "/invite/<secret>"): "anyone",
    ("POST", "/invite/<secret>"): "anyone",
    ("GET", "/reset/<secret>"): "anyone",
    ("POST", "/reset/<secret>"): "anyone",
    ("GET", "/set-up/<secret>"): "anyone",
    ("POST", "/set-up/<secret>"): "anyone",
    ("GET", "/sign-in"): "anyone",
    ("POST", "/sign-in"): "anyone",
    ("POST", "/sign-out"): "anyone",
    ("GET", "/static/<path:filename>"): "anyone",
    ("GET", "/work"): "reviewer",
}
