"""Schemathesis against the board: python3 Tests/Board/fuzz.py PROGRAM SCHEMATHESIS."""

import os
import subprocess
import sys

from dock import Board, a_day, until
from run import WALL

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"


def main():
    program, schemathesis = sys.argv[1:3]
    board = Board(program)
    a_day(board.agent, board.shift())
    board.agent.show(WALL)
    board.agent.start()
    board.start()
    until("the board hears the agent", lambda: board.get("/healthz"))
    description = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../docs/openapi.yaml"))
    # Streams do not end, so there is no answer to compare. What it keeps for itself goes with the board's folder.
    status = subprocess.run([
        os.path.abspath(schemathesis), "run", description, "--url", board.address, "--exclude-path-regex", "events$", "--checks", CHECKS,
        "--max-examples", "200", "--seed", "1", "--no-color",
    ], cwd=board.folder.name).returncode
    board.stop()
    sys.exit(status)


main()
