"""The product's time at the edge, from where it is passed in as `now`."""

from datetime import datetime

from flask import current_app

from config import Config
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import product_now, real_now


def settings() -> Config:
    """The settings of this process."""
    config = current_app.config["SETTINGS"]
    assert isinstance(config, Config)
    return config


def now() -> datetime:
    """Now, in the product's calendar: frozen by PORTFOLIO_NOW, moved by the demo, or the machine's."""
    frozen = settings().frozen_now
    started = None if frozen is not None else the_portfolio().demo_calendar
    return product_now(real_now(), frozen, started)
