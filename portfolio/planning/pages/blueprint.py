"""The one blueprint of the pages about trials, so that their endpoints are `planning.…`."""

from flask import Blueprint

planning = Blueprint("planning", __name__)
