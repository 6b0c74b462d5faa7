//! What the catalogues have: the patterns, and the variables in them.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast;

use crate::language::Language;
use crate::messages::catalogue::source;

/// The patterns of a catalogue by id, with the variables of each.
pub(super) fn patterns(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(source(language).to_owned());
    let resource = resource.map_err(|(_, errors)| errors).unwrap();
    let mut patterns = BTreeMap::new();
    for entry in resource.entries() {
        let message = match entry {
            ast::Entry::Message(message) => message,
            ast::Entry::Comment(_)
            | ast::Entry::GroupComment(_)
            | ast::Entry::ResourceComment(_) => continue,
            other => panic!("neither a message nor a comment: {other:?}"),
        };
        let id = message.id.name;
        let value = message.value.iter().map(|value| (id.to_owned(), value));
        let attributes = message
            .attributes
            .iter()
            .map(|attribute| (format!("{id}.{}", attribute.id.name), &attribute.value));
        for (id, pattern) in value.chain(attributes) {
            let mut variables = BTreeSet::new();
            in_pattern(pattern, &mut variables);
            let earlier = patterns.insert(id.clone(), variables);
            assert_eq!(earlier, None, "{id} is there twice");
        }
    }
    patterns
}

fn in_pattern(pattern: &ast::Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            in_expression(expression, variables);
        }
    }
}

fn in_expression(expression: &ast::Expression<&str>, variables: &mut BTreeSet<String>) {
    let inline = match expression {
        ast::Expression::Inline(inline) => inline,
        ast::Expression::Select { selector, variants } => {
            for variant in variants {
                in_pattern(&variant.value, variables);
            }
            selector
        }
    };
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => in_expression(expression, variables),
        // The catalogues refer to nothing else; the pieces are put together by the crate.
        other => panic!("unexpected {other:?}"),
    }
}
