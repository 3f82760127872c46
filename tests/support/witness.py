"""What a page does in a browser beside what it shows."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page


class Witness:
    """Notes what a page asks for and complains about."""

    def __init__(self, context: BrowserContext, allowed: str) -> None:
        self.faults: list[str] = []
        self._allowed = allowed
        context.on("page", self._look)

    def _look(self, page: Page) -> None:
        page.on("console", lambda message: self._note(page, f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self._note(page, f"error: {error}"))
        page.on("requestfailed", lambda request: self._note(page, f"failed: {request.url}"))
        page.on("request", lambda request: self._check(page, request.url))

    def _note(self, page: Page, text: str) -> None:
        self.faults.append(f"{page.url}: {text}")

    def _check(self, page: Page, url: str) -> None:
        if not url.startswith((self._allowed, "data:", "blob:")):
            self._note(page, f"asks for {url}")
