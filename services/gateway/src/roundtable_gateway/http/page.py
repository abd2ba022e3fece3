"""The page: the files of the frontend's static export."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles


def mount_page(app: FastAPI, folder: Path) -> None:
    """Serve the page at the root, behind every route of the API.

    Where the page was not built, the root is a 404 problem and the API works on.
    """
    if (folder / "index.html").is_file():
        app.mount("/", StaticFiles(directory=folder, html=True), name="page")
