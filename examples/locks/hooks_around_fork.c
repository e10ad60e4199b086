// --8<-- [start:hooks]
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t locked, forking;

static void prepare(void) {
    sem_post(&forking);
    pthread_mutex_lock(&mutex);  // (1)!
}

static void release(void) { pthread_mutex_unlock(&mutex); }

static void *work(void *unused) {
    pthread_mutex_lock(&mutex);
    puts("worker: has the lock");
    sem_post(&locked);
    sem_wait(&forking);  // (2)!
    pthread_mutex_unlock(&mutex);
    return NULL;
}
// --8<-- [end:hooks]

// --8<-- [start:main]
int main(void) {
    pthread_t worker;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);  // (1)!
    sem_init(&locked, 0, 0);
    sem_init(&forking, 0, 0);
    pthread_atfork(prepare, release, release);  // (2)!
    pthread_create(&worker, NULL, work, NULL);
    sem_wait(&locked);

    pid_t child = fork();
    if (child == 0) {
        puts("child: running");
        pthread_mutex_lock(&mutex);
        puts("child: has the lock");
        pthread_mutex_unlock(&mutex);
        exit(0);
    }
    waitpid(child, NULL, 0);
    puts("parent: the child has ended");
    pthread_join(worker, NULL);
    return 0;
}
// --8<-- [end:main]
