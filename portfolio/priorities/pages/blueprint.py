"""The one blueprint that every page about priorities hangs on, so that its endpoints are `priorities.…`."""

from flask import Blueprint

priorities = Blueprint("priorities", __name__)
