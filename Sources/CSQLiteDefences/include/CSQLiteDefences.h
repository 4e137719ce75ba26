#ifndef CSQLITE_DEFENCES_H
#define CSQLITE_DEFENCES_H

// What Swift cannot call of SQLite's C interface: functions with a variable number of arguments.

struct sqlite3;

/// Switches on what keeps a stranger's database from doing harm to the connection (sqlite.org/security.html): DEFENSIVE,
/// no functions with side effects out of the schema, no extensions, no triggers. Foreign keys still cascade.
///
/// Returns SQLITE_OK, or SQLite's code of what failed first.
int csd_defend(struct sqlite3 *connection);

/// Whether `csd_defend` holds: 1 or 0.
int csd_is_defended(struct sqlite3 *connection);

#endif
