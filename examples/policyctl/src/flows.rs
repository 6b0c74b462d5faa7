//! The chart of default methods: who starts with what, before on the left and after on the right.

use std::collections::BTreeMap;

use mfa_policy::{Method, Summary};

use crate::{Desk, simulate::method_or_none};

/// Bands between two columns, ready to draw. All lengths are units of the drawing.
pub(crate) struct Flows {
    pub(crate) width: u32,
    pub(crate) height: String,
    pub(crate) bands: Vec<Band>,
    pub(crate) nodes: Vec<Node>,
    /// Those who get another default, most people first.
    pub(crate) changes: Vec<Change>,
}

/// People who go from one method to another one.
pub(crate) struct Band {
    pub(crate) path: String,
    pub(crate) class: &'static str,
    pub(crate) title: String,
}

/// A method on one side.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) people: u64,
    pub(crate) x: u32,
    pub(crate) y: String,
    pub(crate) width: u32,
    pub(crate) height: String,
    pub(crate) text_x: u32,
    pub(crate) text_y: String,
    pub(crate) anchor: &'static str,
}

pub(crate) struct Change {
    /// The place in the JSON output.
    pub(crate) place: usize,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) people: u64,
}

const WIDTH: u32 = 720;
/// Room for the names on each side.
const MARGIN: u32 = 222;
const NODE: u32 = 9;
/// All people together, without the gaps.
const PEOPLE: f64 = 230.0;
/// A name and a number have to fit below each other.
const LEAST: f64 = 34.0;
const GAP: f64 = 8.0;

/// One side: the methods from the top, with where each begins.
struct Side<'a> {
    places: BTreeMap<Option<&'a Method>, Place>,
    height: f64,
}

struct Place {
    top: f64,
    height: f64,
    people: u64,
    /// Where the next band begins.
    next: f64,
}

impl Flows {
    pub(crate) fn new(desk: &Desk, summary: &Summary) -> Self {
        let flows = summary.defaults();
        let total = summary.people();
        let mut left = Side::new(flows.iter().map(|flow| (flow.from(), flow.people())), total);
        let mut right = Side::new(flows.iter().map(|flow| (flow.to(), flow.people())), total);
        let mut bands = Vec::new();
        // In the order of the columns, so that bands cross as little as they can.
        let mut ordered: Vec<_> = flows.iter().collect();
        ordered.sort_by_key(|flow| [flow.from(), flow.to()].map(order));
        for flow in ordered {
            let thickness = thickness(flow.people(), total);
            let (Some(from), Some(to)) = (
                left.take(flow.from(), thickness),
                right.take(flow.to(), thickness),
            ) else {
                continue;
            };
            let (name, new_name) = (
                method_or_none(desk, flow.from()),
                method_or_none(desk, flow.to()),
            );
            bands.push(Band {
                path: ribbon(from, to, thickness),
                class: match (flow.is_change(), flow.to()) {
                    (false, _) => "stays",
                    (true, Some(_)) => "changes",
                    (true, None) => "ends",
                },
                title: format!("{name} → {new_name}: {}", desk.texts.number(flow.people())),
            });
        }
        let mut nodes = left.nodes(
            desk,
            MARGIN.saturating_sub(NODE),
            MARGIN.saturating_sub(NODE + 8),
            "end",
        );
        let right_x = WIDTH.saturating_sub(MARGIN);
        nodes.extend(right.nodes(desk, right_x, right_x.saturating_add(NODE + 8), "start"));
        Self {
            width: WIDTH,
            height: length(left.height.max(right.height)),
            bands,
            nodes,
            changes: changes(desk, summary),
        }
    }
}

impl<'a> Side<'a> {
    fn new(people: impl Iterator<Item = (Option<&'a Method>, u64)>, total: u64) -> Self {
        let mut sums: BTreeMap<Option<&Method>, u64> = BTreeMap::new();
        for (method, people) in people {
            let sum = sums.entry(method).or_default();
            *sum = sum.saturating_add(people);
        }
        let mut sorted: Vec<_> = sums.into_iter().collect();
        sorted.sort_by_key(|(method, _)| order(*method));
        let mut top = 0.0;
        let mut places = BTreeMap::new();
        for (method, people) in sorted {
            let height = thickness(people, total);
            places.insert(
                method,
                Place {
                    top,
                    height,
                    people,
                    next: top,
                },
            );
            top += height.max(LEAST) + GAP;
        }
        Self {
            places,
            height: (top - GAP).max(1.0),
        }
    }

    /// The upper edge of the next band at that method.
    fn take(&mut self, method: Option<&'a Method>, thickness: f64) -> Option<f64> {
        let place = self.places.get_mut(&method)?;
        let edge = place.next;
        place.next += thickness;
        Some(edge)
    }

    fn nodes(&self, desk: &Desk, x: u32, text_x: u32, anchor: &'static str) -> Vec<Node> {
        let node = |(method, place): (&Option<&Method>, &Place)| Node {
            name: method_or_none(desk, *method),
            people: place.people,
            x,
            y: length(place.top),
            width: NODE,
            height: length(place.height),
            text_x,
            text_y: length(place.top + 12.0 + (place.height - LEAST).max(0.0) / 2.0),
            anchor,
        };
        self.places.iter().map(node).collect()
    }
}

/// The order in a column: who has none comes last.
const fn order(method: Option<&Method>) -> (bool, Option<&Method>) {
    (method.is_none(), method)
}

#[expect(clippy::cast_precision_loss, reason = "a length in a drawing")]
fn thickness(people: u64, total: u64) -> f64 {
    (people as f64 / (total.max(1)) as f64 * PEOPLE).max(0.6)
}

/// A band of even thickness from the left edge to the right one.
fn ribbon(from: f64, to: f64, thickness: f64) -> String {
    let (left, right, middle) = (MARGIN, WIDTH.saturating_sub(MARGIN), WIDTH / 2);
    let [a, b, c, d] = [from, to, to + thickness, from + thickness].map(length);
    format!(
        "M{left} {a}C{middle} {a} {middle} {b} {right} {b}V{c}C{middle} {c} {middle} {d} {left} {d}Z"
    )
}

/// Tenths are finer than anybody sees.
fn length(value: f64) -> String {
    format!("{value:.1}")
}

fn changes(desk: &Desk, summary: &Summary) -> Vec<Change> {
    let changed = summary
        .defaults()
        .iter()
        .enumerate()
        .filter(|(_, flow)| flow.is_change());
    let mut changes: Vec<Change> = changed
        .map(|(place, flow)| Change {
            place,
            from: method_or_none(desk, flow.from()),
            to: method_or_none(desk, flow.to()),
            people: flow.people(),
        })
        .collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.people));
    changes
}
