#!/usr/bin/env python3
"""Writes fictional secrets in many disguises, encodings and containers, as JSON lines on standard output.

Made with Python's own codecs on purpose: the search must find what others write, not what its own encoder
writes. Each line: {"id", "value", "container", "format", "data" (base64)}. Values are fictional.
"""
import base64
import binascii
import bz2
import gzip
import html
import io
import json
import quopri
import sys
import unicodedata
import urllib.parse
import zipfile
import zlib

VALUES = {
    "name": "Íñigo Tlacaélel Peñaloza",
    "plain": "Maricela Xochimitl",
    "phone": "000 555 01 27",
    "email": "mari.encino@correo.example",
    "file": "MEC-FICTICIO-0417/2025",
}

FULL = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}
MATH = {chr(ord("a") + i): chr(0x1D41A + i) for i in range(26)} | {chr(ord("A") + i): chr(0x1D400 + i) for i in range(26)}
CYRILLIC = dict(zip("aeopcxyiMHTK", "аеорсхуіМНТК"))
ARABIC = {str(i): chr(0x660 + i) for i in range(10)}


def mapped(text, table):
    return "".join(table.get(c, c) for c in text)


FORMS = {
    "as recorded": lambda t: t,
    "upper": str.upper,
    "lower": str.lower,
    "nfd": lambda t: unicodedata.normalize("NFD", t),
    "no accents": lambda t: "".join(c for c in unicodedata.normalize("NFD", t) if not unicodedata.combining(c)),
    "soft hyphens": lambda t: "\u00ad".join(t),
    "zero width": lambda t: "\u200b".join(t),
    "joiners": lambda t: "\u2060\u200d".join(t),
    "bidi": lambda t: "\u202a" + t + "\u202c",
    "variation": lambda t: "\ufe0e".join(t),
    "full width": lambda t: mapped(t, FULL),
    "mathematical": lambda t: mapped(t, MATH),
    "cyrillic": lambda t: mapped(t, CYRILLIC),
    "other digits": lambda t: mapped(t, ARABIC),
    "spaced": lambda t: " ".join(t.replace(" ", "")),
    "no-break spaces": lambda t: t.replace(" ", "\u00a0"),
    "thin spaces": lambda t: t.replace(" ", "\u2009"),
    "other dashes": lambda t: t.replace("-", "\u2011").replace(" ", "\u2013"),
    "broken line": lambda t: t[:6] + ("-\n" if t[5:7].isalpha() else "\n") + t[6:],
    "new lines": lambda t: t.replace(" ", "\n"),
    "underscores": lambda t: t.replace(" ", "_"),
    "reversed": lambda t: t[::-1] if len(t) >= 8 else t,
}


def wrap(text, width, end="\n"):
    return end.join(text[i : i + width] for i in range(0, len(text), width))


def b64(offset, width=None, codec="utf-8", url=False):
    def encode(text):
        data = b"#" * offset + text.encode(codec) + b"!"
        out = (base64.urlsafe_b64encode(data) if url else base64.b64encode(data)).decode()
        return ("data: " + (wrap(out, width, "\r\n") if width else out) + " .").encode()

    return encode


def utf7(text):
    return text.encode("utf-7")


