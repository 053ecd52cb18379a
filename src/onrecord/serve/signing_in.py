"""This file signs people in and out, and lets no form pass that did not come from our own page."""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from onrecord.errors import BadInput
from onrecord.serve.answering import answer, desk_of, form_of
from onrecord.serve.passwords import hash_password, is_password
from onrecord.store.accounts import FAILS_FROM_ADDRESS, FAILS_OF_NAME, ROLES, Session

router = APIRouter(include_in_schema=False)
SESSION_COOKIE, FORM_COOKIE = "onrecord_session", "onrecord_form"
Text = Annotated[str, Form(max_length=300)]


class Refused(BadInput):
    """Somebody may not do what he asks for, whoever he says he is."""


class TooMany(BadInput):
    """Too many failed attempts; nothing was looked at."""


class SignInFirst(BadInput):
    """Only those who signed in may see this."""


def session_of(request: Request) -> Session | None:
    """The session of whoever asks, if he signed in; looked up once for each request."""
    if not hasattr(request.state, "session"):
        request.state.session = desk_of(request).accounts.session(request.cookies.get(SESSION_COOKIE, ""))
    session: Session | None = request.state.session
    return session


def need_reviewer(request: Request) -> Session:
    """The session of a reviewer; anybody else is sent to sign in, or refused."""
    session = session_of(request)
    if session is None:
        raise SignInFirst("Sign in to review.")
    if not session.account.may_review():
        raise Refused(f"{session.account.name} may read, but not review; an admin can change that.")
    return session


def check_form(request: Request, token: str, expected: str | None = None) -> None:
    """Refuses a form that does not bring the token of the session, or that a page of another site sent."""
    session = session_of(request)
    wanted = expected if expected is not None else session.form if session else ""
    origin = request.headers.get("origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused("This form came from another site; nothing was done.")
    if not wanted or not hmac.compare_digest(wanted.encode(), token.encode()):
        raise Refused("This form is out of date or did not come from this page; nothing was done. Load the page again.")


@router.get("/sign-in")
def sign_in_page(request: Request, back: str = "/register") -> Response:
    """The form to sign in with."""
    return _form_page(request, back, "")


@router.post("/sign-in")
def sign_in(request: Request, name: Text = "", password: Text = "", token: Text = "", back: Text = "/register") -> Response:
    """Begins a session, if name and password fit and not too many did not of late."""
    desk = desk_of(request)
    check_form(request, token, request.cookies.get(FORM_COOKIE, ""))
    whos = (f"name {name}", f"address {request.client.host if request.client else ''}")
    if not desk.accounts.may_try((whos[0], FAILS_OF_NAME), (whos[1], FAILS_FROM_ADDRESS)):
        raise TooMany("Too many failed attempts. Wait a quarter of an hour.")
    if not is_password(desk.accounts.password_of(name), password):
        desk.accounts.note_failure(*whos)
        return _form_page(request, back, "Name and password do not fit.", status=403)
    desk.accounts.forget_failures(whos[0])
    desk.accounts.end_session(request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse(_inside(back), status_code=303)
    _set(request, response, SESSION_COOKIE, desk.accounts.begin_session(name))
    response.delete_cookie(FORM_COOKIE)
    return response


@router.post("/sign-out")
def sign_out(request: Request, token: Text = "") -> Response:
    """Ends the session."""
    check_form(request, token)
    desk_of(request).accounts.end_session(request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/register", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/accounts")
def accounts_page(request: Request) -> Response:
    """Who may sign in; for admins."""
    _need_admin(request)
    return answer(request, "accounts", {"accounts": desk_of(request).accounts.all()}, roles=ROLES)


@router.post("/accounts")
def change_accounts(
    request: Request, token: Text = "", name: Text = "", password: Text = "", role: Text = "reviewer", remove: Text = ""
) -> Response:
    """Makes an account, or takes one away; for admins."""
    session = _need_admin(request)
    check_form(request, token)
    accounts = desk_of(request).accounts
    if remove and remove == session.account.name:
        raise BadInput("you cannot take away your own account; another admin can")
    if remove:
        accounts.remove(remove)
    else:
        accounts.add(name, role, hash_password(password))
    return RedirectResponse("/accounts", status_code=303)


def _need_admin(request: Request) -> Session:
    session = need_reviewer(request)
    if session.account.role != "admin":
        raise Refused("Only an admin may see and change accounts.")
    return session


def _form_page(request: Request, back: str, error: str, *, status: int = 200) -> Response:
    if form_of(request) == "json":
        return answer(request, "sign_in", {"error": error or "sign in with the form at /sign-in"}, status=status)
    token = secrets.token_urlsafe(24)
    page = answer(request, "sign_in", {"error": error, "back": _inside(back), "form_token": token}, status=status)
    _set(request, page, FORM_COOKIE, token)
    return page


def _inside(back: str) -> str:
    """The address to go on to, if it is one of ours."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else "/register"


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
