/* Writes down every change that a process makes to files below one folder, in order, and can make any one of them fail.
 *
 * Loaded before the C library (LD_PRELOAD). POWERLOSS_ROOT: the folder. POWERLOSS_TRACE: where the list goes.
 * POWERLOSS_FAULT: "<number>:<kill|eio|enospc|short>" makes that one change fail; the process is told, or ended.
 *
 * One entry of the list: a letter, the number of bytes of the path and of the data and an offset (8 bytes each, little
 * endian), path, data. Letters: o opened anew (created), w written, t cut to a length, s brought to the disk, r renamed
 * (data: the new path), u removed, d folder made.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define MAX_FILES 1024
#define MAX_PATH 1024

static char paths[MAX_FILES][MAX_PATH];
static char root[MAX_PATH];
static int trace = -1;
static long counter = 0, fault_at = -1;
static char fault_kind[16];

__attribute__((constructor)) static void start(void) {
  const char *where = getenv("POWERLOSS_ROOT"), *list = getenv("POWERLOSS_TRACE"), *fault = getenv("POWERLOSS_FAULT");
  if (where) snprintf(root, sizeof root, "%s", where);
  if (list) trace = (int)syscall(SYS_openat, AT_FDCWD, list, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fault) sscanf(fault, "%ld:%15s", &fault_at, fault_kind);
}

static int watched(const char *path) {
  size_t n = strlen(root);
  /* The shared memory of SQLite's log is rebuilt after every start: a power loss loses it whole. */
  size_t m = strlen(path);
  if (m > 4 && strcmp(path + m - 4, "-shm") == 0) return 0;
  return n > 0 && strncmp(path, root, n) == 0;
}

static const char *full(int folder, const char *path, char *space) {
  if (path[0] == '/') return path;
  char base[MAX_PATH];
  if (folder == AT_FDCWD) {
    if (!getcwd(base, sizeof base)) return path;
  } else if (folder >= 0 && folder < MAX_FILES && paths[folder][0]) {
    snprintf(base, sizeof base, "%s", paths[folder]);
  } else {
    return path;
  }
  snprintf(space, 2 * MAX_PATH, "%s/%s", base, path);
  return space;
}

static void note(char letter, const char *path, const void *data, uint64_t size, uint64_t offset) {
  if (trace < 0) return;
  uint64_t numbers[3] = {strlen(path), size, offset};
  size_t total = 1 + sizeof numbers + numbers[0] + size;
  char *entry = malloc(total);
  entry[0] = letter;
  memcpy(entry + 1, numbers, sizeof numbers);
  memcpy(entry + 1 + sizeof numbers, path, numbers[0]);
  if (size) memcpy(entry + 1 + sizeof numbers + numbers[0], data, size);
  syscall(SYS_write, trace, entry, total);
  free(entry);
}

/* Returns 0 to go on, 1 to fail with errno set, 2 to write only half. */
static int fault(void) {
  if (++counter != fault_at) return 0;
  if (strcmp(fault_kind, "kill") == 0) { syscall(SYS_kill, getpid(), SIGKILL); return 1; }
  if (strcmp(fault_kind, "short") == 0) return 2;
  errno = strcmp(fault_kind, "enospc") == 0 ? ENOSPC : EIO;
  return 1;
}

static int opened(int fd, const char *path, int flags, int was_there) {
  if (fd >= 0 && fd < MAX_FILES) {
    paths[fd][0] = 0;
    if (watched(path)) {
      snprintf(paths[fd], MAX_PATH, "%s", path);
      if ((flags & O_CREAT) && !was_there) note('o', path, 0, 0, 0);
      else if (flags & O_TRUNC) note('t', path, 0, 0, 0);
    }
  }
  return fd;
}

static int do_open(int folder, const char *path, int flags, mode_t mode) {
  char space[2 * MAX_PATH];
  const char *name = full(folder, path, space);
  struct stat about;
  int was_there = stat(name, &about) == 0;
  if (watched(name) && (flags & O_CREAT) && !was_there && fault() == 1) return -1;
  return opened((int)syscall(SYS_openat, folder, path, flags, mode), name, flags, was_there);
}

