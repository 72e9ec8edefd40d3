"""Where every page about effects is hung up."""

from flask import Blueprint

effects = Blueprint("effects", __name__)
