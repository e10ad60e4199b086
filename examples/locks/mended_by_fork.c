// --8<-- [start:calls]
#define _GNU_SOURCE
#include <dlfcn.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 4096, READ_WRITE = PROT_READ | PROT_WRITE };
static char *page;  // (1)!
static FILE *file;
static size_t ends_in_page;
static void *volatile result;
// --8<-- [end:calls]

// --8<-- [start:stop]
static sem_t stopped, go;

static void stop(int signal_number) {  // (1)!
    sem_post(&stopped);
    sem_wait(&go);
    mprotect(page, SIZE, READ_WRITE);
}

static void let_go(void) { sem_post(&go); }

static void *run(void *call) {
    sem_wait(&go);
    ((void (*)(void))call)();
    return NULL;
}
// --8<-- [end:stop]

// --8<-- [start:functions]
static void call_malloc(void) { result = malloc(ends_in_page); }
static void call_fputs(void) { fputs("line\n", file); }
static void call_dlopen(void) { result = dlopen(page, RTLD_NOW); }
static void call_random(void) { random(); }
static void call_setenv(void) { setenv("NAME", "value", 1); }
static void call_tzset(void) { tzset(); }
static void call_setlocale(void) { setlocale(LC_ALL, ""); }
// --8<-- [end:functions]

// --8<-- [start:pages]
static void lay_page(void) {
    static char *variables[2];
    page = mmap(
        NULL, SIZE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    variables[0] = strcpy(page, "libm.so.6");  // (1)!
    environ = variables;  // (2)!
    initstate(1, page + 1024, 128);  // (3)!
    file = fopen("/dev/null", "w");
    setvbuf(file, page + 2048, _IOFBF, 1024);  // (4)!
}

static void lay_page_in_heap(void) {
    mallopt(M_ARENA_MAX, 1);
    char *block = malloc(8 * SIZE);
    result = malloc(1);
    page = block + SIZE;
    page += SIZE - (size_t)page % SIZE;
    ends_in_page = page - block;  // (5)!
    free(block);
    pthread_atfork(let_go, NULL, NULL);  // (6)!
}
// --8<-- [end:pages]

// --8<-- [start:test]
static int test(void (*call)(void)) {
    pthread_t worker;
    pthread_create(&worker, NULL, run, call);
    call == call_malloc ? lay_page_in_heap() : lay_page();
    mprotect(page, SIZE, PROT_NONE);
    sem_post(&go);
    sem_wait(&stopped);

    pid_t child = fork();
    if (child == 0) {
        mprotect(page, SIZE, READ_WRITE);
        alarm(1);
        call();
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    let_go();
    pthread_join(worker, NULL);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
// --8<-- [end:test]

// --8<-- [start:main]
static const struct {
    const char *name;
    void (*call)(void);
} rows[] = {
    {"malloc", call_malloc}, {"fputs", call_fputs},
    {"dlopen", call_dlopen}, {"random", call_random},
    {"setenv", call_setenv}, {"tzset", call_tzset},
    {"setlocale", call_setlocale}};
enum { ROWS = sizeof rows / sizeof *rows };

static void start(pid_t *process, void (*call)(void)) {
    *process = fork();
    if (*process == 0) {
        alarm(5);
        _exit(test(call));
    }
}
// --8<-- [end:main]

// --8<-- [start:table]
int main(void) {
    pid_t processes[ROWS];
    signal(SIGSEGV, stop);
    sem_init(&stopped, 0, 0);
    sem_init(&go, 0, 0);
    for (int row = 0; row < ROWS; row++)
        start(&processes[row], rows[row].call);

    for (int row = 0; row < ROWS; row++) {
        int status;
        waitpid(processes[row], &status, 0);
        const char *end = "?";
        if (status == 0)
            end = "returns";
        else if (WIFEXITED(status) && WEXITSTATUS(status) == SIGALRM)
            end = "hangs";
        printf("%-10s %s\n", rows[row].name, end);
    }
    return 0;
}
// --8<-- [end:table]
