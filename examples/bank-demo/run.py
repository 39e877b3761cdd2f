#!/usr/bin/env python3
"""The sample integrator: a bank's own system beside a Telewitness server. Needs Python 3.9 and openssl, nothing else.

  run.py serve  --folder DATA [--port 8600]     the bank's pages, order endpoint and webhook receiver
  run.py set-up --folder DATA --server https://localhost:8443 --authority authority.pem   (sign-ins on standard input)
"""

import argparse
import json
import pathlib
import sys

from bank.certificate import make_certificate
from bank.orders import Orders
from bank.set_up import set_up
from bank.settings import Settings
from bank.telewitness import Problem
from bank.web import BankServer

PORT = 8600


def serve(arguments):
    folder = pathlib.Path(arguments.folder).resolve()
    certificate, key = make_certificate(folder)
    server = BankServer(arguments.port, certificate, key, Settings(folder), Orders(folder))
    # Written when the bank can answer: whoever started it waits for this file.
    (folder / "running.json").write_text(json.dumps({"origin": server.origin, "certificate": str(certificate)}) + "\n")
    print(f"bank: {server.origin}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serving = verbs.add_parser("serve")
    serving.add_argument("--folder", required=True)
    serving.add_argument("--port", type=int, default=PORT)
    preparing = verbs.add_parser("set-up")
    preparing.add_argument("--folder", required=True)
    preparing.add_argument("--server", required=True, help="the Telewitness server, https://host:port")
    preparing.add_argument("--authority", required=True, help="PEM of the authority that made its certificate")
    arguments = parser.parse_args()
    if arguments.verb == "serve":
        return serve(arguments)
    try:
        set_up(pathlib.Path(arguments.folder), arguments.server, str(pathlib.Path(arguments.authority).resolve()), json.load(sys.stdin))
    except Problem as problem:
        sys.exit(f"bank: {problem}")
    return None


if __name__ == "__main__":
    sys.exit(main())
