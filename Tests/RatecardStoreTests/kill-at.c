/* Preloaded into a program: ends it with SIGKILL at a system call, as a power cut would.
 *
 * KILL_AT is "CALL:WHEN:NUMBER", such as "fdatasync:after:17": at the 17th call of that name, after
 * it was made. A write that is to be cut is made for its first half. Calls of reading are left out.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void at(const char *call, const char *when) {
  static __thread int busy;
  static int count;
  const char *wanted = getenv("KILL_AT");
  size_t length = strlen(call), width = strlen(when);
  if (busy || !wanted || strncmp(wanted, call, length) || wanted[length] != ':' ||
      strncmp(wanted + length + 1, when, width) || wanted[length + 1 + width] != ':')
    return;
  busy = 1;
  if (__atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST) == atoi(wanted + length + width + 2))
    kill(getpid(), SIGKILL);
  busy = 0;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
  REAL(pwrite64);
  at("pwrite", "before");
  const char *wanted = getenv("KILL_AT");
  if (wanted && !strncmp(wanted, "pwrite:cut:", 11)) {
    /* What lies on the disk is the first half, until the whole follows. */
    real(file, bytes, count / 2, place);
    at("pwrite", "cut");
  }
  ssize_t result = real(file, bytes, count, place);
  at("pwrite", "after");
  return result;
}

int fdatasync(int file) {
  REAL(fdatasync);
  at("fdatasync", "before");
  int result = real(file);
  at("fdatasync", "after");
  return result;
}

int fsync(int file) {
  REAL(fsync);
  at("fsync", "before");
  int result = real(file);
  at("fsync", "after");
  return result;
}

ssize_t write(int file, const void *bytes, size_t count) {
  REAL(write);
  if (file == 1) at("answer", "before");
  ssize_t result = real(file, bytes, count);
  if (file == 1) at("answer", "after");
  return result;
}
