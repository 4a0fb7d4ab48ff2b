/*
 * A monotonic clock that advances 3217 ns each time it is read, for LD_PRELOAD. EXPLAIN prints one format at a time, so
 * the four formats of one plan take four executions: with this clock they report the same times, because they read it
 * the same number of times. Other clocks, gettimeofday() among them, stay true.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  static unsigned long long reads = 1000000;
  if (clock == CLOCK_MONOTONIC) {
    unsigned long long nanoseconds = ++reads * 3217ULL;
    now->tv_sec = nanoseconds / 1000000000ULL;
    now->tv_nsec = nanoseconds % 1000000000ULL;
    return 0;
  }
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  return real(clock, now);
}
