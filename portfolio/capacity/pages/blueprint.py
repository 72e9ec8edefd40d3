"""The one blueprint of the pages about units and their limits, so that its endpoints are `units.…`."""

from flask import Blueprint

units = Blueprint("units", __name__)
