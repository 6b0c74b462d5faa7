//! The choice of the mask, ISO/IEC 18004 §7.8: eight patterns are tried, and the one whose result looks least like
//! something that confuses a reader is taken.
//!
//! This is nearly all the work of making a code. A row of modules is a word here, bit `x` for column `x`, so that one
//! operation looks at a whole row; a column is looked at by combining neighbouring rows.

use zeroize::Zeroizing;

use crate::{Level, symbol::Symbol};

/// All rows of a code, from the top, with room for [`MARGIN`] light rows before and after them.
type Rows = [u128; PADDED];

/// The rows of the largest code, and the light ones around them.
const PADDED: usize = MARGIN + Symbol::MAX_WIDTH + MARGIN;

/// The light modules that make a finder-like pattern count: so many have to lie beside it, and those outside the code
/// are light.
const MARGIN: usize = 4;

/// The rows of `symbol` under the mask that has the lowest penalty, with the format information that says which it is.
pub(crate) fn apply_best(symbol: &Symbol, level: Level) -> Zeroizing<Vec<u128>> {
    let mut candidate: Zeroizing<Rows> = Zeroizing::new([0; PADDED]);
    let mut best = Zeroizing::new(vec![0; symbol.width()]);
    let mut lowest = u32::MAX;
    for (number, pattern) in (0..).zip(&PATTERNS) {
        let rows = candidate.iter_mut().skip(MARGIN);
        for ((row, pattern), (dark, data)) in rows.zip(pattern.iter().cycle()).zip(symbol.rows()) {
            *row = dark ^ (pattern & data);
        }
        let (_, rows) = candidate.split_at_mut(MARGIN);
        symbol.draw_format(rows, level, number);

        let penalty = Penalty::new(&candidate, symbol.width()).total();
        // The first of several equals is taken, as every implementation does.
        if penalty < lowest {
            lowest = penalty;
            best.iter_mut()
                .zip(candidate.iter().skip(MARGIN))
                .for_each(|(best, row)| *best = *row);
        }
    }
    best
}

/// The eight mask patterns. Each repeats after 6 columns and after 12 rows at the latest, so twelve rows say it all.
const PATTERNS: [[u128; 12]; 8] = patterns();

#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "runs while compiling, where an overflow or a wrong index is a compile error"
)]
const fn patterns() -> [[u128; 12]; 8] {
    let mut patterns = [[0; 12]; 8];
    let mut i = 0;
    while i < 12 {
        let mut j = 0;
        while j < 128 {
            // ISO/IEC 18004, table 10, with the standard's names: `i` is the row and `j` the column.
            let inverted = [
                (i + j) % 2 == 0,
                i % 2 == 0,
                j % 3 == 0,
                (i + j) % 3 == 0,
                (i / 2 + j / 3) % 2 == 0,
                (i * j) % 2 + (i * j) % 3 == 0,
                ((i * j) % 2 + (i * j) % 3) % 2 == 0,
                ((i + j) % 2 + (i * j) % 3) % 2 == 0,
            ];
            let mut pattern = 0;
            while pattern < 8 {
                patterns[pattern][i] |= (inverted[pattern] as u128) << j;
                pattern += 1;
            }
            j += 1;
        }
        i += 1;
    }
    patterns
}

/// The penalty points of one masked code, ISO/IEC 18004 §7.8.3.1, table 11.
struct Penalty<'a> {
    /// The rows with [`MARGIN`] light rows on either side.
    padded: &'a [u128],
    /// The rows alone.
    rows: &'a [u128],
    /// One bit for every column.
    columns: u128,
    /// One bit for every column that has a right neighbour.
    pairs: u128,
}

impl<'a> Penalty<'a> {
    fn new(padded: &'a Rows, width: usize) -> Self {
        let padded = padded
            .get(..width.saturating_add(2 * MARGIN))
            .unwrap_or(padded);
        let rows = padded
            .get(MARGIN..)
            .and_then(|rows| rows.get(..width))
            .unwrap_or_default();
        let columns = Symbol::columns(width);
        Self {
            padded,
            rows,
            columns,
            pairs: columns >> 1,
        }
    }

