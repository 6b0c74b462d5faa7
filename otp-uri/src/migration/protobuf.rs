//! As much of protobuf as the format needs, on borrowed bytes.
//!
//! Not `prost`: it copies secrets and names into buffers that nobody wipes, fails the whole message for one name that is
//! not UTF-8, and brings a derive macro for one message of twelve fields. Here nothing is allocated, whatever length a
//! message claims.

use alloc::vec::Vec;

/// A field's value.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    Fixed64,
    Fixed32,
}

/// A field: its number and its value.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) number: u64,
    pub(crate) value: Value<'a>,
}

impl<'a> Field<'a> {
    pub(crate) const fn varint(self) -> Result<u64, ProtobufError> {
        match self.value {
            Value::Varint(value) => Ok(value),
            _ => Err(self.wrong_type()),
        }
    }

    pub(crate) fn int32(self) -> Result<i32, ProtobufError> {
        // Of a longer number the lower bits count, as in every implementation: negative ones are written with 64.
        let [a, b, c, d, ..] = self.varint()?.to_le_bytes();
        Ok(i32::from_le_bytes([a, b, c, d]))
    }

    pub(crate) const fn bytes(self) -> Result<&'a [u8], ProtobufError> {
        match self.value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(self.wrong_type()),
        }
    }

    const fn wrong_type(self) -> ProtobufError {
        ProtobufError::FieldType {
            field: self.number,
            wire_type: match self.value {
                Value::Varint(_) => 0,
                Value::Fixed64 => 1,
                Value::Bytes(_) => 2,
                Value::Fixed32 => 5,
            },
        }
    }
}

/// The fields of a message, one after the other. After an error there is none.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) const fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<Field<'a>, ProtobufError> {
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 {
            return Err(ProtobufError::FieldZero);
        }
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => {
                self.take(8)?;
                Value::Fixed64
            }
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => {
                self.take(4)?;
                Value::Fixed32
            }
            wire_type => return Err(ProtobufError::WireType(wire_type)),
        };
        Ok(Field { number, value })
    }

    fn varint(&mut self) -> Result<u64, ProtobufError> {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(ProtobufError::Truncated)?;
            self.rest = rest;
            // Bits past the 64th fall off.
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ProtobufError::VarintTooLong)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], ProtobufError> {
        let (taken, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length))
            .ok_or(ProtobufError::LengthPastTheEnd)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, ProtobufError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Why bytes are no message of this format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ProtobufError {
    /// A field claims more bytes than there are.
    #[error("length past the end")]
    LengthPastTheEnd,
    /// The message ends within a number.
    #[error("truncated varint")]
    Truncated,
    /// A number of more than ten bytes.
    #[error("varint of more than ten bytes")]
    VarintTooLong,
    /// A wire type that does not exist, or groups, which are not used any more.
    #[error("wire type {0}")]
    WireType(u64),
    /// Field number 0.
    #[error("field 0")]
    FieldZero,
    /// A field of the format with a value of another type.
    #[error("field {field} has wire type {wire_type}")]
    FieldType {
        /// The number of the field.
        field: u64,
        /// Its wire type.
        wire_type: u8,
    },
}

/// Appends a number field.
pub(crate) fn push_varint(message: &mut Vec<u8>, number: u8, value: u64) {
    message.push(number << 3);
    push_number(message, value);
}

/// Appends a field of bytes.
pub(crate) fn push_bytes(message: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    message.push(number << 3 | 2);
    push_number(message, bytes.len() as u64);
    message.extend_from_slice(bytes);
}

fn push_number(message: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            message.push(low & 0x7f);
            return;
        }
        message.push(low | 0x80);
    }
}
