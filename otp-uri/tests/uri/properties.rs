//! What holds for every input.

use std::fmt::Debug;

use otp_core::{Algorithm, Counter, Digits, HotpParameters, Period, Secret, TotpParameters};
use otp_uri::migration::{self, Collector};
use otp_uri::{Account, Issuer, KeyUri, Kind, Warning, base32};
use proptest::prelude::*;
use proptest::sample::select;

/// 256 cases, or as many as `PROPTEST_CASES` says. A case that fails becomes a test with a name and not a file of seeds.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Names that can be shown.
fn name(max_chars: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            8 => prop::char::range('a', 'z'),
            4 => prop::char::range(' ', '~'),
            1 => prop::char::range('\u{a1}', '\u{24f}'),
            1 => select(vec!['漢', '🦀', 'é', '：', 'Ω']),
        ],
        1..=max_chars,
    )
    .prop_map(|characters| {
        let name: String = characters.into_iter().filter(|c| *c != ':').collect();
        name.trim().to_owned()
    })
}

fn issuer() -> impl Strategy<Value = Issuer> {
    name(Issuer::MAX_CHARS).prop_filter_map("no issuer", |name| Issuer::new(&name).ok())
}

fn account() -> impl Strategy<Value = Account> {
    name(Account::MAX_CHARS).prop_filter_map("no account", |name| Account::new(&name).ok())
}

fn kind() -> impl Strategy<Value = Kind> {
    let algorithm = select(Algorithm::ALL.as_slice());
    let digits = select(Digits::ALL.as_slice());
    let period = prop_oneof![
        Just(Period::default()),
        (1..=2_147_483_647_u32).prop_map(|seconds| Period::new(seconds).unwrap())
    ];
    prop_oneof![
        (algorithm.clone(), digits.clone(), period).prop_map(|(algorithm, digits, period)| {
            Kind::try_from(
                TotpParameters::default()
                    .with_algorithm(algorithm)
                    .with_digits(digits)
                    .with_period(period),
            )
            .unwrap()
        }),
        (algorithm, digits, any::<u64>()).prop_map(|(algorithm, digits, counter)| {
            Kind::hotp(
                HotpParameters::default()
                    .with_algorithm(algorithm)
                    .with_digits(digits),
                Counter::new(counter),
            )
        }),
        Just(Kind::Steam),
    ]
}

fn key() -> impl Strategy<Value = KeyUri> {
    let secret = prop::collection::vec(any::<u8>(), 1..=128);
    (kind(), prop::option::of(issuer()), account(), secret).prop_map(
        |(kind, issuer, account, secret)| {
            let uri = KeyUri::new(kind, account, &Secret::import(&secret).unwrap());
            match issuer {
                Some(issuer) => uri.with_issuer(issuer),
                None => uri,
            }
        },
    )
}

/// A text put together from parts that mean something to a reader, right and wrong.
fn parts(parts: &'static [&'static str], max: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(parts), 0..=max).prop_map(|parts| parts.concat())
}

const LABEL: &[&str] = &[
    "Acme",
    "bob",
    "A",
    "B",
    ":",
    ":",
    "%3A",
    "%3a",
    " ",
    "%20",
    "+",
    "%2B",
    "é",
    "%C3%A9",
    "%",
    "%ZZ",
    "%FF",
    "%00",
    "/",
    "..",
    "%2E",
    "#",
    "\u{202e}",
    "%E2%80%AE",
    "@",
    "'",
    "\n",
    "~",
    "%25",
];

const GOOD_LABEL: &[&str] = &[
    "Acme", "bob", "A", "B", "%20", "+", "%C3%A9", "@", "~", "%25", "%2F", "(", "!",
];

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        parts(LABEL, 6),
        parts(GOOD_LABEL, 3),
        (
            parts(GOOD_LABEL, 3),
            select(vec![":", "%3A"]),
            parts(GOOD_LABEL, 3)
        )
            .prop_map(|(issuer, colon, account)| format!("{issuer}{colon}{account}")),
        (
            parts(&["A", "B", ":", " "], 4),
            parts(&["A", "B", ":", " "], 4)
        )
            .prop_map(|(issuer, account)| format!("{issuer}:{account}")),
    ]
}

