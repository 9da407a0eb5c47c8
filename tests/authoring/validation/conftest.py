import copy
import json
from pathlib import Path

import pytest

from herenow.authoring.validation import validate
from herenow.authoring.validation.folder import UNKNOWN

FOUNDING = Path(__file__).parents[1] / "documents" / "founding"


class Folder:
    """The founding example, to be edited by JSON path and judged."""

    def __init__(self):
        self.documents = {
            file.name: json.loads(file.read_text(encoding="utf-8")) for file in FOUNDING.iterdir()
        }

    def put(self, file, *path_and_value):
        """Set the value at a path, making objects on the way."""
        *path, value = path_and_value
        holder = self.documents.setdefault(file, {})
        if not path:
            self.documents[file] = value
            return self
        for step in path[:-1]:
            holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
        holder[path[-1]] = copy.deepcopy(value)
        return self

    def remove(self, file, *path):
        """Remove the value at a path, or the file."""
        if not path:
            del self.documents[file]
            return self
        holder = self.documents[file]
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        return self

    def files(self):
        """The documents as bytes by file name."""
        return {file: json.dumps(document).encode() for file, document in self.documents.items()}

    def findings(self, code=None, catalog=None, present=UNKNOWN):
        """All findings, or those of one code."""
        found = validate(self.files(), catalog=catalog, present=present).findings
        return [finding for finding in found if code in {None, finding.code}]

    def only(self, code, catalog=None, present=UNKNOWN):
        """The one finding of a code."""
        (finding,) = self.findings(code, catalog, present)
        return finding


@pytest.fixture
def folder():
    """The founding example, to be edited."""
    return Folder()


@pytest.fixture
def founding_files():
    """The founding example as it is documented, byte for byte."""
    return {file.name: file.read_bytes() for file in sorted(FOUNDING.iterdir())}
