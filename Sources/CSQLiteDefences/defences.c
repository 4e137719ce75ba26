#include "CSQLiteDefences.h"

#include <sqlite3.h>
#include <stddef.h>

static const struct {
  int option;
  int value;
} defences[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
};

enum { count = sizeof defences / sizeof defences[0] };

int csd_defend(struct sqlite3 *connection) {
  for (size_t i = 0; i < count; i++) {
    int code = sqlite3_db_config(connection, defences[i].option, defences[i].value, (int *)NULL);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int csd_is_defended(struct sqlite3 *connection) {
  for (size_t i = 0; i < count; i++) {
    int value = -1;
    // A negative value asks and changes nothing.
    if (sqlite3_db_config(connection, defences[i].option, -1, &value) != SQLITE_OK) return 0;
    if (value != defences[i].value) return 0;
  }
  return 1;
}
