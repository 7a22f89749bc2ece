"""A written policy turned into the draft of a pack: read, split into clauses, recognised, written, accounted for.

`read(name, data)` turns a file into a Document; `draft(document, words)` turns a Document into a DraftPack.
Nothing here reaches a network, and nothing of the document is dropped.
"""

from __future__ import annotations

from gatepost.policy.importing.drafting import REPORT, DraftPack, draft
from gatepost.policy.importing.paper import Document, ImportProblem, Paragraph
from gatepost.policy.importing.readers import read

__all__ = ["REPORT", "Document", "DraftPack", "ImportProblem", "Paragraph", "draft", "read"]
