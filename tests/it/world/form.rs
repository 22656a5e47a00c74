//! Parameters as the other side sees them.

use countersign::protocol::form;
use serde_json::Value;

/// The pairs of a query or a body, in order.
#[derive(Clone, Debug)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Decodes what was sent.
    pub(crate) fn read(text: &str) -> Self {
        Self(form::decode(text).expect("what is sent can be read"))
    }

    /// The value of a parameter. Sent twice it would be the reader's choice which one counts.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| &**value);
        let value = values.next();
        assert!(values.next().is_none(), "{name} was sent twice");
        value
    }

    /// The names, in alphabetical order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        names
    }

    /// The `claims` parameter.
    pub(crate) fn claims(&self) -> Value {
        self.get("claims").map_or(Value::Null, |claims| serde_json::from_str(claims).expect("claims are JSON"))
    }
}
