"""Makes the files of this folder, by implementations that are not ours.

    pip install cryptography protobuf "qrcode[pil]"
    python make.py

Every key and every password is made up here; nothing is copied from another project. Run twice, it writes the same files.
"""

import base64
import hashlib
import hmac
import json
import struct
import urllib.parse
import uuid

import qrcode
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from PIL import Image

NOW = 1_700_000_000
PASSWORD = "correct horse Zoë"


def made_up(name, length):
    """Bytes that nobody uses."""
    return hashlib.shake_256(b"authenticator test data: " + name.encode()).digest(length)


def b32(key):
    return base64.b32encode(key).decode().rstrip("=")


KEYS = [
    # kind, issuer, account, length of the key, algorithm, digits, period, counter
    ("totp", "Acme", "bob@example.com", 20, "SHA1", 6, 30, None),
    ("totp", "Big: Bank", "zoë", 32, "SHA256", 8, 60, None),
    ("totp", "", "no issuer", 10, "SHA1", 6, 30, None),
    ("totp", "Blue", "seven", 64, "SHA512", 7, 15, None),
    ("hotp", "Token GmbH", "4711", 20, "SHA1", 6, None, 5),
    ("hotp", "Höhe", "hoch", 20, "SHA256", 8, None, 2**40),
    ("steam", "Steam", "gordon", 20, "SHA1", 5, 30, None),
]


def key_of(entry):
    kind, issuer, account, length, *_ = entry
    return made_up(f"{kind} {issuer} {account}", length)


def code(entry):
    """RFC 4226 and 6238, and Steam's letters."""
    kind, _, _, _, algorithm, digits, period, counter = entry
    step = counter if kind == "hotp" else NOW // period
    digest = hmac.new(key_of(entry), struct.pack(">Q", step), algorithm.lower()).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    if kind == "steam":
        letters = "23456789BCDFGHJKMNPQRTVWXY"
        text = ""
        for _ in range(5):
            number, place = divmod(number, len(letters))
            text += letters[place]
        return text
    return str(number % 10**digits).zfill(digits)


def expected(entry):
    kind, issuer, account, _, algorithm, digits, period, counter = entry
    return {
        "kind": kind,
        "issuer": issuer,
        "account": account,
        "key": key_of(entry).hex(),
        "algorithm": algorithm,
        "digits": digits,
        "period": period,
        "counter": counter,
        "code": code(entry),
    }


def uri(entry, steam_type=False):
    kind, issuer, account, _, algorithm, digits, period, counter = entry
    quote = lambda text: urllib.parse.quote(text, safe="")
    label = (quote(issuer) + ":" if issuer else "") + quote(account)
    query = {"secret": b32(key_of(entry)), "issuer": issuer, "algorithm": algorithm, "digits": digits}
    query["counter" if kind == "hotp" else "period"] = counter if kind == "hotp" else period
    query = {name: value for name, value in query.items() if value != ""}
    return f"otpauth://{kind}/{label}?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote)


def aegis_entry(entry):
    kind, issuer, account, _, algorithm, digits, period, counter = entry
    info = {"secret": b32(key_of(entry)), "algo": algorithm, "digits": digits}
    info["counter" if kind == "hotp" else "period"] = counter if kind == "hotp" else period
    return {
        "type": kind,
        "uuid": str(uuid.UUID(bytes=made_up(f"uuid {account}", 16), version=4)),
        "name": account,
        "issuer": issuer,
        "note": "a note",
        "favorite": False,
        "icon": None,
        "info": info,
        "groups": ["3f2a58b1-91f8-4f0c-8d34-4a8ea5ab7fbb"],
    }


def aegis_database(version):
    other = {
        "type": "yandex",
        "uuid": str(uuid.UUID(bytes=made_up("uuid yandex", 16), version=4)),
        "name": "ivan",
        "issuer": "Yandex",
        "note": "",
        "icon": None,
        "info": {"secret": b32(made_up("yandex", 16)), "algo": "SHA256", "digits": 8, "period": 30, "pin": "1234"},
    }
    groups = [{"uuid": "3f2a58b1-91f8-4f0c-8d34-4a8ea5ab7fbb", "name": "Work"}]
    return {"version": version, "entries": [aegis_entry(entry) for entry in KEYS] + [other], "groups": groups}


