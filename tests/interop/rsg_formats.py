"""Second implementation of the formats, written from docs/formats alone, on PyNaCl.

It shares no line with the product: what both agree on is what the documents say. Used by the
interop tests; every command reads and writes plain files and JSON.
"""

import base64
import hashlib
import hmac
import json
import sys
from math import floor

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

CHUNK = 65536


def blake2b(size, data, key=b""):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def kdf(key, number, context):
    """crypto_kdf: BLAKE2b keyed, salt = number (u64 little endian), personal = context."""
    return hashlib.blake2b(
        b"", digest_size=32, key=key, salt=number.to_bytes(8, "little") + bytes(8),
        person=context.encode() + bytes(8),
    ).digest()


def aead_encrypt(message, ad, nonce, key):
    return bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(message, ad, nonce, key)


def aead_decrypt(sealed, ad, nonce, key):
    return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, ad, nonce, key)


def field(data):
    return len(data).to_bytes(4, "big") + data


# Objects


def padme(x):
    if x < 4096:
        return 4096
    e = x.bit_length() - 1
    s = floor(e).bit_length()
    m = 1 << (e - s)
    return (x + m - 1) // m * m


def object_header(key, object_id, prefix):
    start = b"RSGOBJ\x00\x01" + bytes([16]) + bytes(7) + object_id + prefix + b"\x00"
    return start + blake2b(16, b"RSG object commit v1\x00" + start, key)


