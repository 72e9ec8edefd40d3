"""The one blueprint that every page about the organisation hangs on, so that its endpoints are `reorganisation.…`."""

from flask import Blueprint

reorganisation = Blueprint("reorganisation", __name__)
