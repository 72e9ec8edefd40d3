"""The blueprint that every page about letters and reminders belongs to."""

from flask import Blueprint

reminders = Blueprint("reminders", __name__)
