/* Loaded before a program: the wall clock it is told is the real one and what a file says, in nanoseconds. The monotonic
   clock and every wait go on as on a machine whose wall clock is set. Names of the C library are taken over, as libfaketime
   does; that one (0.9.10) lets either sleeps fail (EINVAL) or waits for a condition hang, whichever way it is set. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

#define ZONES 3

static const char *const zones[ZONES] = {"internet", "lgwan", "mynumber"};
static const volatile int64_t *shift;

/* Which word of the file is this process's: its zone's, told by its settings or, of a database server, by its folder; the
   last one for what belongs to no zone. */
static int own_word(void)
{
    static char line[8192], wanted[64];
    const char *settings = getenv("DJANGO_SETTINGS_MODULE");
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? 0 : read(file, line, sizeof line);
    if (file >= 0)
        close(file);
    for (int zone = 0; zone < ZONES; zone++) {
        snprintf(wanted, sizeof wanted, "yakuba.zones.settings.%s", zones[zone]);
        if (settings && !strncmp(settings, wanted, strlen(wanted)))
            return zone;
        snprintf(wanted, sizeof wanted, "/%s/postgres", zones[zone]);
        if (length > 0 && memmem(line, length, wanted, strlen(wanted)))
            return zone;
    }
    return ZONES;
}

__attribute__((constructor)) static void open_shift(void)
{
    int file = open(SHIFT_FILE, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return; /* a confined process sees no such file: its clock is right */
    void *page = mmap(0, (ZONES + 1) * sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        shift = (const volatile int64_t *)page + own_word();
}

int clock_gettime(clockid_t which, struct timespec *told)
{
    int failed = (int)syscall(SYS_clock_gettime, which, told);
    if (failed || !shift || (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE && which != CLOCK_TAI))
        return failed;
    int64_t at = told->tv_sec * SECOND + told->tv_nsec + *shift;
    told->tv_sec = at / SECOND;
    told->tv_nsec = at % SECOND;
    return 0;
}

int gettimeofday(struct timeval *restrict told, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    told->tv_sec = now.tv_sec;
    told->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *told)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told)
        *told = now.tv_sec;
    return now.tv_sec;
}
