"""The server of a next version, for tests: ``newer_server.py serve …``, with ``HERENOW_NEXT_SCHEMA`` set.

It is this server with further steps in the schema of its documents: ``expand`` adds one, ``contract``
those of two whole changes. Everything else is the same. The steps are put in place when the module is
imported, because the server's workers import it anew.
"""

import os

from herenow.cli import main
from herenow.storage.sqlite import documents
from herenow.storage.sqlite.migrations import Schema, Step, StepKind

_HERE = documents.SCHEMA.version
_EXPAND = Step(_HERE + 1, StepKind.EXPAND, ("ALTER TABLE documents ADD COLUMN region TEXT",))
_CONTRACT = Step(_HERE + 2, StepKind.CONTRACT, ("ALTER TABLE documents DROP COLUMN region",))
_EXPAND_AGAIN = Step(_HERE + 3, StepKind.EXPAND, ("ALTER TABLE documents ADD COLUMN place TEXT",))
_CONTRACT_AGAIN = Step(_HERE + 4, StepKind.CONTRACT, ("ALTER TABLE documents DROP COLUMN place",))
_STEPS = {"expand": (_EXPAND,), "contract": (_EXPAND, _CONTRACT, _EXPAND_AGAIN, _CONTRACT_AGAIN)}

documents.SCHEMA = Schema(
    documents.SCHEMA.name, (*documents.SCHEMA.steps, *_STEPS[os.environ["HERENOW_NEXT_SCHEMA"]])
)

if __name__ == "__main__":
    main()
