//! One key in any spelling that issuers use: whatever the case, the escapes, the order and the noise, it reads as that key.

#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use otp_core::{Algorithm, Counter, Digits, Period, Secret};
use otp_fuzz::key_uri::{self, Fields};
use otp_uri::{Account, Issuer, KeyUri, Kind};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(Unstructured::new(data));
    let key = Key::from(&mut input);
    what_is_built_reads_back(&key);

    let mut speller = Speller {
        input,
        strict: Strict::Same,
    };
    let text = speller.spell(&key);
    if text.len() > KeyUri::MAX_LEN {
        return;
    }
    let lenient = KeyUri::parse_lenient(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(Fields::of(&lenient), key.fields(), "{text}");
    let strict = KeyUri::parse(&text).map(|uri| Fields::of(&uri));
    match speller.strict {
        Strict::Same => assert_eq!(strict, Ok(key.fields()), "{text}"),
        Strict::Another => assert_ne!(strict, Ok(key.fields()), "{text}"),
        Strict::Refused => assert!(strict.is_err(), "{text}"),
    }
    key_uri::check_text(&text);
});

/// Through the builder: the key without unknown parameters, and of more than 128 bytes its hash.
fn what_is_built_reads_back(key: &Key) {
    let secret = Secret::import_long(&key.bytes, key.kind.algorithm()).unwrap();
    let account = Account::new(&key.account).unwrap();
    let mut built = KeyUri::new(key.kind, account, &secret);
    if let Some(issuer) = &key.issuer {
        built = built.with_issuer(Issuer::new(issuer).unwrap());
    }
    let expected = Fields {
        key: secret.expose().to_vec(),
        unknown: Vec::new(),
        ..key.fields()
    };
    assert_eq!(Fields::of(&built), expected);
    key_uri::check_key(&built, KeyUri::parse);
    let read = KeyUri::parse(built.to_text().expose()).unwrap();
    assert_eq!(read.label(), built.label());
    assert_eq!(read.warnings(), built.warnings());
}

/// What is left of the input; zeros after its end.
struct Input<'a>(Unstructured<'a>);

impl Input<'_> {
    fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or_default()
    }

    fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }

    fn number(&mut self) -> u64 {
        self.0.arbitrary().unwrap_or_default()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let count = count.min(self.0.len());
        self.0.bytes(count).unwrap_or_default().to_vec()
    }

    fn text(&mut self) -> String {
        let count = self.below(32).into();
        String::from_utf8_lossy(&self.bytes(count)).into_owned()
    }
}

struct Key {
    kind: Kind,
    issuer: Option<String>,
    account: String,
    bytes: Vec<u8>,
    unknown: Vec<(String, String)>,
}

impl Key {
    fn from(input: &mut Input<'_>) -> Self {
        let algorithm = Algorithm::ALL[usize::from(input.below(3))];
        let digits = Digits::ALL[usize::from(input.below(3))];
        let kind = match input.below(5) {
            0 => Kind::default(),
            1 => Kind::Steam,
            2 => Kind::Hotp {
                algorithm,
                digits,
                counter: Counter::new(input.number()),
            },
            3 => Kind::Hotp {
                algorithm,
                digits,
                counter: Counter::default(),
            },
            _ => Kind::Totp {
                algorithm,
                digits,
                period: u32::try_from(input.number() >> 33)
                    .ok()
                    .and_then(|seconds| Period::new(seconds).ok())
                    .unwrap_or_default(),
            },
        };
        let issuer = input.text();
        let account = input.text();
        // Mostly of a usual length; some longer than a block.
        let length = match input.byte() {
            usual @ 0..250 => usual % 65,
            long => long - 121,
        };
        let mut bytes = input.bytes(length.into());
        if bytes.is_empty() {
            bytes = b"12345678901234567890".to_vec();
        }
        let unknown = (0..input.below(3))
            .map(|_| (input.text(), input.text()))
            .filter(|(name, value)| {
                let known = KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known));
                !name.is_empty()
                    && !known
                    && !name.contains(char::is_control)
                    && !value.contains(char::is_control)
            })
            .collect();
        Self {
            kind,
            issuer: Issuer::new(&issuer)
                .ok()
                .map(|issuer| issuer.as_str().to_owned()),
            account: Account::new(&account)
                .map_or_else(|_| "bob".to_owned(), |account| account.as_str().to_owned()),
            bytes,
            unknown,
        }
    }

    fn fields(&self) -> Fields {
        Fields {
            kind: self.kind,
            issuer: self.issuer.clone(),
            account: self.account.clone(),
            key: self.bytes.clone(),
            unknown: self.unknown.clone(),
        }
    }
}

const KNOWN: [&str; 7] = [
    "secret",
    "issuer",
    "algorithm",
    "digits",
    "period",
    "counter",
    "encoder",
];

