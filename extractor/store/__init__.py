"""Where results live: one SQLite file, written as work is done.

    documents     text and page furniture, by fingerprint
    calls         answers of the model, by the hash of everything that was sent
    attempts      every request that was sent, successful or not, with tokens, cost and time; only
                  added to
    results       what a finished task gave for a document, by the hash of all that made it
    dead_letters  documents that were given up, each with its reason
    batches       batches of requests at a server, with their calls in `batch_calls`

A result is written only when all questions of its task were answered, so what is in `results` is
finished. A call is written as soon as it is answered, together with its attempts, so a stop in the
middle of a document repeats at most the calls that were in flight.

One process writes, any number read. The tables are made by the numbered files in `migrations`,
which also hold views of the records for SQL readers such as Datasette.
"""

from extractor.store.batches import Batch, Batches, BatchLine
from extractor.store.store import DeadLetter, Stage, Store, content_key

__all__ = ["Batch", "BatchLine", "Batches", "DeadLetter", "Stage", "Store", "content_key"]
