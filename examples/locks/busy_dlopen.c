// --8<-- [start:load]
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *load(void *for_ever) {
    do
        dlclose(dlopen("libm.so.6", RTLD_NOW));
    while (for_ever);
    return NULL;
}
// --8<-- [end:load]

// --8<-- [start:main]
int main(int count, char **arguments) {
    int threads = count > 1 ? atoi(arguments[1]) : 0;
    int forks = threads ? 1000 : 100, hung = 0, well = 0;
    pthread_t thread;
    for (int number = 0; number < threads; number++)
        pthread_create(&thread, NULL, load, &forks);

    for (int number = 0; number < forks; number++) {
        int status;
        if (fork() == 0) {
            alarm(1);
            load(NULL);
            _exit(0);
        }
        wait(&status);
        well += status == 0;
        hung += WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    }
    printf("%d threads: %d children hung, ", threads, hung);
    printf("%d crashed, %d did not\n", forks - hung - well, well);
    fflush(stdout);
    _exit(0);
}
// --8<-- [end:main]