fn parameter() -> impl Strategy<Value = String> {
    let secret = select(vec![
        "JBSWY3DPEHPK3PXP",
        "jbswy3dpehpk3pxp",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "AB",
        "A",
        "AAA",
        "MZXW6===",
        "MZXW6",
        "jbsw y3dp",
        "jbsw-y3dp",
        "jbsw%20y3dp",
        "jbsw+y3dp",
        "MZXW6YTB0",
        "",
        "%3D",
        "\n",
    ]);
    let algorithm = select(vec![
        "SHA1",
        "sha256",
        "SHA512",
        "SHA-256",
        "HmacSHA1",
        "HMAC-SHA-512",
        "MD5",
        "",
        "SHA%31",
        " SHA1",
    ]);
    let number = select(vec![
        "6",
        "7",
        "8",
        "5",
        "006",
        "30",
        "60",
        "0",
        "-1",
        "+6",
        "6 ",
        "",
        "2147483647",
        "2147483648",
        "18446744073709551615",
        "18446744073709551616",
        "٦",
        "0x6",
        "1e1",
        "%36",
        "6\n",
    ]);
    prop_oneof![
        6 => secret.prop_map(|value| format!("secret={value}")),
        4 => label().prop_map(|value| format!("issuer={value}")),
        1 => label().prop_map(|value| format!("is%73uer={value}")),
        2 => algorithm.prop_map(|value| format!("Algorithm={value}")),
        2 => number.clone().prop_map(|value| format!("digits={value}")),
        2 => number.clone().prop_map(|value| format!("period={value}")),
        4 => number.prop_map(|value| format!("counter={value}")),
        1 => select(vec!["steam", "STEAM", "", "other"]).prop_map(|value| format!("encoder={value}")),
        1 => (label(), label()).prop_map(|(name, value)| format!("{name}={value}")),
        1 => select(vec!["", "=", "=x", "x", "secret", "image=https%3A%2F%2Fa.example%2Fb%20c"]).prop_map(str::to_owned),
    ]
}

/// URIs as a careless or a hostile issuer could write them.
fn uri() -> impl Strategy<Value = String> {
    let start = prop_oneof![
        6 => Just("otpauth://totp/"),
        4 => Just("otpauth://HOTP/"),
        1 => select(vec![
            "otpauth://steam/", "apple-otpauth://totp/", " otpauth://totp/", "otpauth://totp", "otpauth:/totp/",
            "otpauth://user:pw@totp/", "otpauth://totp:80/", "otpauth://", "phonefactor://", "",
        ]),
    ];
    let parameters = prop::collection::vec(parameter(), 0..5);
    let end = select(vec!["", "", "", "", "\n", " ", "#x"]);
    (start, label(), parameters, any::<bool>(), end).prop_map(
        |(start, label, mut parameters, required, end)| {
            if required {
                parameters.insert(
                    0,
                    "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=7".to_owned(),
                );
            }
            format!("{start}{label}?{}{end}", parameters.join("&"))
        },
    )
}

/// All that can be seen of a URI, but the text it was read from.
fn view(uri: &KeyUri) -> impl PartialEq + Debug + use<> {
    let unknown: Vec<_> = uri
        .unknown_parameters()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    (
        uri.kind(),
        uri.issuer().map(str::to_owned),
        uri.account().to_owned(),
        uri.expose_key().to_vec(),
        unknown,
    )
}

fn refused_by_strict(uri: &KeyUri) -> bool {
    uri.warnings()
        .into_iter()
        .any(Warning::is_refused_by_strict_reading)
}

