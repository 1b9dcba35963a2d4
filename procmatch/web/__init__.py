"""The web: server-rendered pages without scripts; needs the extra ``web``."""

from procmatch.web.app import create_app, warm

__all__ = ["create_app", "warm"]
