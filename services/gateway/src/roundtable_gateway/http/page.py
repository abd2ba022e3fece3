"""The page: the files of the frontend's static export."""

from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_API = "/api/"


def mount_page(app: FastAPI, folder: Path) -> None:
    """Serve the page at the root, behind every route of the API.

    Where the page was not built, the root is a 404 problem and the API works on.
    """
    if (folder / "index.html").is_file():
        files = StaticFiles(directory=folder, html=True)
        app.router.routes.append(_PageMount("/", files, name="page"))


class _PageMount(Mount):
    """Leaves the API's addresses to the API: a wrong one is a problem, not a page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match whatever lies outside the API."""
        if scope["path"].startswith(_API):
            return Match.NONE, {}
        return super().matches(scope)
