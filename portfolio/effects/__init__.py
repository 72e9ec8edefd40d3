"""Effektmål: what an initiative is to change, how one sees it, and what came of it in the end."""
