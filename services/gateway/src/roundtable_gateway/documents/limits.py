"""What an upload may weigh and what reading it may cost."""

from dataclasses import dataclass

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one document.

    Attributes:
        file_bytes: Size of the uploaded file.
        pages: Pages of a PDF, slides of a PPTX.
        text_bytes: Extracted text, encoded as UTF-8.
        paragraphs: Numbered paragraphs; 2 MB of one-letter lines would be a million.
        archive_entries: Entries of a DOCX or PPTX archive.
        archive_bytes: Everything in such an archive, unpacked.
        archive_ratio: Unpacked to packed size of any entry.
        memory_bytes: Address space of the child that reads.
        cpu_seconds: Processor time of that child.
        wall_seconds: Time until that child is killed.
    """

    file_bytes: int = 20 * _MEGABYTE
    pages: int = 500
    text_bytes: int = 2 * _MEGABYTE
    paragraphs: int = 50_000
    archive_entries: int = 2_000
    archive_bytes: int = 100 * _MEGABYTE
    archive_ratio: int = 100
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 20
    wall_seconds: float = 30.0

    @property
    def answer_bytes(self) -> int:
        """What a reading child may at most send back.

        JSON at worst doubles the text (quotes, line ends), headings repeat part of it,
        and a paragraph's offsets, page and heading number take under 64 bytes.
        """
        return 4 * self.text_bytes + 64 * self.paragraphs + 65_536
