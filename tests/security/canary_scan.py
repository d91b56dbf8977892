"""Looks for words that must not lie anywhere in clear.

Reads from standard input one JSON object: {"roots": [folder, ...], "canaries": [word, ...]}. Prints one JSON object:
{"files": n, "bytes": n, "decoded": {"store": count}, "hits": [{"path", "canary", "form", "inside"}], "unreadable": n}.

Written apart from the product, in another language, so that a mistake in the product's own search is not repeated
here. It looks into every file below the roots, in every usual spelling of a word, and inside what is compressed:
gzip, zlib, brotli, zstd, zip and the Snappy blocks of LevelDB tables.
"""

import base64
import gzip
import io
import json
import os
import stat
import struct
import sys
import urllib.parse
import zipfile
import zlib

import brotli
import zstandard

MAX_DEPTH = 4
MAX_DECODED = 64 * 1024 * 1024


def base64_pieces(data, encode):
    """The part of an encoding that does not depend on what stands before or after, at the three possible offsets."""
    for shift in range(3):
        encoded = encode(b"\0" * shift + data).rstrip(b"=")
        start = (shift * 8 + 5) // 6
        end = ((shift + len(data)) * 8) // 6
        yield encoded[start:end]


def forms(word):
    found = {}

    def add(name, data):
        if len(data) >= 6:
            found.setdefault(data, name)

    for text in {word, word.upper(), word.lower()}:
        utf8 = text.encode("utf-8")
        add("utf-8", utf8)
        add("utf-16le", text.encode("utf-16-le"))
        add("utf-16be", text.encode("utf-16-be"))
        add("hex", utf8.hex().encode())
        add("HEX", utf8.hex().upper().encode())
        add("percent", urllib.parse.quote(text).encode())
        add("json", json.dumps(text)[1:-1].encode())
        try:
            add("latin-1", text.encode("latin-1"))
        except UnicodeEncodeError:
            pass
        for piece in base64_pieces(utf8, base64.b64encode):
            add("base64", piece)
        for piece in base64_pieces(utf8, base64.urlsafe_b64encode):
            add("base64url", piece)
        for piece in base64_pieces(text.encode("utf-16-le"), base64.b64encode):
            add("base64 of utf-16le", piece)
    return found


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("varint")


def unsnappy(data):
    """Snappy's block format, from its published description."""
    length, at = varint(data, 0)
    if length > MAX_DECODED:
        raise ValueError("length")
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        kind = tag & 3
        if kind == 0:
            size = tag >> 2
            if size >= 60:
                extra = size - 59
                size = int.from_bytes(data[at : at + extra], "little")
                at += extra
            out += data[at : at + size + 1]
            at += size + 1
            continue
        if kind == 1:
            size = ((tag >> 2) & 7) + 4
            offset = ((tag >> 5) << 8) | data[at]
            at += 1
        elif kind == 2:
            size = (tag >> 2) + 1
            offset = struct.unpack_from("<H", data, at)[0]
            at += 2
        else:
            size = (tag >> 2) + 1
            offset = struct.unpack_from("<I", data, at)[0]
            at += 4
        if offset == 0 or offset > len(out):
            raise ValueError("offset")
        for _ in range(size):
            out.append(out[-offset])
    if len(out) != length:
        raise ValueError("length")
    return bytes(out)


LEVELDB_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)


def leveldb_blocks(data):
    """Every data block of a LevelDB table, uncompressed."""
    footer = data[-48:]
    _, at = varint(footer, 0)
    _, at = varint(footer, at)
    index_offset, at = varint(footer, at)
    index_size, _ = varint(footer, at)

    def block(offset, size):
        raw = data[offset : offset + size]
        return unsnappy(raw) if data[offset + size] == 1 else raw

    index = block(index_offset, index_size)
    restarts = struct.unpack_from("<I", index, len(index) - 4)[0]
    end = len(index) - 4 * (restarts + 1)
    at = 0
    while at < end:
        _, at = varint(index, at)
        fresh, at = varint(index, at)
        value_size, at = varint(index, at)
        handle = index[at + fresh : at + fresh + value_size]
        at += fresh + value_size
        offset, inner = varint(handle, 0)
        size, _ = varint(handle, inner)
        yield block(offset, size)


def bounded(stream):
    return stream.read(MAX_DECODED)


def decoded(name, data):
    """What a store holds once it is unpacked: pairs of the store's name and bytes. A wrong guess gives nothing."""
    if data[-8:] == LEVELDB_MAGIC and len(data) >= 48:
        try:
            for block in leveldb_blocks(data):
                yield "leveldb", block
        except (ValueError, IndexError, struct.error):
            pass
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for entry in archive.infolist():
                    if entry.file_size <= MAX_DECODED and not entry.flag_bits & 1:
                        yield "zip", archive.read(entry)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
            pass
    # Streams may begin anywhere inside a cache file.
    for magic, store, unpack in (
        (b"\x1f\x8b\x08", "gzip", lambda part: bounded(gzip.GzipFile(fileobj=io.BytesIO(part)))),
        (b"\x28\xb5\x2f\xfd", "zstd", lambda part: bounded(zstandard.ZstdDecompressor().stream_reader(part))),
    ):
        at = data.find(magic)
        tries = 0
        while at != -1 and tries < 200:
            try:
                yield store, unpack(data[at:])
            except (OSError, EOFError, zlib.error, zstandard.ZstdError):
                pass
            at = data.find(magic, at + 1)
            tries += 1
    for second in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
        at = data.find(b"\x78" + second)
        tries = 0
        while at != -1 and tries < 200:
            try:
                yield "zlib", zlib.decompressobj().decompress(data[at:], MAX_DECODED)
            except zlib.error:
                pass
            at = data.find(b"\x78" + second, at + 1)
            tries += 1
    # Brotli has no magic number: whole files and the bodies of Chromium's simple cache are tried.
    if len(data) <= 4 * 1024 * 1024:
        for part in (data, data[data.find(b"\x00\x00\x00\x00") + 4 :] if name.endswith("_0") else b""):
            if part:
                try:
                    yield "brotli", brotli.decompress(part)
                except brotli.error:
                    pass


def main():
    request = json.load(sys.stdin)
    patterns = [(pattern, form, word) for word in request["canaries"] for pattern, form in forms(word).items()]
    report = {"files": 0, "bytes": 0, "decoded": {}, "hits": [], "unreadable": 0}

    def look(path, data, inside, depth):
        report["bytes"] += len(data)
        for pattern, form, word in patterns:
            if pattern in data:
                report["hits"].append({"path": path, "canary": word, "form": form, "inside": inside})
        if depth >= MAX_DEPTH:
            return
        for store, content in decoded(path, data):
            if not content:
                continue
            report["decoded"][store] = report["decoded"].get(store, 0) + 1
            look(path, content, inside + [store], depth + 1)

    for root in request["roots"]:
        for folder, folders, names in os.walk(root):
            for name in folders + names:
                look(os.path.join(folder, name), os.fsencode(name), ["name"], MAX_DEPTH)
            for name in names:
                path = os.path.join(folder, name)
                try:
                    if not stat.S_ISREG(os.lstat(path).st_mode):
                        continue
                    with open(path, "rb") as file:
                        data = file.read()
                except OSError:
                    report["unreadable"] += 1
                    continue
                report["files"] += 1
                look(path, data, [], 0)
    json.dump(report, sys.stdout)


main()
