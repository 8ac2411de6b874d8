"""Image files as containers: which format it is, and whether it holds exactly one picture and nothing beside it.

Invariants: ``holds_one_picture`` says yes only after walking the file to its last byte and meeting nothing but what one
picture needs; whatever is unknown means no, which costs a fresh encoding and nothing else (rule 13). Never raises on
any bytes. Not done here: decoding; a file that walks well may still not decode.
Sources: ITU T.81 (JPEG), W3C PNG third edition, the WebP container specification, ISO/IEC 14496-12 (AVIF, HEIC).
"""

import re
import struct
import zlib

ACCEPTED = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
}
"""Formats that are read, with their media types."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WEBP"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"II+\x00", "TIFF"),
    (0, b"MM\x00+", "TIFF"),
    (0, b"8BPS", "PSD"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (0, b"DDS ", "DDS"),
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "EPS"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS"),
    (0, b"\x00\x00\x01\x00", "ICO"),
    (0, b"icns", "ICNS"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"qoif", "QOI"),
    (0, b"\x1aE\xdf\xa3", "WebM"),
    (0, b"<svg", "SVG"),
    (0, b"<?xml", "XML"),
    (0, b"<!DOCTYPE", "HTML"),
    (0, b"<html", "HTML"),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

UNKNOWN = "unknown"


def sniff(data: bytes) -> str:
    """The format by its first bytes: a name of ``ACCEPTED``, another format's name, or ``unknown``."""
    if data[4:8] == b"ftyp":
        return _media_brand(data)
    for place, signature, name in _SIGNATURES:
        if data.startswith(signature, place) and (name != "WEBP" or data.startswith(b"RIFF")):
            return name
    return UNKNOWN


def _media_brand(data: bytes) -> str:
    size = min(int.from_bytes(data[:4]), 256)
    brands = {data[8:12]} | {data[place : place + 4] for place in range(16, size, 4)}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & _HEIC_BRANDS else "MP4"


def holds_one_picture(data: bytes, name: str) -> bool:
    """True when the file of format ``name`` holds one still picture of 8 bits and nothing that could hide another."""
    try:
        if name == "JPEG":
            return _one_jpeg(data)
        if name == "PNG":
            return _one_png(data)
        return name == "WEBP" and _one_webp(data)
    except (struct.error, IndexError):
        return False


_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2}
_JPEG_TABLES = {0xC4, 0xDB, 0xDD}
_COMMENT_BYTES = 256


def _one_jpeg(data: bytes) -> bool:
    place, frames = 2, 0
    while True:
        if data[place] != 0xFF:
            return False
        marker = data[place + 1]
        if marker == 0xD9:
            return frames == 1 and place + 2 == len(data)
        (length,) = struct.unpack_from(">H", data, place + 2)
        body = data[place + 4 : place + 2 + length]
        if len(body) != length - 2 or not _jpeg_segment_is_plain(marker, body):
            return False
        frames += marker in _JPEG_FRAMES
        place += 2 + length
        if marker == 0xDA:
            end = _SCAN_END.search(data, place)
            if end is None:
                return False
            place = end.start()


def _jpeg_segment_is_plain(marker: int, body: bytes) -> bool:
    if marker in _JPEG_FRAMES:
        return body[0] == 8 and body[5] in (1, 3)  # 8 bits; four inks are read differently by different decoders
    if marker in _JPEG_TABLES or marker == 0xDA:
        return True
    if marker == 0xE0:
        return body.startswith(b"JFIF\x00") and body[12:14] == b"\x00\x00"  # no thumbnail
    if marker == 0xE1:
        return body.startswith(b"Exif\x00\x00") and _exif_is_plain(body[6:])
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\x00")
    if marker == 0xEE:
        return body.startswith(b"Adobe")
    return marker == 0xFE and len(body) <= _COMMENT_BYTES


def _exif_is_plain(body: bytes) -> bool:
    """No second directory, which is where a thumbnail would be."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(body[:4])
    if order is None:
        return False
    (first,) = struct.unpack_from(f"{order}I", body, 4)
    (entries,) = struct.unpack_from(f"{order}H", body, first)
    (following,) = struct.unpack_from(f"{order}I", body, first + 2 + 12 * entries)
    return following == 0 and b"\xff\xd8\xff" not in body and b"\x89PNG" not in body


_PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"pHYs", b"sBIT", b"bKGD", b"tIME", b"iCCP"}


def _one_png(data: bytes) -> bool:
    place = 8
    seen: list[bytes] = []
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind = data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + length]
        (check,) = struct.unpack_from(">I", data, place + 8 + length)
        if kind not in _PNG_CHUNKS or zlib.crc32(kind + body) != check:
            return False
        if kind == b"IHDR" and body[8] == 16:
            return False  # decoders disagree about 16 bits: some scale, some clip
        if kind != b"IDAT" or seen[-1:] != [b"IDAT"]:
            seen.append(kind)
        place += 12 + length
    once = len(seen) == len(set(seen))
    return once and seen[:1] == [b"IHDR"] and seen[-1:] == [b"IEND"] and b"IDAT" in seen


def _one_webp(data: bytes) -> bool:
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 != len(data):
        return False
    place, seen = 12, []
    while place < len(data):
        kind = data[place : place + 4]
        (length,) = struct.unpack_from("<I", data, place + 4)
        seen.append(kind)
        place += 8 + length + (length & 1)
    allowed = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"}
    pictures = sum(kind in (b"VP8 ", b"VP8L") for kind in seen)
    return place == len(data) and pictures == 1 and len(seen) == len(set(seen)) and set(seen) <= allowed
