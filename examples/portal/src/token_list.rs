//! Lists of hardware tokens, as their makers and other systems export them: CSV with a header row.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csv::{ReaderBuilder, StringRecord, Trim};
use mfa_flow::{HardwareToken, HardwareTokenError};
use otp_core::{Algorithm, Counter, Digits, HotpParameters, Period, Secret, TotpParameters};
use otp_uri::base32;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The most rows that are read.
pub(crate) const MOST_ROWS: usize = 5_000;
/// The longest serial number or name that is looked at.
const LONGEST: usize = 256;

/// A token as it stands in a list, and as it waits, sealed, for its person.
#[derive(Serialize, Deserialize)]
pub(crate) struct ListedToken {
    pub(crate) serial: String,
    pub(crate) kind: TokenKind,
    /// Base64.
    seed: Zeroizing<String>,
    algorithm: Algorithm,
    digits: Digits,
    period: Period,
    counter: Counter,
    /// Whose it is to be, as the list says it; empty for nobody's yet.
    pub(crate) person: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenKind {
    Totp,
    Hotp,
}

/// What a list holds: the good rows, and what is wrong with the others.
#[derive(Default)]
pub(crate) struct TokenList {
    pub(crate) tokens: Vec<(u64, ListedToken)>,
    /// By their lines, from 1.
    pub(crate) problems: Vec<(u64, Problem)>,
}

/// What is wrong with a row. It repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The header lacks `serial`, `seed` or `type`, or has a column twice or one that is not known.
    Header,
    /// It has fewer or more fields than the header, or is no text.
    Row,
    Serial,
    /// It was in a line before.
    Repeated,
    Seed,
    ShortSeed,
    Kind,
    Algorithm,
    Digits,
    Period,
    Counter,
    /// Nobody is called so. Found by who asks for people.
    Person,
    /// It waits already, or is registered. Found where it is kept.
    Known,
    /// There are more rows than are read.
    TooMany,
}

/// The columns, under the names that exports have for them.
const COLUMNS: [(Column, &[&str]); 8] = [
    (Column::Serial, &["serial", "serial number"]),
    (Column::Seed, &["seed", "secret", "secret key"]),
    (Column::Kind, &["type"]),
    (Column::Algorithm, &["algorithm"]),
    (Column::Digits, &["digits"]),
    (Column::Period, &["period", "time interval"]),
    (Column::Counter, &["counter"]),
    (Column::Person, &["person", "upn"]),
];
/// What exports say besides.
const IGNORED: [&str; 2] = ["manufacturer", "model"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Serial,
    Seed,
    Kind,
    Algorithm,
    Digits,
    Period,
    Counter,
    Person,
    Ignored,
}

impl TokenList {
    /// Reads a list. Fields are separated by commas, or by semicolons as spreadsheets in many countries write them.
    pub(crate) fn read(text: &[u8]) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let header_end = text.iter().position(|byte| *byte == b'\n');
        let header = header_end.and_then(|end| text.get(..end)).unwrap_or(text);
        let delimiter = if header.contains(&b';') { b';' } else { b',' };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(Trim::All)
            .from_reader(text);
        let mut list = Self::default();
        let Some(columns) = reader.headers().ok().and_then(columns) else {
            list.problems.push((1, Problem::Header));
            return list;
        };
        let mut seen = HashSet::new();
        for row in reader.records() {
            let line = match &row {
                Ok(row) => row.position(),
                Err(error) => error.position(),
            };
            let line = line.map_or(1, csv::Position::line);
            if list.tokens.len().saturating_add(list.problems.len()) >= MOST_ROWS {
                list.problems.push((line, Problem::TooMany));
                break;
            }
            let token = row
                .map_err(|_| Problem::Row)
                .and_then(|row| ListedToken::from_row(&columns, &row));
            match token {
                Ok(token) if seen.insert(token.serial.clone()) => list.tokens.push((line, token)),
                Ok(_) => list.problems.push((line, Problem::Repeated)),
                Err(problem) => list.problems.push((line, problem)),
            }
        }
        list
    }
}

