//! Accounts of two-step verification kept in SQLite or PostgreSQL: sealed, durable, exactly once.
