"""One line of JSON per event in every zone's log: when (UTC), how grave, which zone and part, what; nothing can forge a line."""

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """A record as one line. ``zone`` is the zone whose process writes.

    Line breaks in what a caller sent are escaped by JSON, so that no message can look like two (CWE-117).
    """

    def __init__(self, zone: str = "") -> None:
        super().__init__()
        self.zone = zone

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "zone": self.zone,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