    fn total(&self) -> u32 {
        [
            self.runs_in_rows(),
            self.runs_in_columns(),
            self.blocks(),
            self.finders_in_rows(),
            self.finders_in_columns(),
            self.imbalance(),
        ]
        .iter()
        .sum()
    }

    /// 3 points for five modules of one colour in a row, and 1 for each more.
    fn runs_in_rows(&self) -> u32 {
        let points = self.rows.iter().map(|row| {
            let same = self.same_as_right(*row);
            // Four equal neighbours make a run of five: a run of n ≥ 5 has n - 4 such places, and gives n - 2 points.
            let fives = same & (same >> 1) & (same >> 2) & (same >> 3);
            let starts = fives & !(fives << 1);
            points(1, fives).saturating_add(points(2, starts))
        });
        points.sum()
    }

    /// The same for columns.
    fn runs_in_columns(&self) -> u32 {
        let mut above = 0;
        let points = self.rows.windows(5).map(|rows| {
            let all = rows.iter().fold(self.columns, |all, row| all & row);
            let any = rows.iter().fold(0, |any, row| any | row);
            let fives = all | (self.columns & !any);
            let starts = fives & !above;
            above = fives;
            points(1, fives).saturating_add(points(2, starts))
        });
        points.sum()
    }

    /// 3 points for each block of two by two modules of one colour, overlapping ones included.
    fn blocks(&self) -> u32 {
        let points = self.rows.windows(2).map(|rows| match rows {
            [upper, lower] => points(
                3,
                self.same_as_right(*upper) & self.same_as_right(*lower) & !(upper ^ lower),
            ),
            _ => 0,
        });
        points.sum()
    }

    /// 40 points for each place where the modules read 1:1:3:1:1, as through a finder pattern, with four light modules
    /// on at least one side.
    fn finders_in_rows(&self) -> u32 {
        let points = self.rows.iter().map(|&row| {
            let finders =
                row & !(row >> 1) & (row >> 2) & (row >> 3) & (row >> 4) & !(row >> 5) & (row >> 6);
            let dark_before = (row << 1) | (row << 2) | (row << 3) | (row << 4);
            let dark_after = (row >> 7) | (row >> 8) | (row >> 9) | (row >> 10);
            points(40, finders & !(dark_before & dark_after))
        });
        points.sum()
    }

    /// The same for columns.
    fn finders_in_columns(&self) -> u32 {
        let any = |rows: &[u128]| rows.iter().fold(0, |any, row| any | row);
        let points = self.padded.windows(MARGIN + 7 + MARGIN).map(|rows| {
            let (before, rows) = rows.split_at(MARGIN);
            let (rows, after) = rows.split_at(7);
            match *rows {
                [a, b, c, d, e, f, g] => {
                    let finders = a & !b & c & d & e & !f & g;
                    points(40, finders & !(any(before) & any(after)))
                }
                _ => 0,
            }
        });
        points.sum()
    }

    /// 10 points for each 5 % that the share of dark modules is away from one half.
    ///
    /// The standard leaves open how to count between the steps. Half per cents are counted here, one point each, as in
    /// the `qrcode` crate, so that both always choose the same mask.
    fn imbalance(&self) -> u32 {
        let dark: u32 = self.rows.iter().map(|row| row.count_ones()).sum();
        let modules = self.columns.count_ones().saturating_pow(2);
        dark.saturating_mul(200)
            .checked_div(modules)
            .unwrap_or_default()
            .abs_diff(100)
    }

    /// The columns where the module has the colour of its right neighbour.
    fn same_as_right(&self, row: u128) -> u128 {
        !(row ^ (row >> 1)) & self.pairs
    }
}

/// So many points for each bit that is set.
fn points(each: u32, places: u128) -> u32 {
    places.count_ones().saturating_mul(each)
}
