"""A real clock that is told to stop at the very moment its scheduler hands out a job."""

import os
import signal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from apscheduler.executors.base import BaseExecutor

from portfolio import clock
from portfolio.app import create_app
from tests.processes import speak_into

submit_job = BaseExecutor.submit_job


def told_and_submit(self: BaseExecutor, *args: Any) -> None:
    """Hand out a job, and be told to stop just before."""
    os.kill(os.getpid(), signal.SIGTERM)
    submit_job(self, *args)


def work_and_be_told(url: str, log: Path) -> None:
    """Run the clock until it hears that it is to stop."""
    speak_into(log)
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with patch.object(BaseExecutor, "submit_job", told_and_submit):
        clock.run(app)
