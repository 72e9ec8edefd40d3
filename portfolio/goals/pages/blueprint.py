"""The one blueprint that every page about goals hangs on, so that its endpoints are `goals.…`."""

from flask import Blueprint

goals = Blueprint("goals", __name__)