def sealed(key, plain, name):
    nonce = made_up("nonce " + name, 12)
    both = AESGCM(key).encrypt(nonce, plain, None)
    return both[:-16], {"nonce": nonce.hex(), "tag": both[-16:].hex()}


def password_slot(password, master, name, n):
    salt = made_up("salt " + name, 32)
    key = Scrypt(salt=salt, length=32, n=n, r=8, p=1).derive(password.encode())
    wrapped, params = sealed(key, master, "slot " + name)
    return {
        "type": 1,
        "uuid": str(uuid.UUID(bytes=made_up("uuid " + name, 16), version=4)),
        "key": wrapped.hex(),
        "key_params": params,
        "n": n,
        "r": 8,
        "p": 1,
        "salt": salt.hex(),
        "repaired": True,
        "is_backup": False,
    }


def aegis_encrypted():
    """A slot of the phone's key store, one of another password, and that of PASSWORD, with what Aegis asks of scrypt."""
    master = made_up("master", 32)
    biometric, params = sealed(made_up("key store", 32), master, "biometric")
    slots = [
        {"type": 2, "uuid": str(uuid.UUID(int=2)), "key": biometric.hex(), "key_params": params},
        password_slot("another password", master, "other", 2**10),
        password_slot(PASSWORD, master, "main", 2**15),
    ]
    content, params = sealed(master, json.dumps(aegis_database(3), indent=4).encode(), "content")
    header = {"slots": slots, "params": params}
    return {"version": 1, "header": header, "db": base64.b64encode(content).decode()}


def two_fas():
    services = []
    for position, entry in enumerate(KEYS):
        kind, issuer, account, _, algorithm, digits, period, counter = entry
        otp = {
            "label": f"{issuer}:{account}" if issuer else account,
            "account": account,
            "issuer": issuer,
            "digits": digits,
            "period": period,
            "algorithm": algorithm,
            "counter": counter,
            "tokenType": kind.upper(),
            "source": "Link",
        }
        services.append(
            {
                "name": issuer,
                "secret": b32(key_of(entry)).lower(),
                "updatedAt": NOW * 1000,
                "otp": {name: value for name, value in otp.items() if value is not None},
                "order": {"position": position},
                "icon": {
                    "selected": "Label",
                    "label": {"text": "XX", "backgroundColor": "Pink"},
                    "iconCollection": {"id": str(uuid.UUID(bytes=made_up("icon", 16), version=4))},
                },
            }
        )
    rest = {"groups": [], "updatedAt": NOW * 1000, "appVersionCode": 5000030, "appVersionName": "5.4.9", "appOrigin": "android"}
    return {"services": services, "schemaVersion": 4, **rest}


def two_fas_encrypted():
    part = lambda name, length: base64.b64encode(made_up(name, length)).decode()
    parts = [part("2fas data", 64), part("2fas salt", 256), part("2fas iv", 12)]
    encrypted = {"servicesEncrypted": ":".join(parts), "reference": ":".join(parts)}
    return {"services": [], "groups": [], "schemaVersion": 4, **encrypted}


def proton():
    entries = []
    for entry in KEYS:
        kind, issuer, account, *_ = entry
        steam = {"uri": "steam://" + b32(key_of(entry)), "entry_type": "Steam", "name": account}
        other = {"uri": uri(entry), "entry_type": "Totp", "name": account}
        content = steam if kind == "steam" else other
        # The app has no counters.
        if kind != "hotp":
            entries.append({"id": str(uuid.UUID(bytes=made_up("id " + account, 16), version=4)), "content": content, "note": None})
    return {"version": 1, "entries": entries}


