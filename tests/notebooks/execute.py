"""Runs a notebook by nbclient, as Jupyter's own tools do: execute.py NOTEBOOK KERNEL. Prints what the cells put out, as JSON.

Cells that a test has added say so in their metadata, {"added": true}: what goes wrong in one does not end the run, and the size is that
of the notebook without them. Those that are attempts at the same, {"attempt": "..."}, are left out once a result says "solved".
"""

import json
import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

path, kernel = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
for cell in notebook.cells:
    if cell.metadata.get("added"):
        cell.metadata["tags"] = ["raises-exception"]
folder = os.path.dirname(os.path.abspath(path))
client = NotebookClient(
    notebook, timeout=300, kernel_name=kernel, record_timing=False, resources={"metadata": {"path": folder}}
)


def leave_out_further_attempts(cell, **_):
    attempt = cell.metadata.get("attempt")
    texts = [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    if attempt and any(": solved" in text for text in texts):
        for other in notebook.cells:
            if other.metadata.get("attempt") == attempt:
                other.metadata["tags"] = ["skip-execution"]


client.on_cell_executed = leave_out_further_attempts
error = None
try:
    client.execute()
except CellExecutionError as failure:
    error = {"name": failure.ename, "message": failure.evalue}
nbformat.validate(notebook)
cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("added")]
print(
    json.dumps(
        {
            "error": error,
            "cells": [{"source": cell.source, "outputs": cell.outputs, "count": cell.execution_count} for cell in cells],
            "bytes": len(nbformat.writes(notebook)),
        }
    )
)
