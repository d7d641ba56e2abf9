#include <sqlite3.h>

/* Swift imports no variadic functions. */

static inline int sqlite_count_no_memory(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
