"""Solara's pages on the server, as the doors see them: which there are, whose they are, and how one
is closed.
"""

from __future__ import annotations

import threading
from collections.abc import Collection

from solara.server import kernel_context


class Kernels:
    """Each open page of a browser has a kernel, which outlives its connection for a while."""

    def live(self) -> Collection[str]:
        """All that there are."""
        return kernel_context.contexts

    def is_of(self, kernel: str, session: str) -> bool:
        """Whether a kernel is of this session (the browser's cookie); one that is not there yet is
        of anybody.
        """
        context = kernel_context.contexts.get(kernel)
        return context is None or (bool(session) and context.session_id == session)

    def has(self, kernel: str, page: str) -> bool:
        """Whether a kernel has this page."""
        context = kernel_context.contexts.get(kernel)
        return context is not None and page in context.page_status

    def drop(self, kernel: str) -> None:
        """Close one, in a thread: it may wait for the server's loop."""
        if (context := kernel_context.contexts.get(kernel)) is not None:
            threading.Thread(target=lambda: context.close(reason="cull"), daemon=True).start()