#define OPEN(name, prefix, folder)                                     \
  int name(prefix const char *path, int flags, ...) {                  \
    va_list more; va_start(more, flags);                               \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                      \
    return do_open(folder, path, flags, mode);                         \
  }
#define COMMA ,
OPEN(open, , AT_FDCWD)
OPEN(open64, , AT_FDCWD)
OPEN(openat, int folder COMMA, folder)
OPEN(openat64, int folder COMMA, folder)

static const char *of(int fd) { return fd >= 0 && fd < MAX_FILES && paths[fd][0] ? paths[fd] : 0; }

int close(int fd) {
  if (fd >= 0 && fd < MAX_FILES) paths[fd][0] = 0;
  return (int)syscall(SYS_close, fd);
}

static ssize_t put(int fd, const void *data, size_t size, off_t at, int is_positioned) {
  const char *path = of(fd);
  if (path) {
    int what = fault();
    if (what == 1) return -1;
    if (what == 2 && size > 1) size /= 2;
    if (!is_positioned) {
      at = lseek(fd, 0, SEEK_CUR);
      if (fcntl(fd, F_GETFL) & O_APPEND) at = lseek(fd, 0, SEEK_END);
    }
    ssize_t done = is_positioned ? syscall(SYS_pwrite64, fd, data, size, at) : syscall(SYS_write, fd, data, size);
    if (done > 0) note('w', path, data, (uint64_t)done, (uint64_t)at);
    return done;
  }
  return is_positioned ? syscall(SYS_pwrite64, fd, data, size, at) : syscall(SYS_write, fd, data, size);
}
ssize_t write(int fd, const void *data, size_t size) { return put(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return put(fd, data, size, at, 1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) { return put(fd, data, size, at, 1); }

static int sync_it(int fd, long number) {
  const char *path = of(fd);
  if (path && fault() == 1) return -1;
  int done = (int)syscall(number, fd);
  if (path && done == 0) note('s', path, 0, 0, 0);
  return done;
}
int fsync(int fd) { return sync_it(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_it(fd, SYS_fdatasync); }

static int cut(int fd, off_t size) {
  const char *path = of(fd);
  if (path && fault() == 1) return -1;
  int done = (int)syscall(SYS_ftruncate, fd, size);
  if (path && done == 0) note('t', path, 0, 0, (uint64_t)size);
  return done;
}
int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off_t size) { return cut(fd, size); }

static int move(int from_folder, const char *from, int to_folder, const char *to) {
  char one[2 * MAX_PATH], two[2 * MAX_PATH];
  const char *old = full(from_folder, from, one), *new = full(to_folder, to, two);
  if (watched(new) && fault() == 1) return -1;
  int done = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
  if (done == 0 && watched(new)) note('r', old, new, strlen(new), 0);
  return done;
}
int rename(const char *from, const char *to) { return move(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int f, const char *from, int t, const char *to) { return move(f, from, t, to); }

static int drop(int folder, const char *path, int flags) {
  char space[2 * MAX_PATH];
  const char *name = full(folder, path, space);
  if (watched(name) && fault() == 1) return -1;
  int done = (int)syscall(SYS_unlinkat, folder, path, flags);
  if (done == 0 && watched(name)) note('u', name, 0, 0, 0);
  return done;
}
int unlink(const char *path) { return drop(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return drop(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int folder, const char *path, int flags) { return drop(folder, path, flags); }

static int make(int folder, const char *path, mode_t mode) {
  char space[2 * MAX_PATH];
  const char *name = full(folder, path, space);
  if (watched(name) && fault() == 1) return -1;
  int done = (int)syscall(SYS_mkdirat, folder, path, mode);
  if (done == 0 && watched(name)) note('d', name, 0, 0, 0);
  return done;
}
int mkdir(const char *path, mode_t mode) { return make(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return make(folder, path, mode); }
