//! Three shapes of a request, one signer: what each costs. A scratch package.
#![no_std]
#![forbid(unsafe_code)]

pub mod hash;
pub mod list;
pub mod ops;
pub mod pairs;
pub mod sign;
pub mod sink;
pub mod visit;
