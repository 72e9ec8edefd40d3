"""The program that gunicorn and the flask command run."""

import sys

from config import ConfigError
from portfolio.app import create_app

try:
    app = create_app()
except ConfigError as error:
    sys.exit(str(error))
