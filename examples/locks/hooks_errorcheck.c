// --8<-- [start:hooks]
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex =
    PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static void acquire(void) { pthread_mutex_lock(&mutex); }
static void release(void) { pthread_mutex_unlock(&mutex); }
// --8<-- [end:hooks]

// --8<-- [start:main]
int main(void) {
    int status;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    pthread_atfork(acquire, release, release);
    pid_t child = fork();
    if (child == 0) {
        alarm(1);
        puts("child: wants the lock");
        pthread_mutex_lock(&mutex);
        puts("child: has the lock");
        _exit(0);
    }
    waitpid(child, &status, 0);
    puts("parent: the child was killed");
    raise(WTERMSIG(status));  // (1)!
}
// --8<-- [end:main]
