//! PURE: from the bytes of a feed to its entries, and when to ask again.
