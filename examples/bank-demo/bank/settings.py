"""What the bank knows of its Telewitness server. `run.py set-up` writes it; a real system has it in its configuration."""

import dataclasses
import pathlib

from .files import read_json, write_json


@dataclasses.dataclass(frozen=True)
class Connection:
    server: str  # https://host:port
    authority: str  # PEM file that its certificate is checked with
    account: str  # the company's short name there
    company_name: str  # in watermarks
    api_key: str
    queue_id: str
    agent_name: str  # the login name by which "I am the agent" signs in
    webhook_id: str
    webhook_secret: str
    return_secret: str


class Settings:
    def __init__(self, folder: pathlib.Path):
        self.path = folder / "settings.json"

    def read(self):
        """The connection, or None before it was set up."""
        kept = read_json(self.path, None)
        return Connection(**kept) if kept else None

    def write(self, connection: Connection):
        write_json(self.path, dataclasses.asdict(connection))
