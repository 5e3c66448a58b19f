#!/bin/sh
# Writes .sqlx anew: what the compile-time checked statements take and give, so that a build
# needs no database. Run it after every change to a migration or a statement, and commit both.
# Needs python3 (its sqlite3 module applies the migrations) and nothing that cargo does not fetch.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$work/schema.sqlite" migrations/*.sql <<'PYTHON'
import sqlite3
import sys

database, *migrations = sys.argv[1:]
connection = sqlite3.connect(database)
for migration in sorted(migrations):
    with open(migration, encoding="utf-8") as sql:
        connection.executescript(sql.read())
connection.close()
PYTHON

# The macros describe each statement to the database and write one file for it into
# SQLX_OFFLINE_DIR. A new folder leaves nothing behind of statements that are gone; the touch
# makes the compiler expand the macros again.
mkdir "$work/sqlx"
touch src/store/mod.rs
SQLX_OFFLINE=false DATABASE_URL="sqlite://$work/schema.sqlite" SQLX_OFFLINE_DIR="$work/sqlx" cargo check --lib

rm -rf .sqlx
cp -R "$work/sqlx" .sqlx
touch src/store/mod.rs
echo "$(ls .sqlx | wc -l) statements described in .sqlx"
