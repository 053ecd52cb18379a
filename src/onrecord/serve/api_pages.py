"""This file serves the page that describes the JSON interface, made from the application's own OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from onrecord.serve.answering import answer

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Call:
    """One address that can be asked: method, path, what it gives, and its parameters (name, where, kind, what it means)."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, str, str], ...]


@router.get("/api", summary="This page: what can be asked for as JSON")
def api(request: Request) -> Response:
    """Every address with its parameters; /openapi.json is the same for programs."""
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    calls = [
        Call(method.upper(), path, told.get("summary", ""), told.get("description", ""), tuple(map(_parameter, told.get("parameters", ()))))
        for path, methods in paths.items()
        for method, told in methods.items()
    ]
    return answer(request, "api", {"calls": calls})


def _parameter(told: dict[str, Any]) -> tuple[str, str, str, str]:
    schema = told.get("schema", {})
    kinds = [kind.get("type", "") for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    default = f", {schema['default']} if not given" if schema.get("default") not in (None, "") else ""
    return told["name"], told["in"], "/".join(kinds) + default, told.get("description", "")
