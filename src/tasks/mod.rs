//! The stages of the flow: each is a tick over the database and a loop around it.
