//! AWS STS: who is asking, and temporary credentials of a role.

mod client;

/// What is asked: one input for each operation, and the shapes that they are made of.
pub use tucuxi_core::sts::input;

/// What is answered: one output for each operation, and the shapes that they are made of.
pub mod types {
    use tucuxi_core::sts::input::{AssumeRole, GetCallerIdentity};
    use tucuxi_core::xml::Element as Node;

    tucuxi_core::sts_table!([crate::output::outputs!]);
    #[cfg(feature = "serde")]
    tucuxi_core::sts_table!([crate::json::read::named!]);
}
