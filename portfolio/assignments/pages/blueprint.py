"""Where every page about assignments is hung up."""

from flask import Blueprint

assignments = Blueprint("assignments", __name__)