/// The ways to write it.
fn texts(uri: &KeyUri) -> [String; 2] {
    [uri.to_text(), uri.to_explicit_text()].map(|text| text.expose().to_owned())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_built_is_read_back_strictly(built in key()) {
        for text in texts(&built) {
            let read = KeyUri::parse(&text).unwrap();
            prop_assert_eq!(view(&read), view(&built));
            prop_assert_eq!(read.label(), built.label());
            prop_assert_eq!(read.issuer_prefix(), built.issuer_prefix());
            prop_assert_eq!(read.issuer_parameter(), built.issuer_parameter());
            prop_assert_eq!(read.warnings(), built.warnings());
            prop_assert!(text.len() <= KeyUri::MAX_LEN);
            prop_assert_eq!(texts(&read), texts(&built));
            let lenient = KeyUri::parse_lenient(&text).unwrap();
            prop_assert_eq!(view(&lenient), view(&built));
        }
    }

    #[test]
    fn strict_reading_accepts_what_lenient_reading_takes_without_complaint(uri in uri()) {
        let strict = KeyUri::parse(&uri);
        let lenient = KeyUri::parse_lenient(&uri);
        prop_assert_eq!(strict.is_ok(), lenient.as_ref().is_ok_and(|uri| !refused_by_strict(uri)));
        if let (Ok(strict), Ok(lenient)) = (strict, lenient) {
            prop_assert_eq!(strict.expose_key(), lenient.expose_key());
            prop_assert_eq!(strict.kind(), lenient.kind());
            if !uri.contains('+') {
                prop_assert_eq!(view(&strict), view(&lenient));
                prop_assert_eq!(strict.warnings(), lenient.warnings());
            }
        }
    }

    #[test]
    fn what_was_read_is_written_as_a_fixed_point(uri in uri()) {
        for read in [KeyUri::parse(&uri), KeyUri::parse_lenient(&uri)].into_iter().flatten() {
            for text in texts(&read) {
                let again = KeyUri::parse_lenient(&text).unwrap();
                prop_assert_eq!(view(&again), view(&read));
                prop_assert_eq!(texts(&again), texts(&read));
                prop_assert_eq!(
                    again.warnings().contains(Warning::IssuerMismatch),
                    read.warnings().contains(Warning::IssuerMismatch)
                );
            }
        }
    }

    #[test]
    fn what_was_read_strictly_is_written_strictly(uri in uri()) {
        if let Ok(read) = KeyUri::parse(&uri) {
            for text in texts(&read) {
                prop_assert_eq!(view(&KeyUri::parse(&text).unwrap()), view(&read));
            }
        }
    }

    /// `url` is an independent reader of the generic syntax.
    #[test]
    fn a_strictly_read_uri_has_the_same_parts_for_other_readers(uri in uri()) {
        if let Ok(read) = KeyUri::parse(&uri) {
            let url = url::Url::parse(&uri).unwrap();
            prop_assert_eq!(url.scheme(), "otpauth");
            let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
            prop_assert_eq!(&host, if read.kind().counter().is_some() { "hotp" } else { "totp" });
            prop_assert_eq!(url.username(), "");
            prop_assert_eq!(url.password(), None);
            prop_assert_eq!(url.port(), None);
            prop_assert_eq!(url.fragment(), None);
            prop_assert_eq!(url.query(), uri.split_once('?').map(|(_, query)| query));
            let secret = url.query_pairs().find(|(name, _)| name.eq_ignore_ascii_case("secret"));
            let secret = base32::decode_human(&secret.unwrap().1).unwrap();
            prop_assert_eq!(secret.expose(), read.expose_key());
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in ".{0,64}") {
        for text in [text.clone(), format!("otpauth://totp/{text}"), format!("otpauth://hotp/a?{text}")] {
            let _ = (KeyUri::parse(&text), KeyUri::parse_lenient(&text));
        }
        let _ = (base32::decode_strict(&text), base32::decode_human(&text));
        let _ = (migration::read(&text), Issuer::new(&text), Issuer::domain(&text), Account::new(&text));
    }

    #[test]
    fn neither_errors_nor_debug_hold_the_input(uri in uri(), at in any::<prop::sample::Index>()) {
        const MARK: &str = "GEZDGNBVGY3TQOJQX7";
        let mut marked = uri;
        let places: Vec<_> = marked.char_indices().map(|(place, _)| place).collect();
        if !places.is_empty() {
            marked.insert_str(places[at.index(places.len())], MARK);
        }
        for result in [KeyUri::parse(&marked), KeyUri::parse_lenient(&marked)] {
            let shown = match result {
                Ok(uri) => format!("{uri:?} {:?} {:?}", uri.to_text(), uri.warnings()),
                Err(error) => format!("{error} {error:?}"),
            };
            prop_assert!(!shown.contains(MARK));
        }
        if let Err(error) = migration::read(&format!("otpauth-migration://offline?data={marked}")) {
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains(MARK));
        }
    }

    #[test]
    fn base32_is_read_back(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        let encoded = base32::encode(&bytes);
        let by_the_crate = ::base32::encode(::base32::Alphabet::Rfc4648 { padding: false }, &bytes);
        prop_assert_eq!(encoded.expose(), &by_the_crate);
        let padded = ::base32::encode(::base32::Alphabet::Rfc4648 { padding: true }, &bytes);
        for text in [encoded.expose(), &padded, &padded.to_lowercase()] {
            let decoded = base32::decode_strict(text).unwrap();
            prop_assert_eq!(decoded.expose(), &bytes[..]);
        }
        let grouped = base32::grouped(&bytes);
        prop_assert_eq!(grouped.expose().replace(' ', ""), by_the_crate);
        let typed = base32::decode_human(grouped.expose()).unwrap();
        prop_assert_eq!(typed.expose(), &bytes[..]);
    }

    #[test]
    fn strict_base32_has_one_spelling_but_for_case_and_padding(text in "[A-Za-z2-7]{0,20}={0,7}| |[0-9A-Z=-]{0,12}") {
        if let Ok(bytes) = base32::decode_strict(&text) {
            let canonical = base32::encode(bytes.expose());
            prop_assert_eq!(canonical.expose(), text.trim_end_matches('=').to_uppercase());
            let typed = base32::decode_human(&text).unwrap();
            prop_assert_eq!(typed.expose(), bytes.expose());
        }
    }

    #[test]
    fn human_base32_gives_the_bits_that_stand_there(text in "[A-Z2-7]{1,40}", spelling in prop::collection::vec(0..8, 40)) {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let bits: String = text
            .bytes()
            .map(|byte| ALPHABET.iter().position(|symbol| *symbol == byte).unwrap())
            .map(|value| format!("{value:05b}"))
            .collect();
        let bytes: Vec<u8> = bits
            .as_bytes()
            .chunks_exact(8)
            .map(|bits| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap())
            .collect();
        let mut typed = String::new();
        for (symbol, spelling) in text.chars().zip(spelling) {
            match spelling {
                0 => typed.push(' '),
                1 => typed.push('-'),
                2 => {
                    typed.push(symbol.to_ascii_lowercase());
                    continue;
                }
                _ => {}
            }
            typed.push(symbol);
        }
        match base32::decode_human(&typed) {
            Ok(decoded) => prop_assert_eq!(decoded.expose(), bytes),
            Err(error) => {
                prop_assert_eq!(error, base32::Base32Error::Empty);
                prop_assert!(bytes.is_empty());
            }
        }
    }
}