def payload_class():
    """The message, as protobuf's own implementation makes it."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="migration.proto", package="data", syntax="proto3")
    types = {"bytes": field.TYPE_BYTES, "string": field.TYPE_STRING, "int32": field.TYPE_INT32, "int64": field.TYPE_INT64}
    entry = file.message_type.add(name="Entry")
    names = ["secret bytes", "name string", "issuer string", "algorithm int32", "digits int32", "type int32", "counter int64"]
    for number, name in enumerate(names, 1):
        name, kind = name.split()
        entry.field.add(name=name, number=number, type=types[kind], label=field.LABEL_OPTIONAL)
    payload = file.message_type.add(name="Payload")
    payload.field.add(name="entries", number=1, type=field.TYPE_MESSAGE, type_name=".data.Entry", label=field.LABEL_REPEATED)
    for number, name in enumerate(["version", "batch_size", "batch_index", "batch_id"], 2):
        payload.field.add(name=name, number=number, type=field.TYPE_INT32, label=field.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("data.Payload"))


def transfer_keys():
    """25 of the three algorithms, with six and eight digits, by time and by counter."""
    keys = []
    for number in range(25):
        counter = number * 1000 if number % 5 == 4 else None
        algorithm = ["SHA1", "SHA256", "SHA512"][number % 3]
        kind = "totp" if counter is None else "hotp"
        period = 30 if counter is None else None
        keys.append((kind, f"Site {number}", f"user{number}@example.com", 20, algorithm, [6, 8][number % 2], period, counter))
    return keys


def transfer(keys, batch_id):
    payload_of = payload_class()
    texts = []
    batches = [keys[start : start + 10] for start in range(0, len(keys), 10)]
    for index, batch in enumerate(batches):
        payload = payload_of(version=1, batch_size=len(batches), batch_index=index, batch_id=batch_id)
        for entry in batch:
            kind, issuer, account, _, algorithm, digits, _, counter = entry
            payload.entries.add(
                secret=key_of(entry),
                name=f"{issuer}:{account}",
                issuer=issuer,
                algorithm=["SHA1", "SHA256", "SHA512"].index(algorithm) + 1,
                digits={6: 1, 8: 2}[digits],
                type={"hotp": 1, "totp": 2}[kind],
                counter=counter or 0,
            )
        data = base64.b64encode(payload.SerializeToString()).decode()
        texts.append("otpauth-migration://offline?data=" + urllib.parse.quote(data, safe=""))
    return texts


def picture(name, texts, mode):
    """A screenshot with the codes side by side, on grey."""
    codes = []
    for text in texts:
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, box_size=4, border=4)
        code.add_data(text)
        codes.append(code.make_image().get_image().convert("RGB"))
    width = sum(code.width for code in codes) + 60 * (len(codes) + 1)
    page = Image.new("RGB", (width, max(code.height for code in codes) + 120), (200, 205, 210))
    left = 60
    for code in codes:
        page.paste(code, (left, 60))
        left += code.width + 60
    page.convert(mode).save(name, quality=40)


def write(name, value, indent=1):
    with open(name, "w", encoding="utf-8", newline="\n") as file:
        file.write(value if isinstance(value, str) else json.dumps(value, indent=indent, ensure_ascii=False) + "\n")


def main():
    write("expected.json", {"at": NOW, "keys": [expected(entry) for entry in KEYS]})
    write("transfer.expected.json", {"at": NOW, "keys": [expected(entry) for entry in transfer_keys()]})
    plain = {"version": 1, "header": {"slots": None, "params": None}, "db": aegis_database(3)}
    write("aegis.json", plain, indent=4)
    write("aegis-encrypted.json", aegis_encrypted(), indent=4)
    write("2fas.2fas", two_fas(), indent=None)
    write("2fas-encrypted.2fas", two_fas_encrypted(), indent=None)
    write("proton.json", proton(), indent=None)
    salted = {"version": 1, "salt": base64.b64encode(made_up("salt", 16)).decode(), "content": base64.b64encode(made_up("x", 80)).decode()}
    write("proton-encrypted.json", salted, indent=None)
    lines = ["# by hand, in Windows", ""] + [uri(entry) for entry in KEYS]
    write("list.txt", "\ufeff" + "\r\n".join(lines) + "\r\n")
    write("list.json", [uri(entry) for entry in KEYS])
    codes = transfer(transfer_keys(), -123456789)
    write("transfer.txt", "\n".join(codes) + "\n")
    picture("screenshot.png", [uri(KEYS[0]), uri(KEYS[4]), "https://id.example.com/device#AAAAAAAAAAAAAAAAAAAAAA.TOKEN.cGVyc29u"], "P")
    picture("transfer-1-and-3.jpg", [codes[0], codes[2]], "L")
    picture("transfer-2.png", [codes[1]], "1")


main()
