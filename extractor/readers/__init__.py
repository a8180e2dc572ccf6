"""Readers: paths and standard input -> documents, one error per input that cannot be read.

`files` walks paths; `decoding` makes text of bytes; `texts`, `markdown`, `rows` and `pages` make
documents of text. A page goes through `styles` and `visibility` (what is seen), `blocks` (its
paragraphs), `main_text` and `body` (which of them are the article).
"""

from extractor.readers.files import count_documents, read_document, read_documents
from extractor.readers.limits import MAX_BYTES

__all__ = ["MAX_BYTES", "count_documents", "read_document", "read_documents"]
