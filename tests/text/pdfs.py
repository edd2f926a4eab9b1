"""PDFs made for tests: of words, of nothing but a picture, locked, and made to cost much."""

from __future__ import annotations

import io
import zlib

from pypdf import PdfReader, PdfWriter

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PICTURE = b"q 200 0 0 100 72 700 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"


def pdf_of(*pages: str) -> bytes:
    """Return a PDF with a page for each text, its lines one below the other."""
    return _pdf([_drawn(words) for words in pages])


def scanned() -> bytes:
    """Return a PDF of two pages that are pictures alone."""
    return _pdf([PICTURE, PICTURE])


def locked(*pages: str, password: str) -> bytes:
    """Return a PDF that opens with a password; with "", one that merely asks not to be printed."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf_of(*pages))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """Return a PDF of some hundred bytes, with a page of 100 MB, packed twice over."""
    once = zlib.compress(bytes(100_000_000), 1)
    return _pdf([zlib.compress(once, 9)], packing=b"/Filter [/FlateDecode /FlateDecode] ")


def without_end() -> bytes:
    """Return a PDF whose tree of pages holds itself."""
    return _file([b"<< /Type /Catalog /Pages 2 0 R >>",
                  b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>"])  # fmt: skip


def _drawn(words: str) -> bytes:
    lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
             for line in words.split("\n")]  # fmt: skip
    shown = ") Tj T* (".join(lines)
    return f"BT /F1 12 Tf 14 TL 72 720 Td ({shown}) Tj ET".encode("latin-1")


def _pdf(streams: list[bytes], packing: bytes = b"") -> bytes:
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(streams)))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(streams))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", tree, _FONT]
    for place, stream in enumerate(streams):
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
                       b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * place))  # fmt: skip
        objects.append(b"<< %s/Length %d >>\nstream\n%s\nendstream"
                       % (packing, len(stream), stream))  # fmt: skip
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    )  # fmt: skip
