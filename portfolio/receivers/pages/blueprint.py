"""Where every page of the receiving chefs is hung up."""

from flask import Blueprint

receivers = Blueprint("receivers", __name__)
