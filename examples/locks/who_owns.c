// --8<-- [start:child]
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROW "%-7s %-10s  %-7s  %-9s  %-6s  %s\n"
static pthread_mutex_t mutex;

static void child_tries(const char *type, const char *holder) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int first = pthread_mutex_trylock(&mutex);
    int timed = pthread_mutex_timedlock(&mutex, &now);  // (1)!
    int unlock = pthread_mutex_unlock(&mutex);
    int then = pthread_mutex_trylock(&mutex);
    printf(
        ROW, holder, type, strerrorname_np(first),  // (2)!
        strerrorname_np(timed), strerrorname_np(unlock),
        strerrorname_np(then));
}
// --8<-- [end:child]

// --8<-- [start:holder]
static sem_t held, done;

static void *hold(void *unused) {
    pthread_mutex_lock(&mutex);
    sem_post(&held);
    sem_wait(&done);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void fork_and_try(const char *type, const char *holder) {
    pid_t child = fork();
    if (child == 0) {
        child_tries(type, holder);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}
// --8<-- [end:holder]

// --8<-- [start:types]
static void test(const char *name, int type, int robustness) {
    pthread_t other;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setrobust(&attributes, robustness);
    pthread_mutex_init(&mutex, &attributes);

    pthread_mutex_lock(&mutex);
    fork_and_try(name, "forker");  // (1)!
    pthread_mutex_unlock(&mutex);

    pthread_create(&other, NULL, hold, NULL);
    sem_wait(&held);
    fork_and_try(name, "other");  // (2)!
    sem_post(&done);
    pthread_join(other, NULL);
    pthread_mutex_destroy(&mutex);
}
// --8<-- [end:types]

// --8<-- [start:main]
int main(void) {
    int stalled = PTHREAD_MUTEX_STALLED;  // (1)!
    sem_init(&held, 0, 0);
    sem_init(&done, 0, 0);
    printf(
        ROW, "held by", "type", "trylock", "timedlock", "unlock",
        "trylock");
    fflush(stdout);
    test("NORMAL", PTHREAD_MUTEX_NORMAL, stalled);
    test("ERRORCHECK", PTHREAD_MUTEX_ERRORCHECK, stalled);
    test("RECURSIVE", PTHREAD_MUTEX_RECURSIVE, stalled);
    test("ROBUST", PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
    return 0;
}
// --8<-- [end:main]