impl ListedToken {
    fn from_row(columns: &[Column], row: &StringRecord) -> Result<Self, Problem> {
        let field = |column| {
            let fields = columns.iter().zip(row);
            let mut found = fields.filter(|(at, field)| **at == column && !field.is_empty());
            found.next().map(|(_, field)| field)
        };
        let number = |column, otherwise: u64, problem| match field(column) {
            None => Ok(otherwise),
            // No sign, which `parse` would take.
            Some(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => Err(problem),
            Some(text) => text.parse().map_err(|_| problem),
        };
        let kind = match field(Column::Kind).map(str::to_ascii_lowercase).as_deref() {
            Some("totp") => TokenKind::Totp,
            Some("hotp") => TokenKind::Hotp,
            _ => return Err(Problem::Kind),
        };
        let algorithm = match field(Column::Algorithm)
            .map(|name| name.to_ascii_uppercase().replace('-', ""))
            .as_deref()
        {
            None | Some("SHA1") => Algorithm::Sha1,
            Some("SHA256") => Algorithm::Sha256,
            Some("SHA512") => Algorithm::Sha512,
            Some(_) => return Err(Problem::Algorithm),
        };
        let digits = number(Column::Digits, 6, Problem::Digits)?;
        let digits = u8::try_from(digits).ok().and_then(|n| Digits::new(n).ok());
        let period = number(Column::Period, 30, Problem::Period)?;
        let period = u32::try_from(period).ok().and_then(|n| Period::new(n).ok());
        let person = field(Column::Person).unwrap_or_default();
        if person.len() > LONGEST {
            return Err(Problem::Person);
        }
        let mut token = Self {
            serial: field(Column::Serial).ok_or(Problem::Serial)?.to_owned(),
            kind,
            seed: seed(field(Column::Seed).ok_or(Problem::Seed)?)?,
            algorithm,
            digits: digits.ok_or(Problem::Digits)?,
            period: period.ok_or(Problem::Period)?,
            counter: Counter::new(number(Column::Counter, 0, Problem::Counter)?),
            person: person.to_owned(),
        };
        token.serial = token.token()?.serial().to_owned();
        Ok(token)
    }

    /// What can be enrolled.
    pub(crate) fn token(&self) -> Result<HardwareToken, Problem> {
        let seed = Zeroizing::new(STANDARD.decode(&*self.seed).map_err(|_| Problem::Seed)?);
        let seed = Secret::import(&seed).map_err(|_| Problem::Seed)?;
        let token = match self.kind {
            TokenKind::Totp => {
                let parameters = TotpParameters::default()
                    .with_algorithm(self.algorithm)
                    .with_digits(self.digits)
                    .with_period(self.period);
                HardwareToken::totp(&self.serial, seed, parameters)
            }
            TokenKind::Hotp => {
                let parameters = HotpParameters::default()
                    .with_algorithm(self.algorithm)
                    .with_digits(self.digits);
                HardwareToken::hotp(&self.serial, seed, parameters, self.counter)
            }
        };
        token.map_err(|error| match error {
            HardwareTokenError::ShortSeed => Problem::ShortSeed,
            HardwareTokenError::Period => Problem::Period,
            _ => Problem::Serial,
        })
    }
}

fn columns(header: &StringRecord) -> Option<Vec<Column>> {
    let columns: Option<Vec<Column>> = header
        .iter()
        .map(|name| {
            let name = name.to_ascii_lowercase().replace('_', " ");
            let mut all = COLUMNS.iter();
            let known = all.find(|(_, names)| names.contains(&name.as_str()));
            let ignored = IGNORED.contains(&name.as_str());
            known
                .map(|(column, _)| *column)
                .or(ignored.then_some(Column::Ignored))
        })
        .collect();
    columns.filter(|columns| {
        let count = |column| columns.iter().filter(|at| **at == column).count();
        let needed = [Column::Serial, Column::Seed, Column::Kind];
        needed.into_iter().all(|column| count(column) == 1)
            && COLUMNS.iter().all(|(column, _)| count(*column) <= 1)
    })
}

/// A seed in hexadecimal digits or Base32. A text that could be either is hexadecimal: of a random seed in Base32 not even one
/// in a million has none of the letters beyond F.
fn seed(text: &str) -> Result<Zeroizing<String>, Problem> {
    let kept: Zeroizing<String> = Zeroizing::new(
        text.chars()
            .filter(|c| !matches!(c, ' ' | '-' | ':'))
            .collect(),
    );
    let is_hex = kept.len().is_multiple_of(2) && kept.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = if is_hex {
        let digits = kept.as_bytes().chunks(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        Zeroizing::new(digits.filter_map(byte).collect::<Vec<u8>>())
    } else {
        let seed = base32::decode_strict(&kept).map_err(|_| Problem::Seed)?;
        Zeroizing::new(seed.expose().to_vec())
    };
    Ok(Zeroizing::new(STANDARD.encode(&*bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed of RFC 6238 in both spellings.
    const HEX: &str = "3132333435363738393031323334353637383930";
    const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn read(text: &str) -> TokenList {
        TokenList::read(text.as_bytes())
    }

    fn problems(text: &str) -> Vec<(u64, Problem)> {
        read(text).problems
    }

    #[test]
    fn a_seed_reads_the_same_in_hexadecimal_digits_and_in_base32() {
        let list = read(&format!(
            "serial,seed,type\nA-1,{HEX},totp\nA2,{BASE32},TOTP\na 3,{},hotp\n",
            BASE32.to_lowercase()
        ));
        assert!(list.problems.is_empty());
        let serials: Vec<&str> = list.tokens.iter().map(|(_, t)| t.serial.as_str()).collect();
        assert_eq!(serials, ["A1", "A2", "A3"]);
        assert!(
            list.tokens
                .iter()
                .all(|(_, token)| *token.seed == "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=")
        );
    }

    #[test]
    fn each_bad_row_is_named_by_its_line_and_the_good_ones_are_kept() {
        let text = format!(
            "serial;seed;type;digits;period;algorithm;counter;person\n\
             1;{HEX};totp;;;;;\n\
             2;{HEX};totp;9;;;;\n\
             3;{HEX};totp;;61;;;\n\
             4;{HEX};totp;;;MD5;;\n\
             5;{HEX};hotp;;;;-1;\n\
             6;{HEX};push;;;;;\n\
             7;3132333435;totp;;;;;\n\
             8;not a seed!;totp;;;;;\n\
             ;{HEX};totp;;;;;\n\
             1;{HEX};totp;;;;;\n\
             9;{HEX};totp\n\
             10;{HEX};hotp;8;;sha-256;7;ada\n"
        );
        let list = read(&text);
        let lines: Vec<u64> = list.tokens.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 13]);
        let expected = [
            (3, Problem::Digits),
            (4, Problem::Period),
            (5, Problem::Algorithm),
            (6, Problem::Counter),
            (7, Problem::Kind),
            (8, Problem::ShortSeed),
            (9, Problem::Seed),
            (10, Problem::Serial),
            (11, Problem::Repeated),
            (12, Problem::Row),
        ];
        assert_eq!(list.problems, expected);
        assert_eq!(list.tokens[1].1.person, "ada");
    }

    #[test]
    fn a_header_has_the_three_columns_once_and_no_unknown_one() {
        for header in [
            "",
            "serial,seed",
            "serial,seed,type,seed",
            "serial,seed,type,secret",
            "serial,seed,type,algoritm",
            "1,AAAA,totp",
        ] {
            assert_eq!(
                problems(&format!("{header}\n1,{HEX},totp\n")),
                [(1, Problem::Header)]
            );
        }
        let exported = format!(
            "\u{feff}upn,Serial Number,Secret Key,Time_Interval,manufacturer,model,type\r\nada,7,{BASE32},60,Acme,X,totp\r\n"
        );
        let list = read(&exported);
        assert!(list.problems.is_empty());
        assert_eq!(list.tokens[0].1.period.seconds(), 60);
    }

    #[test]
    fn what_is_no_text_is_a_bad_row_and_the_next_one_is_read() {
        let mut bytes = b"serial,seed,type\n1,\xff,totp\n2,".to_vec();
        bytes.extend_from_slice(HEX.as_bytes());
        bytes.extend_from_slice(b",totp\n");
        let list = TokenList::read(&bytes);
        assert_eq!(list.problems, [(2, Problem::Row)]);
        assert_eq!(list.tokens.len(), 1);
    }

    #[test]
    fn a_list_ends_after_the_most_rows() {
        let rows = "x,y,z\n".repeat(MOST_ROWS + 9);
        let problems = problems(&format!("serial,seed,type\n{rows}"));
        assert_eq!(problems.len(), MOST_ROWS + 1);
        assert_eq!(
            problems.last().map(|(_, problem)| *problem),
            Some(Problem::TooMany)
        );
    }

    proptest::proptest! {
        /// Whatever is pasted, every row is either a token that can be enrolled or a problem of its line.
        #[test]
        fn every_row_is_a_token_or_a_problem(rows in proptest::collection::vec("[0-9A-Za-z,;\" =-]{0,60}", 0..20)) {
            let list = read(&format!("serial,seed,type\n{}", rows.join("\n")));
            for (_, token) in &list.tokens {
                proptest::prop_assert!(token.token().is_ok());
            }
            proptest::prop_assert!(list.tokens.len().saturating_add(list.problems.len()) <= rows.len());
        }
    }
}