/// A key that the migration format can hold.
fn exportable_key() -> impl Strategy<Value = KeyUri> {
    key().prop_filter_map("not in the format", |key| {
        migration::write([&key], 0).is_ok().then_some(key)
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_export_is_read_back_in_any_order(
        keys in prop::collection::vec(exportable_key(), 0..25),
        id in any::<i32>(),
        order in any::<prop::sample::Index>(),
    ) {
        let texts = migration::write(&keys, id).unwrap();
        prop_assert_eq!(texts.is_empty(), keys.is_empty());
        let mut collector = Collector::new();
        let mut batches: Vec<_> = texts.iter().map(|text| migration::read(text.expose()).unwrap()).collect();
        for batch in &batches {
            prop_assert!((1..=10).contains(&batch.entries().len()));
            prop_assert_eq!((batch.version(), batch.id()), (1, id));
        }
        for text in &texts {
            prop_assert!(text.expose().len() <= 1273);
        }
        let count = batches.len();
        if count != 0 {
            batches.rotate_left(order.index(count));
        }
        for (missing, batch) in (0..count).rev().zip(batches) {
            prop_assert!(!collector.is_complete());
            collector.add(batch).unwrap();
            prop_assert_eq!(collector.missing().count(), missing);
        }
        prop_assert_eq!(collector.is_complete(), count != 0);
        let read: Vec<_> = collector.into_entries().into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(read.len(), keys.len());
        for (read, key) in read.iter().zip(&keys) {
            prop_assert_eq!(view(read), view(key));
            prop_assert_eq!(read.label(), key.label());
        }
    }

    #[test]
    fn no_message_makes_the_migration_reader_panic(
        keys in prop::collection::vec(exportable_key(), 1..3),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        length in any::<prop::sample::Index>(),
    ) {
        use base64::Engine as _;
        use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
        let text = migration::write(&keys, 1).unwrap();
        let data = text[0].expose().split_once("data=").unwrap().1.to_owned();
        let data = percent_encoding::percent_decode_str(&data).decode_utf8().unwrap();
        let mut message = STANDARD.decode(data.as_bytes()).unwrap();
        for (place, byte) in changes {
            let place = place.index(message.len());
            message[place] = byte;
        }
        message.truncate(length.index(message.len()).max(1));
        let uri = format!("otpauth-migration://offline?data={}", URL_SAFE_NO_PAD.encode(&message));
        if let Ok(batch) = migration::read(&uri) {
            // Each entry takes two bytes at least.
            prop_assert!(batch.entries().len() <= message.len() / 2);
            for key in batch.into_entries().into_iter().flatten() {
                let again = KeyUri::parse_lenient(key.to_text().expose());
                prop_assert_eq!(again.map(|again| view(&again)).ok(), Some(view(&key)));
            }
        }
    }
}
