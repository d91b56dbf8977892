"""Second implementation of recovery words and pages, written from docs/formats/recovery.md.

The word lists come in with the order (they are public); arithmetic, checks and the field GF(256) are this file's own.
Slots and headers are opened by rsg_formats.py.
"""

import base64
import hashlib
import json
import sys
import unicodedata

from rsg_formats import blake2b, header_mac, open_slots


def fold(word):
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).lower()


def words_to_bytes(words, wordlist):
    folded = [fold(word) for word in wordlist]
    number = 0
    for word in words:
        number = number << 11 | folded.index(fold(word))
    return number.to_bytes(len(words) * 11 // 8, "big")


def bytes_to_words(data, wordlist):
    number, count = int.from_bytes(data, "big"), len(data) * 8 // 11
    return [wordlist[number >> 11 * (count - 1 - i) & 2047] for i in range(count)]


def secret_of_words(words, wordlist):
    data = words_to_bytes(words, wordlist)
    if len(data) != 33 or hashlib.sha256(data[:32]).digest()[0] != data[32]:
        raise ValueError("checksum")
    return data[:32]


def words_of_secret(secret, wordlist):
    return bytes_to_words(secret + hashlib.sha256(secret).digest()[:1], wordlist)


# The field of AES: x^8 + x^4 + x^3 + x + 1


def times(a, b):
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def inverse(a):
    return next(b for b in range(1, 256) if times(a, b) == 1)


def at_zero(points):
    """Value at 0 of the polynomial through the points (x, y)."""
    total = 0
    for i, (x, y) in enumerate(points):
        weight = 1
        for j, (other, _) in enumerate(points):
            if i != j:
                weight = times(weight, times(other, inverse(other ^ x)))
        total ^= times(y, weight)
    return total


def page_checksum(data):
    return blake2b(32, b"RSG share page v1\x00" + data[:40])[:4]


def read_page(words, wordlist):
    data = words_to_bytes(words, wordlist)
    if len(data) != 44 or data[0] != 1 or page_checksum(data) != data[40:]:
        raise ValueError("page")
    return {"set": data[1:5], "needed": data[5], "page": data[6], "share": data[7:40]}


def secret_of_pages(pages, wordlist):
    read = [read_page(page, wordlist) for page in pages]
    if len({page["set"] for page in read}) != 1 or len(read) < read[0]["needed"]:
        raise ValueError("set")
    return bytes(at_zero([(page["share"][32], page["share"][i]) for page in read]) for i in range(32))


def make_pages(order, wordlist):
    """Pages of a polynomial whose coefficients the test draws."""
    secret, set_id = bytes.fromhex(order["secret"]), bytes.fromhex(order["set"])
    rows = [secret] + [bytes.fromhex(row) for row in order["coefficients"]]
    pages = []
    for number, x in enumerate(order["points"], 1):
        share = bytearray()
        for i in range(32):
            value, power = 0, 1
            for row in rows:
                value ^= times(row[i], power)
                power = times(power, x)
            share.append(value)
        data = bytes([1]) + set_id + bytes([len(rows), number]) + bytes(share) + bytes([x])
        pages.append(bytes_to_words(data + page_checksum(data), wordlist))
    return pages


def open_header(file, secret):
    outer = json.loads(file)
    body = base64.b64decode(outer["body"], validate=True)
    inner = json.loads(body)
    records = [base64.b64decode(slot, validate=True) for slot in inner["slots"]]
    generation, master, sign_public = open_slots(secret, bytes.fromhex(inner["id"]), records, b"\x00")
    if header_mac(master, body) != base64.b64decode(outer["mac"]) or generation != inner["generation"]:
        raise ValueError("header")
    return {"signPublic": sign_public.hex(), "seq": inner["seq"]}


def main():
    order = json.load(sys.stdin)
    wordlist = order["list"]
    command = sys.argv[1]
    if command == "secret-of-words":
        result = [secret_of_words(words, wordlist).hex() for words in order["words"]]
    elif command == "words-of-secret":
        result = [words_of_secret(bytes.fromhex(secret), wordlist) for secret in order["secrets"]]
    elif command == "secret-of-pages":
        result = secret_of_pages(order["pages"], wordlist).hex()
    elif command == "make-pages":
        result = make_pages(order, wordlist)
    elif command == "commitment":
        result = blake2b(32, b"RSG share set v1\x00", bytes.fromhex(order["secret"])).hex()
    elif command == "open-by-words":
        result = open_header(order["file"], secret_of_words(order["words"], wordlist))
    elif command == "open-by-pages":
        result = open_header(order["file"], secret_of_pages(order["pages"], wordlist))
    else:
        raise SystemExit(f"unknown command {command}")
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