def write_object(content, key, object_id, prefix):
    header = object_header(key, object_id, prefix)
    size = padme(len(content) + 8)
    stream = content + bytes(size - 8 - len(content)) + len(content).to_bytes(8, "little")
    count = -(-size // CHUNK)
    out = [header]
    for i in range(count):
        nonce = prefix + i.to_bytes(8, "big") + (b"\x01" if i == count - 1 else b"\x00")
        out.append(aead_encrypt(stream[i * CHUNK:(i + 1) * CHUNK], header, nonce, key))
    return b"".join(out)


def open_object(data, key, object_id, length):
    header = data[:64]
    prefix = header[32:47]
    if header != object_header(key, object_id, prefix):
        raise ValueError("header")
    body = data[64:]
    count = -(-len(body) // (CHUNK + 16))
    size = len(body) - 16 * count
    if padme(size) != size or padme(length + 8) != size:
        raise ValueError("size")
    plain = []
    for i in range(count):
        nonce = prefix + i.to_bytes(8, "big") + (b"\x01" if i == count - 1 else b"\x00")
        plain.append(aead_decrypt(body[i * (CHUNK + 16):(i + 1) * (CHUNK + 16)], header, nonce, key))
    stream = b"".join(plain)
    if int.from_bytes(stream[-8:], "little") != length or any(stream[length:-8]):
        raise ValueError("trailer")
    return stream[:length]


# Header and slots


def access_key(passphrase, salt, ops, mem):
    return pwhash.argon2id.kdf(32, passphrase, salt, opslimit=ops, memlimit=mem)


def slot_kek(access, vault_id, slot_id, factor):
    return blake2b(32, b"RSG slot kek v1\x00" + vault_id + slot_id + factor, access)


def slot_keys(secret):
    box_public, box_secret = bindings.crypto_box_seed_keypair(kdf(secret, 1, "RSGslot1"))
    sign_public, sign_secret = bindings.crypto_sign_seed_keypair(kdf(secret, 2, "RSGslot1"))
    return box_public, box_secret, sign_public, sign_secret


def seal_slot(access, vault_id, slot_id, factor, nonce, secret, generation, master):
    sealed = aead_encrypt(
        secret, b"RSG slot v1\x00" + vault_id + slot_id, nonce,
        slot_kek(access, vault_id, slot_id, factor),
    )
    message = generation.to_bytes(4, "big") + master
    return slot_id + nonce + sealed + bindings.crypto_box_seal(message, slot_keys(secret)[0])


def open_slots(access, vault_id, records, factor):
    found = []
    for record in records:
        slot_id, nonce = record[:16], record[16:40]
        try:
            secret = aead_decrypt(
                record[40:88], b"RSG slot v1\x00" + vault_id + slot_id, nonce,
                slot_kek(access, vault_id, slot_id, factor),
            )
        except CryptoError:
            continue
        box_public, box_secret, sign_public, _ = slot_keys(secret)
        message = bindings.crypto_box_seal_open(record[88:], box_public, box_secret)
        found.append((int.from_bytes(message[:4], "big"), message[4:], sign_public))
    if len(found) != 1:
        raise ValueError(f"{len(found)} slots open")
    return found[0]


def header_mac(master, body):
    return blake2b(32, b"RSG header v1\x00" + body, kdf(master, 1, "RSGmast1"))


def open_header(file, passphrase, factor):
    outer = json.loads(file)
    if set(outer) != {"format", "version", "body", "mac"} or outer["version"] != 1:
        raise ValueError("outer")
    body = base64.b64decode(outer["body"], validate=True)
    inner = json.loads(body)
    epoch = inner["epochs"][-1]
    access = access_key(passphrase, bytes.fromhex(epoch["salt"]), epoch["ops"], epoch["mem"])
    records = [base64.b64decode(slot, validate=True) for slot in inner["slots"]]
    generation, master, sign_public = open_slots(access, bytes.fromhex(inner["id"]), records, factor)
    if header_mac(master, body) != base64.b64decode(outer["mac"]):
        raise ValueError("mac")
    if generation != inner["generation"]:
        raise ValueError("generation")
    return {
        "master": master.hex(), "signPublic": sign_public.hex(), "id": inner["id"],
        "seq": inner["seq"], "database": inner["database"], "hash": blake2b(32, body).hex(),
    }


def make_header(order):
    """With spaces and another order of keys than the product writes: both are JSON."""
    vault_id, master = bytes.fromhex(order["id"]), bytes.fromhex(order["master"])
    salt = bytes.fromhex(order["salt"])
    access = access_key(order["passphrase"].encode(), salt, 3, 64 * 1024 * 1024)
    record = seal_slot(
        access, vault_id, bytes.fromhex(order["slotId"]), b"\x00", bytes.fromhex(order["nonce"]),
        bytes.fromhex(order["secret"]), 1, master,
    )
    unused = [bytes.fromhex(slot) for slot in order["unused"]]
    body = json.dumps({
        "slots": [base64.b64encode(slot).decode() for slot in [*unused, record]],
        "epochs": [{"alg": "argon2id13", "mem": 64 * 1024 * 1024, "n": 1, "ops": 3, "salt": salt.hex()}],
        "minAppFormat": 1, "database": "vault-0123456789abcdef.db", "generation": 1,
        "prev": "00" * 32, "seq": 5, "use": "practice", "id": vault_id.hex(),
    }, indent=1).encode()
    return json.dumps({
        "mac": base64.b64encode(header_mac(master, body)).decode(),
        "body": base64.b64encode(body).decode(), "version": 1, "format": "resguardo-vault",
    })


# Journal and anchor


def entry_hash(entry, vault_id):
    parts = [
        bytes([1]), vault_id, bytes.fromhex(entry["incarnation"]), bytes.fromhex(entry["device"]),
        entry["seq"].to_bytes(8, "big"), bytes.fromhex(entry["prev"]), bytes.fromhex(entry["hlc"]),
        bytes.fromhex(entry["actor"]), entry["method"].encode(), entry["table"].encode(),
        entry["id"].encode(), bytes.fromhex(entry["after"]), bytes.fromhex(entry["commitment"]),
    ]
    return blake2b(32, b"RSG journal v1\x00" + b"".join(map(field, parts)))


def row_hash(table, row_id, cells):
    out = [b"RSG row v1\x00", field(table.encode()), field(row_id.encode())]
    for kind, value in cells:
        if kind == "null":
            out.append(b"\x00" + field(b""))
        elif kind == "integer":
            out.append(b"\x01" + field(int(value).to_bytes(8, "big", signed=True)))
        elif kind == "real":
            out.append(b"\x02" + field(bytes.fromhex(value)))
        elif kind == "text":
            out.append(b"\x03" + field(value.encode()))
        else:
            out.append(b"\x04" + field(bytes.fromhex(value)))
    return blake2b(32, b"".join(out))


def verify_journal(export):
    """Gives the first position that does not hold, or None."""
    vault_id = bytes.fromhex(export["vaultId"])
    prev, expected = bytes(32).hex(), 1
    for position, entry in enumerate(export["entries"]):
        digest = entry_hash(entry, vault_id)
        try:
            if entry["seq"] != expected or entry["prev"] != prev or entry["hash"] != digest.hex():
                return position
            signed = bytes.fromhex(entry["signature"]) + b"RSG journal sig v1\x00" + digest
            bindings.crypto_sign_open(signed, bytes.fromhex(entry["actor"]))
        except Exception:  # a bad signature and a malformed entry are both "does not hold"
            return position
        payload = entry.get("payload")
        if payload is not None:
            mine = blake2b(32, bytes.fromhex(payload["bytes"]), bytes.fromhex(payload["salt"]))
            if mine.hex() != entry["commitment"]:
                return position
        prev, expected = entry["hash"], expected + 1
    return None


def open_anchor(record, master):
    if blake2b(32, record[:128], kdf(master, 4, "RSGmast1")) != record[128:]:
        raise ValueError("mac")
    if record[:8] != b"RSGANCH\x01":
        raise ValueError("magic")
    return {
        "vaultId": record[8:24].hex(), "incarnation": record[24:40].hex(),
        "counter": int.from_bytes(record[40:48], "big"), "generation": int.from_bytes(record[48:52], "big"),
        "headerSeq": int.from_bytes(record[56:64], "big"), "journalSeq": int.from_bytes(record[64:72], "big"),
        "journalHead": record[72:104].hex(),
    }


# Backups


def snapshot_key(backup_key, snapshot_id):
    return blake2b(32, b"RSG snapshot v1\x00" + snapshot_id, backup_key)


def catalogue_mac(backup_key, body):
    return blake2b(32, b"RSG catalogue v1\x00" + body, backup_key)


def object_set_hash(ids):
    return blake2b(32, b"".join(sorted(ids)))


ENTRY_KEYS = {
    "n", "time", "id", "file", "bytes", "sha256", "incarnation", "journalSeq", "position", "head", "headerSeq",
    "header", "generation", "objectCount", "objects",
}
BODY_KEYS = {"vault", "target", "n", "prev", "time", "generation", "header", "snapshots"}


def open_catalogue(path, master):
    with open(path, "rb") as file:
        outer = json.load(file)
    assert set(outer) == {"format", "version", "body", "mac"}
    assert outer["format"] == "resguardo-backup" and outer["version"] == 1
    body = base64.b64decode(outer["body"], validate=True)
    key = kdf(master, 6, "RSGmast1")
    assert catalogue_mac(key, body) == base64.b64decode(outer["mac"], validate=True)
    inner = json.loads(body)
    assert set(inner) == BODY_KEYS
    for entry in inner["snapshots"]:
        assert set(entry) == ENTRY_KEYS
        assert entry["file"] == entry["id"] + ".db"
    return {
        "vault": inner["vault"],
        "hash": blake2b(32, body).hex(),
        "snapshots": [
            {**entry, "key": snapshot_key(key, bytes.fromhex(entry["id"])).hex()} for entry in inner["snapshots"]
        ],
    }


def make_catalogue(order):
    body = json.dumps(order["body"]).encode()
    key = kdf(bytes.fromhex(order["master"]), 6, "RSGmast1")
    outer = {
        "mac": base64.b64encode(catalogue_mac(key, body)).decode(),
        "body": base64.b64encode(body).decode(),
        "version": 1,
        "format": "resguardo-backup",
    }
    with open(order["path"], "w", encoding="utf-8") as file:
        json.dump(outer, file)
    return {"hash": blake2b(32, body).hex()}


def open_snapshot(path, key):
    """First page of a SQLCipher 4 database under a raw key: HMAC-SHA512 over ciphertext, IV and page number."""
    with open(path, "rb") as file:
        page = file.read(4096)
    salt = page[:16]
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
    told = page[4096 - 80 + 16:4096]
    made = hmac.new(mac_key, page[16:4096 - 80 + 16] + (1).to_bytes(4, "little"), hashlib.sha512).digest()
    return {"salt": salt.hex(), "fits": hmac.compare_digest(told, made)}


def main():
    command, order = sys.argv[1], json.load(sys.stdin)
    if command == "object-vectors":
        key, object_id, prefix = bytes(range(32)), bytes(range(0x20, 0x30)), bytes(range(0x30, 0x3F))
        result = []
        for length in order["lengths"]:
            content = bytes((7 * i + 3) % 256 for i in range(length))
            data = write_object(content, key, object_id, prefix)
            result.append([length, len(data), hashlib.sha256(data).hexdigest()])
    elif command == "open-objects":
        result = []
        for item in order["objects"]:
            with open(item["path"], "rb") as file:
                content = open_object(
                    file.read(), bytes.fromhex(item["key"]), bytes.fromhex(item["id"]), item["length"]
                )
            result.append(hashlib.sha256(content).hexdigest())
    elif command == "write-objects":
        result = []
        for item in order["objects"]:
            content = hashlib.shake_256(item["seed"].encode()).digest(item["length"])
            data = write_object(
                content, bytes.fromhex(item["key"]), bytes.fromhex(item["id"]), bytes.fromhex(item["prefix"])
            )
            with open(item["path"], "wb") as file:
                file.write(data)
            result.append(hashlib.sha256(content).hexdigest())
    elif command == "keys":
        master = bytes.fromhex(order["master"])
        result = [kdf(master, number, "RSGmast1").hex() for number in range(1, 7)]
    elif command == "kek":
        access = access_key(order["passphrase"].encode(), bytes.fromhex(order["salt"]), 3, 64 * 1024 * 1024)
        kek = slot_kek(access, bytes.fromhex(order["vaultId"]), bytes.fromhex(order["slotId"]), b"\x00")
        result = {"access": access.hex(), "kek": kek.hex()}
    elif command == "open-header":
        result = open_header(order["file"], order["passphrase"].encode(), bytes.fromhex(order["factor"]))
    elif command == "make-header":
        result = make_header(order)
    elif command == "verify-journal":
        result = verify_journal(order)
    elif command == "row-hash":
        result = row_hash(order["table"], order["id"], order["cells"]).hex()
    elif command == "open-anchor":
        result = open_anchor(bytes.fromhex(order["record"]), bytes.fromhex(order["master"]))
    elif command == "snapshot-key":
        result = snapshot_key(bytes.fromhex(order["backupKey"]), bytes.fromhex(order["id"])).hex()
    elif command == "object-set":
        result = object_set_hash([bytes.fromhex(one) for one in order["ids"]]).hex()
    elif command == "open-catalogue":
        result = open_catalogue(order["path"], bytes.fromhex(order["master"]))
    elif command == "make-catalogue":
        result = make_catalogue(order)
    elif command == "open-snapshot":
        result = open_snapshot(order["path"], bytes.fromhex(order["key"]))
    else:
        raise SystemExit(f"unknown command {command}")
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