/// Spells a key. Where the input is at its end, in the plainest way.
struct Speller<'a> {
    input: Input<'a>,
    /// What strict reading has to make of it.
    strict: Strict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strict {
    Same,
    /// A `+` stands for a space, and is a plus sign to strict reading.
    Another,
    Refused,
}

/// Where a text stands, which decides what has to be escaped.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Label,
    Name,
    Value,
    /// A value in which a space may be a `+`.
    FormValue,
}

impl Speller<'_> {
    fn chance(&mut self) -> bool {
        self.input.byte() & 1 == 1
    }

    /// One in eight, for what makes a text one for lenient reading alone.
    fn rarely(&mut self) -> bool {
        self.input.byte() & 7 == 7
    }

    /// The same for what always does.
    fn leniently(&mut self) -> bool {
        let chosen = self.rarely();
        if chosen {
            self.strict = Strict::Refused;
        }
        chosen
    }

    fn choose<'s>(&mut self, from: &[&'s str]) -> &'s str {
        from[usize::from(self.input.byte()) % from.len()]
    }

    fn spell(&mut self, key: &Key) -> String {
        let scheme = match self.leniently() {
            true => "apple-otpauth",
            false => "otpauth",
        };
        let steam_type = key.kind == Kind::Steam && self.leniently();
        let kind = match key.kind {
            Kind::Hotp { .. } => "hotp",
            Kind::Steam if steam_type => "steam",
            Kind::Totp { .. } | Kind::Steam => "totp",
        };
        let (scheme, kind) = (self.any_case(scheme), self.any_case(kind));
        let (label, issuer) = self.label(key);
        let query = self.query(key, issuer, steam_type);
        let (before, after) = match self.leniently() {
            true => (" \n", "\t"),
            false => ("", ""),
        };
        format!("{before}{scheme}://{kind}/{label}?{query}{after}")
    }

    /// The label, and what is left for the parameter.
    fn label<'key>(&mut self, key: &'key Key) -> (String, Option<&'key str>) {
        let account = self.escape(&key.account, Place::Label);
        let Some(issuer) = key.issuer.as_deref() else {
            return (account, None);
        };
        let (prefix, parameter) = match self.input.below(5) {
            0 | 1 => (issuer, Some(issuer)),
            2 => (issuer, None),
            // The parameter is what counts.
            3 => ("Other", Some(issuer)),
            _ => return (account, Some(issuer)),
        };
        let prefix = self.escape(prefix, Place::Label);
        let colon = self.choose(&[":", "%3A", "%3a"]);
        let space = self.choose(&["", "%20", "%20%20"]);
        (format!("{prefix}{colon}{space}{account}"), parameter)
    }

    fn query(&mut self, key: &Key, issuer: Option<&str>, steam_type: bool) -> String {
        let mut parameters = self.known_parameters(key, issuer, steam_type);
        if self.leniently() {
            let twice = usize::from(self.input.byte()) % parameters.len();
            parameters.push(parameters[twice].clone());
        }
        for incomplete in ["", "=x", "="] {
            if self.leniently() {
                parameters.push(incomplete.to_owned());
            }
        }
        for place in (1..parameters.len()).rev() {
            let other = usize::from(self.input.byte()) % (place + 1);
            parameters.swap(place, place - other);
        }
        // Unknown ones come anywhere, but in their order.
        let mut place = 0;
        for (name, value) in &key.unknown {
            let name = self.escape(name, Place::Name);
            let parameter = if value.is_empty() && self.leniently() {
                name
            } else {
                format!("{name}={}", self.escape(value, Place::FormValue))
            };
            place += usize::from(self.input.byte()) % (parameters.len() - place + 1);
            parameters.insert(place, parameter);
            place += 1;
        }
        parameters.join("&")
    }

    fn known_parameters(
        &mut self,
        key: &Key,
        issuer: Option<&str>,
        steam_type: bool,
    ) -> Vec<String> {
        let mut parameters = vec![self.secret(&key.bytes)];
        if let Some(issuer) = issuer {
            let issuer = self.escape(issuer, Place::FormValue);
            parameters.push(self.parameter("issuer", &issuer));
        }
        if key.kind.algorithm() != Algorithm::default() || self.chance() {
            let name = self.algorithm(key.kind.algorithm());
            parameters.push(self.parameter("algorithm", &name));
        }
        let code_len = key.kind.code_len();
        if matches!(code_len, 7 | 8) || self.chance() {
            let digits = self.decimal(code_len.into());
            parameters.push(self.parameter("digits", &digits));
        }
        let period = key.kind.period().map(Period::seconds);
        if period.is_some_and(|period| period != 30) || self.chance() {
            // One that a HOTP key does not have may be any.
            let period = self.decimal(period.unwrap_or(0).into());
            parameters.push(self.parameter("period", &period));
        }
        let counter = key.kind.counter().map(Counter::get);
        let left_out = match counter {
            None => !self.chance(),
            Some(0) => self.leniently(),
            Some(_) => false,
        };
        if !left_out {
            let counter = self.decimal(counter.unwrap_or(9));
            parameters.push(self.parameter("counter", &counter));
        }
        if key.kind == Kind::Steam && !steam_type {
            let steam = self.any_case("steam");
            let steam = self.escape(&steam, Place::Value);
            parameters.push(self.parameter("encoder", &steam));
        } else if self.chance() && key.kind != Kind::Steam {
            parameters.push(self.parameter("encoder", ""));
        }
        parameters
    }

    fn secret(&mut self, bytes: &[u8]) -> String {
        let mut symbols = otp_fuzz::base32::encode(bytes);
        let leftover_bits = !(symbols.len() * 5).is_multiple_of(8);
        if leftover_bits && self.chance() {
            symbols = with_the_last_bit_set(&symbols);
        }
        // With one more, the length is that of no bytes.
        if matches!(symbols.len() % 8, 0 | 2 | 5) && self.leniently() {
            symbols.push('M');
        }
        let separated = self.rarely();
        let symbols = self.any_case(&symbols);
        let mut secret = String::new();
        for (place, symbol) in symbols.char_indices() {
            // Not after the last one, as a space there may be one at the end of the text.
            let separator = match separated && place > 0 {
                true => self.choose(&["", "-", "%20", " ", "+", "%2D"]),
                false => "",
            };
            if !separator.is_empty() {
                self.strict = Strict::Refused;
            }
            secret.push_str(separator);
            secret.push_str(&self.escape(symbol.encode_utf8(&mut [0; 4]), Place::Value));
        }
        if self.leniently() {
            secret.push_str(self.choose(&["=", "===", "%3D", "========"]));
        }
        self.parameter("secret", &secret)
    }

    fn algorithm(&mut self, algorithm: Algorithm) -> String {
        let mut name = algorithm.name().to_owned();
        if self.leniently() {
            let bits = &algorithm.name()["SHA".len()..];
            let before = self.choose(&["SHA-", "HmacSHA", "HMAC-SHA", "HmacSHA-", "HMAC-SHA-"]);
            name = format!("{before}{bits}");
        }
        let name = self.any_case(&name);
        self.escape(&name, Place::Value)
    }

    /// Leading zeros change nothing.
    fn decimal(&mut self, number: u64) -> String {
        let zeros = self.choose(&["", "0", "000"]);
        self.escape(&format!("{zeros}{number}"), Place::Value)
    }

    fn parameter(&mut self, name: &str, value: &str) -> String {
        let name = self.any_case(name);
        format!("{}={value}", self.escape(&name, Place::Name))
    }

    fn any_case(&mut self, text: &str) -> String {
        if !self.chance() {
            return text.to_owned();
        }
        let any = |letter: char| match self.chance() {
            true if letter.is_ascii_lowercase() => letter.to_ascii_uppercase(),
            true => letter.to_ascii_lowercase(),
            false => letter,
        };
        text.chars().map(any).collect()
    }

    /// Escapes what has to be, and some of what has not.
    fn escape(&mut self, text: &str, place: Place) -> String {
        let (more, raw) = (self.chance(), self.rarely());
        let mut escaped = String::new();
        for (at, character) in text.char_indices() {
            let at_an_end = at == 0 || at + character.len_utf8() == text.len();
            if raw && character == ' ' && place == Place::FormValue && self.chance() {
                self.strict = Strict::Another.max(self.strict);
                escaped.push('+');
                continue;
            }
            let standing = RFC_3986.contains(character);
            let needed = match character {
                '%' => true,
                '?' => place == Place::Label,
                '&' | '+' => place != Place::Label,
                '=' => place == Place::Name,
                // A space there may be one at the end of the text.
                ' ' => !raw || at_an_end,
                _ => !raw && !standing,
            };
            if needed || more && self.chance() {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    escaped.push_str(&match self.chance() {
                        true => format!("%{byte:02x}"),
                        false => format!("%{byte:02X}"),
                    });
                }
            } else {
                escaped.push(character);
                if !standing {
                    self.strict = Strict::Refused;
                }
            }
        }
        escaped
    }
}

/// What may stand in a URI as it is, RFC 3986 §2.
const RFC_3986: &str =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=";

/// That bit is one of those after the last byte.
fn with_the_last_bit_set(symbols: &str) -> String {
    let bits = otp_fuzz::base32::bits(symbols).unwrap();
    let (before, last) = symbols.split_at(symbols.len() - 1);
    let last = ('A'..='Z')
        .chain('2'..='7')
        .find(|symbol| {
            let symbol = otp_fuzz::base32::bits(symbol.encode_utf8(&mut [0; 4])).unwrap();
            symbol == format!("{}1", &bits[bits.len() - 5..bits.len() - 1])
        })
        .unwrap_or_else(|| last.chars().next().unwrap());
    format!("{before}{last}")
}
