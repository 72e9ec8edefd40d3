"""A real clock that is told to stop at the very moment its scheduler hands out a job: `... told_early URL`."""

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from apscheduler.executors.base import BaseExecutor

from portfolio import clock
from portfolio.app import create_app

submit_job = BaseExecutor.submit_job


def told_and_submit(self: BaseExecutor, *args: Any) -> None:
    """Hand out a job, and be told to stop just before."""
    os.kill(os.getpid(), signal.SIGTERM)
    submit_job(self, *args)


if __name__ == "__main__":
    app = create_app({"DATABASE_URL": sys.argv[1], "SECRET_KEY": "only in tests", "TESTING": "1"})
    with patch.object(BaseExecutor, "submit_job", told_and_submit):
        clock.run(app)
