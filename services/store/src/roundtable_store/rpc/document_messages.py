"""Documents between records and protobuf."""

from roundtable.store.v1 import document_pb2
from roundtable_store.records.documents import DocumentRecord
from roundtable_store.rpc.times import to_timestamp


def to_document_body(document: document_pb2.Document) -> bytes:
    """Return what is fixed of a document that is to be stored."""
    body = document_pb2.Document()
    body.CopyFrom(document)
    for name in ("document_id", "revision", "create_time"):
        body.ClearField(name)
    return body.SerializeToString()


def to_document(record: DocumentRecord) -> document_pb2.Document:
    """Return a stored document without its text."""
    document = document_pb2.Document.FromString(record.body)
    document.document_id = record.document_id
    document.revision = record.revision
    document.create_time.CopyFrom(to_timestamp(record.create_time))
    return document
