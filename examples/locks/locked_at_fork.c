// --8<-- [start:worker]
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t locked, forked;

static void *work(void *unused) {
    pthread_mutex_lock(&mutex);
    puts("worker: has the lock");
    sem_post(&locked);
    sem_wait(&forked);  // (1)!
    pthread_mutex_unlock(&mutex);
    return NULL;
}
// --8<-- [end:worker]

// --8<-- [start:main]
int main(void) {
    pthread_t worker;
    sem_init(&locked, 0, 0);
    sem_init(&forked, 0, 0);
    pthread_create(&worker, NULL, work, NULL);
    sem_wait(&locked);  // (1)!

    if (fork() == 0) {
        puts("child: running");
        pthread_mutex_lock(&mutex);
        puts("child: has the lock");
        pthread_mutex_unlock(&mutex);
        exit(0);
    }
    puts("parent: running");
    sem_post(&forked);
    pthread_join(worker, NULL);
    return 0;  // (2)!
}
// --8<-- [end:main]
