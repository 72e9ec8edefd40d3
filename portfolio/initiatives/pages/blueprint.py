"""The one blueprint that every page about initiatives hangs on, so that its endpoints are `initiatives.…`."""

from flask import Blueprint

initiatives = Blueprint("initiatives", __name__)
