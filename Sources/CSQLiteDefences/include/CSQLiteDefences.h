#ifndef CSQLITE_DEFENCES_H
#define CSQLITE_DEFENCES_H

// What Swift cannot call of SQLite's C interface: functions with a variable number of arguments, or with C callbacks whose
// values are SQLite's.

struct sqlite3;

/// Switches on what keeps a stranger's database from doing harm to the connection (sqlite.org/security.html): DEFENSIVE,
/// no functions with side effects out of the schema, no extensions, no triggers. Foreign keys still cascade.
///
/// Returns SQLITE_OK, or SQLite's code of what failed first.
int csd_defend(struct sqlite3 *connection);

/// Whether `csd_defend` holds: 1 or 0.
int csd_is_defended(struct sqlite3 *connection);

/// Gives the connection a json_type(X) that a schema may call though it is not trusted: those of SQLite 3.40 are not
/// marked as harmless, and the CHECK constraints of a store need it. Like SQLite's own, for JSON as RFC 8259 has it.
///
/// Returns SQLITE_OK, or SQLite's code.
int csd_add_json_type(struct sqlite3 *connection);

#endif
