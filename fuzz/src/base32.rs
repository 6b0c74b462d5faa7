//! Base32 as RFC 4648 §6 draws it: text to bits, bits to bytes.

/// The bits of the letters and digits, or `None` where one is no Base32.
#[must_use]
pub fn bits(symbols: &str) -> Option<String> {
    symbols
        .chars()
        .map(|symbol| match symbol {
            'A'..='Z' => Some(symbol as u32 - 'A' as u32),
            'a'..='z' => Some(symbol as u32 - 'a' as u32),
            '2'..='7' => Some(symbol as u32 - '2' as u32 + 26),
            _ => None,
        })
        .map(|value| value.map(|value| format!("{value:05b}")))
        .collect()
}

/// The whole bytes of a row of bits, and the bits that are left.
#[must_use]
pub fn bytes(bits: &str) -> (Vec<u8>, &str) {
    let (whole, rest) = bits.split_at(bits.len() / 8 * 8);
    let bytes = (0..whole.len())
        .step_by(8)
        .map(|start| u8::from_str_radix(&whole[start..start + 8], 2).unwrap())
        .collect();
    (bytes, rest)
}

/// Upper case, no padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    while !bits.len().is_multiple_of(5) {
        bits.push('0');
    }
    (0..bits.len())
        .step_by(5)
        .map(|start| u32::from_str_radix(&bits[start..start + 5], 2).unwrap())
        .map(|value| match value {
            0..26 => char::from_u32('A' as u32 + value).unwrap(),
            _ => char::from_u32('2' as u32 + value - 26).unwrap(),
        })
        .collect()
}
