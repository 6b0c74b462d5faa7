//! The input of the target `verify`: a token, a moment, and a code that somebody sends.

use arbitrary::{Result, Unstructured};

/// Numbers as they stand in the input, little-endian and in this order; the key is what follows.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// SHA-1, SHA-256, SHA-512, and over again.
    pub algorithm: u8,
    /// Six, seven, eight, and over again.
    pub digits: u8,
    /// The period, where it is one.
    pub period: u32,
    /// T0 in seconds.
    pub t0: u64,
    /// The time in seconds.
    pub now: u64,
    /// The next counter of HOTP.
    pub counter: u64,
    /// The window, where it is one: steps before.
    pub past: u8,
    /// The window: steps after. Also the look-ahead of HOTP, where it is one.
    pub future: u8,
    /// The drift, where it is one.
    pub drift: i16,
    /// The range of a resynchronisation, where it is one.
    pub range: u16,
    /// None; a step near the present one; any step.
    pub last_accepted_is: u8,
    /// The last accepted step, or how far it is from the present one.
    pub last_accepted: u64,
    /// One that the token shows; the same with one character replaced; of another length; any text.
    pub code_is: u8,
    /// How far the code is from the present step or the next counter.
    pub code_at: i16,
    /// Any text, or the character that is replaced.
    pub text: [u8; 10],
    /// At least one byte.
    pub key: Vec<u8>,
}

impl Input {
    /// Missing numbers are 0.
    ///
    /// # Errors
    /// None that can happen.
    pub fn read(data: &[u8]) -> Result<Self> {
        let mut data = Unstructured::new(data);
        Ok(Self {
            algorithm: data.arbitrary()?,
            digits: data.arbitrary()?,
            period: data.arbitrary()?,
            t0: data.arbitrary()?,
            now: data.arbitrary()?,
            counter: data.arbitrary()?,
            past: data.arbitrary()?,
            future: data.arbitrary()?,
            drift: data.arbitrary()?,
            range: data.arbitrary()?,
            last_accepted_is: data.arbitrary()?,
            last_accepted: data.arbitrary()?,
            code_is: data.arbitrary()?,
            code_at: data.arbitrary()?,
            text: data.arbitrary()?,
            key: match data.take_rest() {
                [] => vec![0],
                key => key.to_vec(),
            },
        })
    }

    /// The inverse of [`read`](Self::read), for seeds.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        [
            &[self.algorithm, self.digits][..],
            &self.period.to_le_bytes(),
            &self.t0.to_le_bytes(),
            &self.now.to_le_bytes(),
            &self.counter.to_le_bytes(),
            &[self.past, self.future],
            &self.drift.to_le_bytes(),
            &self.range.to_le_bytes(),
            &[self.last_accepted_is],
            &self.last_accepted.to_le_bytes(),
            &[self.code_is],
            &self.code_at.to_le_bytes(),
            &self.text,
            &self.key,
        ]
        .concat()
    }
}