ENCODINGS = {
    "utf-8": lambda t: t.encode("utf-8"),
    "utf-16le": lambda t: t.encode("utf-16-le"),
    "utf-16be": lambda t: t.encode("utf-16-be"),
    "utf-16 odd": lambda t: b"x" + t.encode("utf-16-le"),
    "latin-1": lambda t: t.encode("latin-1", "ignore"),
    "cp1252": lambda t: t.encode("cp1252", "ignore"),
    "macroman": lambda t: t.encode("mac-roman", "ignore"),
    "base64 0": b64(0),
    "base64 1": b64(1),
    "base64 2": b64(2),
    "base64 76": b64(1, 76),
    "base64 16": b64(2, 16),
    "base64url": b64(2, None, "utf-8", True),
    "base64 utf-16": b64(1, 64, "utf-16-le"),
    "hex": lambda t: t.encode("utf-8").hex().encode(),
    "hex upper": lambda t: t.encode("utf-8").hex().upper().encode(),
    "hex spaced": lambda t: t.encode("utf-8").hex(" ").encode(),
    "hex colons": lambda t: t.encode("utf-8").hex(":").upper().encode(),
    "hex utf-16": lambda t: t.encode("utf-16-be").hex().encode(),
    "quoted-printable": lambda t: quopri.encodestring(t.encode("utf-8"), quotetabs=True),
    "quoted-printable latin-1": lambda t: quopri.encodestring(t.encode("latin-1", "ignore"), quotetabs=True),
    "quoted-printable all": lambda t: "".join(f"={b:02X}" for b in t.encode("utf-8")).encode(),
    "percent": lambda t: urllib.parse.quote(t, safe="").encode(),
    "percent all": lambda t: "".join(f"%{b:02x}" for b in t.encode("utf-8")).encode(),
    "form": lambda t: urllib.parse.quote_plus(t).encode(),
    "entities decimal": lambda t: "".join(f"&#{ord(c)};" for c in t).encode(),
    "entities hex": lambda t: "".join(f"&#x{ord(c):X};" for c in t).encode(),
    "entities named": lambda t: html.escape(t).encode("ascii", "xmlcharrefreplace"),
    "json": lambda t: json.dumps({"v": t}).encode(),
    "json all": lambda t: "".join(f"\\u{ord(c):04x}" for c in t if ord(c) < 65536).encode(),
    "js bytes": lambda t: "".join(f"\\x{b:02x}" for b in t.encode("utf-8")).encode(),
    "pdf octal": lambda t: "".join(f"\\{b:03o}" for b in t.encode("cp1252", "ignore")).encode(),
    "pdf hex": lambda t: b"<" + ("FEFF" + t.encode("utf-16-be").hex()).upper().encode() + b"> Tj",
    "pdf pieces": lambda t: b"[" + b"-20".join(b"(" + c.encode("cp1252", "ignore").replace(b"(", b"\\(") + b")" for c in t) + b"] TJ",
    "utf-7": utf7,
    "xml runs": lambda t: ("<w:r><w:t>" + "</w:t></w:r><w:r><w:t xml:space='preserve'>".join(t) + "</w:t></w:r>").encode("utf-8"),
    "base64 in json in percent": lambda t: urllib.parse.quote(json.dumps({"a": base64.b64encode(t.encode()).decode()}), safe="").encode(),
    "entities in base64": lambda t: base64.b64encode("".join(f"&#{ord(c)};" for c in t).encode()),
}


def zipped(data, name="dato.txt", method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def raw_deflate(data):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


CONTAINERS = {
    "zip": zipped,
    "zip stored": lambda d: zipped(d, method=zipfile.ZIP_STORED),
    "zip in zip": lambda d: zipped(zipped(d), "interior.zip"),
    "zip three deep": lambda d: zipped(zipped(zipped(d), "b.zip"), "a.zip"),
    "gzip in zip": lambda d: zipped(gzip.compress(d), "dato.txt.gz"),
}


def main():
    emit = lambda **row: sys.stdout.write(json.dumps(row, ensure_ascii=True) + "\n")
    for key, value in VALUES.items():
        for form, disguise in FORMS.items():
            for name, encode in ENCODINGS.items():
                # A single-byte table cannot hold what it has no letter for: the bytes would not be the value.
                text = disguise(value)
                codec = {"latin-1": "latin-1", "cp1252": "cp1252", "macroman": "mac-roman", "pdf octal": "cp1252", "pdf pieces": "cp1252", "quoted-printable latin-1": "latin-1"}.get(name)
                if codec:
                    try:
                        text.encode(codec)
                    except UnicodeEncodeError:
                        continue
                if name == "json all" and any(ord(c) > 65535 for c in text):
                    continue
                data = b"antes: " + encode(text) + b" ; despues"
                if name.startswith("utf-16"):
                    data = b"\x00\x01antes" + encode(text) + "  ".encode("utf-16-le") + b"fin"
                    if name == "utf-16be":
                        data = b"\x00\x01ante" + encode(text) + "  ".encode("utf-16-be")
                emit(id=f"{key}|{form}|{name}", value=value, container="none", data=base64.b64encode(data).decode())
        for container, pack in CONTAINERS.items():
            data = pack(f"antes {value} despues".encode("utf-8"))
            emit(id=f"{key}|as recorded|{container}", value=value, container=container, data=base64.b64encode(data).decode())


if __name__ == "__main__":
    main()
