/* Preloaded by the bench: every sync to the disk takes 5 ms longer, as on a plain disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

#define LONGER_US 5000

static int slowly(const char *name, int file) {
  int (*sync_it)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  usleep(LONGER_US);
  return sync_it(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
