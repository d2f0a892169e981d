"""The kind of a file by its first bytes. What a server says of it, and the suffix of the address, count for nothing."""

import re

_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.S), suffix)
    for pattern, suffix in (
        (rb"\x89PNG\r\n\x1a\n", "png"),
        (rb"\xff\xd8\xff", "jpg"),
        (rb"GIF8[79]a", "gif"),
        (rb"RIFF....WEBP", "webp"),
        (rb"RIFF....WAVE", "wav"),
        (rb"BM.{4}\0{4}", "bmp"),
        (rb"....ftypavi[fs]", "avif"),
        (rb"....ftypM4A", "m4a"),
        (rb"....ftyp(?:isom|iso[2-6]|mp4[12]|avc1|M4V|dash|qt  )", "mp4"),
        (rb"\x1aE\xdf\xa3", "webm"),
        (rb"OggS", "ogg"),
        (rb"fLaC", "flac"),
        (rb"ID3|\xff[\xfb\xf3\xf2\xfa]", "mp3"),
    )
)
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml.{0,200}?\?>\s*)?(?:<!--.{0,2000}?-->\s*)*(?:<!DOCTYPE svg[^>]{0,500}>\s*)?<svg[\s>]",
    re.S | re.I,
)
# An SVG file that runs code or loads others is not stored.
_ACTIVE = re.compile(
    rb"<script|<foreignObject|\son\w+\s*=|javascript:|<!ENTITY|(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/)[^\"']", re.I
)


def suffix_of(data: bytes) -> str | None:
    """The suffix of a picture, a sound or a film, without a dot; None for anything else."""
    for pattern, suffix in _SIGNATURES:
        if pattern.match(data):
            return suffix
    return "svg" if _SVG.match(data) and not _ACTIVE.search(data) else None
