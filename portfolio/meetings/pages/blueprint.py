"""Where every page about meetings is hung up."""

from flask import Blueprint

meetings = Blueprint("meetings", __name__)
