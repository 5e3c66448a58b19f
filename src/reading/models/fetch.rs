//! Fetches model files.
