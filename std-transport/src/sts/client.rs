//! The STS client's methods, one for each operation.

use tucuxi_core::sts::Sts;

use super::input;
use super::types;
use crate::client::Client;
use crate::client::methods;

impl Client<Sts> {
    methods! {
        /// Gives out temporary credentials of a role.
        assume_role => AssumeRole -> AssumeRoleOutput;
        /// Says who the credentials belong to.
        get_caller_identity => GetCallerIdentity -> GetCallerIdentityOutput;
    }
}
