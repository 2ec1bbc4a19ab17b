//! What changes the code of a program and what does not; which binary is meant; where commands
//! are found; copies that stay.

mod binaries;
mod choosing;
mod commands;
mod copies;
mod lab;
mod settings;
mod sources;
