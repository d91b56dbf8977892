"""Plants a word into one file of every kind of store that `canary_scan.py` must see through: its positive control.

Arguments: a folder that exists, and the word. Each file holds the word in exactly one way. Prints the names.
"""

import base64
import gzip
import os
import struct
import sys
import zipfile
import zlib

import brotli
import snappy
import zstandard

folder, word = sys.argv[1], sys.argv[2]
around = f"before {word} after ".encode() * 3
# Halves first: what packs by pointing back then never has the whole word in clear.
half = len(word) // 2
apart = (f"{word[:half]}#" * 4 + f"{word[half:]}#" * 4 + word).encode()


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def block_of(entries):
    body = b"".join(varint(0) + varint(len(key)) + varint(len(value)) + key + value for key, value in entries)
    return body + struct.pack("<I", 0) + struct.pack("<I", 1)


def leveldb_table():
    out = bytearray()

    def put(block):
        packed = snappy.compress(block)
        handle = varint(len(out)) + varint(len(packed))
        out.extend(packed + b"\x01" + b"\0" * 4)
        return handle

    data = put(block_of([(b"key", apart)]))
    meta = put(block_of([]))
    index = put(block_of([(b"key", data)]))
    footer = (meta + index).ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)
    return bytes(out) + footer


def zipped():
    path = os.path.join(folder, "inner.tmp")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", around)
    with open(path, "rb") as file:
        data = file.read()
    os.remove(path)
    return data


stores = {
    "plain.txt": around,
    "utf16.bin": b"\xff\xfe" + around.decode().encode("utf-16-le"),
    "latin1.txt": around.decode().encode("latin-1"),
    "hex.txt": around.hex().encode(),
    "base64-0.txt": base64.b64encode(around),
    "base64-1.txt": base64.b64encode(b"x" + around),
    "base64-2.txt": base64.b64encode(b"xy" + around),
    "gzip.bin": b"cache entry" + gzip.compress(around),
    "zlib.bin": b"header" + zlib.compress(around),
    "brotli.bin": brotli.compress(around * 4),
    "zstd.bin": b"code cache" + zstandard.ZstdCompressor().compress(apart),
    "zip.bin": zipped(),
    "zip-in-gzip.bin": gzip.compress(zipped()),
    "000005.ldb": leveldb_table(),
}
for name, data in stores.items():
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
os.makedirs(os.path.join(folder, f"{word}.d"))
print("\n".join(stores))
