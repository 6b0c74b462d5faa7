/// The error correction level: how much of a code may be unreadable.
///
/// [`Qr::encode`](crate::Qr::encode) chooses between [`Level::M`] and [`Level::L`] by itself, and that is right for a
/// code on a screen: a higher level needs more modules, each of them smaller in an image of the same size, and phones
/// then read it less often, not more. Higher levels are for codes that will be printed and worn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// About 7 % of the codewords can be restored.
    L,
    /// About 15 % of the codewords can be restored.
    M,
    /// About 25 % of the codewords can be restored.
    Q,
    /// About 30 % of the codewords can be restored.
    H,
}

impl Level {
    /// The two bits that stand for the level in the format information: ISO/IEC 18004, table 12.
    pub(crate) fn indicator(self) -> u32 {
        match self {
            Self::L => 0b01,
            Self::M => 0b00,
            Self::Q => 0b11,
            Self::H => 0b10,
        }
    }

    /// The same level as the `qrcode` crate names it.
    pub(crate) fn to_qrcode(self) -> qrcode::EcLevel {
        match self {
            Self::L => qrcode::EcLevel::L,
            Self::M => qrcode::EcLevel::M,
            Self::Q => qrcode::EcLevel::Q,
            Self::H => qrcode::EcLevel::H,
        }
    }
}
