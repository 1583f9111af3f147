"""Puts a few of the models that make.py makes, the small ones, into models.json beside this script, with what they give.

  python keep.py FOLDER   where make.py has put them
"""
import base64
import gzip
import json
import os
import sys

FOLDER = sys.argv[1]
KEPT = ["loop_and_branch", "module_with_a_vocabulary", "ragged_and_sparse", "halves", "module_of_halves"]

with open(os.path.join(FOLDER, "expected.json")) as file:
    expected = json.load(file)
with open(os.path.join(FOLDER, "shown.json")) as file:
    shown = json.load(file)


def packed(path):
    with open(path, "rb") as file:
        return base64.b64encode(gzip.compress(file.read(), mtime=0)).decode()


models = {}
for name in KEPT:
    top = os.path.join(FOLDER, name)
    paths = sorted(os.path.join(folder, file) for folder, _, files in os.walk(top) for file in files)
    models[name] = {"files": {os.path.relpath(path, top): packed(path) for path in paths}, "answers": expected[name], "shown": shown[name]}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "models.json"), "w") as file:
    json.dump(models, file, indent=1, ensure_ascii=False)
    file.write("\n")
