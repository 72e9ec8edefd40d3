"""Where every page about concepts and lessons is hung up."""

from flask import Blueprint

concepts = Blueprint("concepts", __name__)
