#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

#include "CSQLiteDefences.h"

// A text that is looked through once, from `next` on; `end` is its first byte no more.
typedef struct {
  const unsigned char *next, *end;
} text;

enum { maximal_depth = 1000 };

static void skip_space(text *t) {
  while (t->next < t->end && strchr(" \t\n\r", *t->next) && *t->next) t->next++;
}

static int take(text *t, unsigned char byte) {
  if (t->next == t->end || *t->next != byte) return 0;
  t->next++;
  return 1;
}

static int take_word(text *t, const char *word) {
  size_t length = strlen(word);
  if ((size_t)(t->end - t->next) < length || memcmp(t->next, word, length) != 0) return 0;
  t->next += length;
  return 1;
}

static int take_digits(text *t) {
  const unsigned char *first = t->next;
  while (t->next < t->end && *t->next >= '0' && *t->next <= '9') t->next++;
  return t->next > first;
}

static int is_hexadecimal(unsigned char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// Behind the opening quotation mark.
static int take_rest_of_string(text *t) {
  while (t->next < t->end) {
    unsigned char byte = *t->next++;
    if (byte == '"') return 1;
    if (byte < 0x20) return 0;
    if (byte != '\\') continue;
    if (t->next == t->end) return 0;
    byte = *t->next++;
    if (byte == 'u') {
      for (int i = 0; i < 4; i++) {
        if (t->next == t->end || !is_hexadecimal(*t->next)) return 0;
        t->next++;
      }
    } else if (!byte || !strchr("\"\\/bfnrt", byte)) {
      return 0;
    }
  }
  return 0;
}

static const char *take_number(text *t) {
  const char *type = "integer";
  take(t, '-');
  if (!take(t, '0') && !take_digits(t)) return NULL;
  if (take(t, '.')) {
    type = "real";
    if (!take_digits(t)) return NULL;
  }
  if (take(t, 'e') || take(t, 'E')) {
    type = "real";
    if (!take(t, '+')) take(t, '-');
    if (!take_digits(t)) return NULL;
  }
  return type;
}

static const char *take_value(text *t, int depth);

// Behind the opening bracket or brace: members, those of an object each with a key, up to `close`.
static int take_members(text *t, unsigned char close, int depth) {
  skip_space(t);
  if (take(t, close)) return 1;
  for (;;) {
    skip_space(t);
    if (close == '}') {
      if (!take(t, '"') || !take_rest_of_string(t)) return 0;
      skip_space(t);
      if (!take(t, ':')) return 0;
    }
    if (!take_value(t, depth)) return 0;
    skip_space(t);
    if (take(t, close)) return 1;
    if (!take(t, ',')) return 0;
  }
}

// The value's type as SQLite names it, or NULL when there is none. Spaces around it are taken as well.
static const char *take_value(text *t, int depth) {
  const char *type = NULL;
  if (depth > maximal_depth) return NULL;
  skip_space(t);
  if (take(t, '[')) {
    type = take_members(t, ']', depth + 1) ? "array" : NULL;
  } else if (take(t, '{')) {
    type = take_members(t, '}', depth + 1) ? "object" : NULL;
  } else if (take(t, '"')) {
    type = take_rest_of_string(t) ? "text" : NULL;
  } else if (take_word(t, "null")) {
    type = "null";
  } else if (take_word(t, "true")) {
    type = "true";
  } else if (take_word(t, "false")) {
    type = "false";
  } else {
    type = take_number(t);
  }
  skip_space(t);
  return type;
}

static void json_type(sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const unsigned char *start = sqlite3_value_text(values[0]);
  if (!start) return sqlite3_result_error_nomem(context);
  text whole = {start, start + sqlite3_value_bytes(values[0])};
  const char *type = take_value(&whole, 0);
  if (!type || whole.next != whole.end) return sqlite3_result_error(context, "malformed JSON", -1);
  sqlite3_result_text(context, type, -1, SQLITE_STATIC);
}

int csd_add_json_type(struct sqlite3 *connection) {
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  return sqlite3_create_function_v2(connection, "json_type", 1, flags, NULL, json_type, NULL, NULL, NULL);
}
