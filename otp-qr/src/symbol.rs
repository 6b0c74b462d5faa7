//! The symbol before masking: function patterns and codewords, ISO/IEC 18004 §6.3 and §7.7.

use std::iter;

use qrcode::{
    Version,
    bits::Bits,
    canvas::{Canvas, Module},
};
use zeroize::Zeroizing;

use crate::Level;

/// The column that holds the vertical timing pattern. Codewords skip it.
const TIMING: usize = 6;

/// A code whose codewords are in place and not yet masked.
pub(crate) struct Symbol {
    /// Row by row from the top, bit `x` for column `x`: set where the module is dark.
    dark: Zeroizing<Vec<u128>>,
    /// Set where the module belongs to the data and is to be masked.
    data: Vec<u128>,
}

impl Symbol {
    /// The highest version that is made here: what lies above is hard to read from a screen, and not needed.
    pub(crate) const MAX_VERSION: u8 = 25;

    /// The modules on a side of [`Self::MAX_VERSION`].
    pub(crate) const MAX_WIDTH: usize = 4 * Self::MAX_VERSION as usize + 17;

    /// Places the segments in `bits`, with their error correction.
    ///
    /// `None` if the version is not one of 1 to [`Self::MAX_VERSION`].
    pub(crate) fn new(bits: Bits, level: Level) -> Option<Self> {
        let version = bits.version();
        let width = usize::try_from(version.width())
            .ok()
            .filter(|width| *width <= Self::MAX_WIDTH)?;
        let bytes = Zeroizing::new(bits.into_bytes());
        let (data, correction) =
            qrcode::ec::construct_codewords(&bytes, version, level.to_qrcode()).ok()?;
        let (data, correction) = (Zeroizing::new(data), Zeroizing::new(correction));

        let mut symbol = Self::function_patterns(version, width);
        symbol.place(data.iter().chain(correction.iter()).copied());
        Some(symbol)
    }

    /// The modules on a side.
    pub(crate) fn width(&self) -> usize {
        self.dark.len()
    }

    /// One bit for each of `width` columns.
    pub(crate) fn columns(width: usize) -> u128 {
        let width = u32::try_from(width).unwrap_or(u32::MAX);
        !u128::MAX.unbounded_shl(width)
    }

    /// Each row from the top: its dark modules, and which of them are data.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u128, u128)> {
        self.dark.iter().copied().zip(self.data.iter().copied())
    }

    /// Everything that is the same in all codes of one version. The secret never gets into the canvas, which we could
    /// not wipe.
    fn function_patterns(version: Version, width: usize) -> Self {
        // Level and mask are in the format information only, which is drawn later.
        let mut canvas = Canvas::new(version, qrcode::EcLevel::M);
        canvas.draw_all_functional_patterns();
        let row = |y: i16| {
            (0..version.width()).rev().fold((0, 0), |(dark, data), x| {
                let module = canvas.get(x, y);
                let is_data = module == Module::Empty;
                (
                    (dark << 1) | u128::from(module.is_dark()),
                    (data << 1) | u128::from(is_data),
                )
            })
        };
        let (mut dark, mut data) = (Vec::with_capacity(width), Vec::with_capacity(width));
        for (dark_row, data_row) in (0..version.width()).map(row) {
            dark.push(dark_row);
            data.push(data_row);
        }
        Self {
            dark: Zeroizing::new(dark),
            data,
        }
    }

    /// Lays the bits of the codewords in columns of two, from the right, upwards and downwards in turn, §7.7.3. The few
    /// modules that remain stay light.
    fn place(&mut self, codewords: impl Iterator<Item = u8>) {
        let mut bits = codewords.flat_map(|codeword| {
            (0..u8::BITS)
                .rev()
                .map(move |place| codeword.unbounded_shr(place) & 1 == 1)
        });
        let mut columns = (0..self.width()).rev().filter(|x| *x != TIMING).map(column);
        let mut upwards = true;
        while let (Some(right), Some(left)) = (columns.next(), columns.next()) {
            let mut place = |(dark, data): (&mut u128, &u128)| {
                for column in [right, left] {
                    if data & column != 0 && bits.next() == Some(true) {
                        *dark |= column;
                    }
                }
            };
            let rows = self.dark.iter_mut().zip(&self.data);
            if upwards {
                rows.rev().for_each(&mut place);
            } else {
                rows.for_each(&mut place);
            }
            upwards = !upwards;
        }
    }

    /// Writes the level and the number of the mask, twice, into rows whose places for them are light, §7.9.1.
    pub(crate) fn draw_format(&self, rows: &mut [u128], level: Level, mask: u32) {
        let format = format_information(level, mask);
        let width = self.width();
        // From the highest bit to the lowest, once round the upper left finder pattern, and once along the other two.
        let beside = (0..6).chain([7, 8]).map(|x| (x, 8_usize));
        let above = iter::once(7).chain((0..6).rev()).map(|y| (8_usize, y));
        let lower_left = (width.saturating_sub(7)..width).rev().map(|y| (8, y));
        let upper_right = (width.saturating_sub(8)..width).map(|x| (x, 8));
        let places = beside.chain(above).chain(lower_left).chain(upper_right);
        for ((x, y), place) in places.zip((0..15).rev().cycle()) {
            if let Some(row) = rows.get_mut(y)
                && format.unbounded_shr(place) & 1 == 1
            {
                *row |= column(x);
            }
        }
    }
}

/// The bit of column `x`.
fn column(x: usize) -> u128 {
    1_u128.unbounded_shl(u32::try_from(x).unwrap_or(u32::MAX))
}

/// The fifteen bits that say level and mask, protected by a BCH code, §7.9.1 and annex C.
fn format_information(level: Level, mask: u32) -> u32 {
    const GENERATOR: u32 = 0b101_0011_0111;
    const XOR_MASK: u32 = 0b101_0100_0001_0010;

    let data = (level.indicator() << 3) | mask;
    let remainder = (0..10).fold(data, |remainder, _| {
        let carry = (remainder >> 9) & 1;
        (remainder << 1) ^ if carry == 1 { GENERATOR } else { 0 }
    });
    ((data << 10) | remainder) ^ XOR_MASK
}
