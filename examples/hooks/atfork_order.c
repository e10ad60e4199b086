#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char called[200];

#define HOOK(when, name)                     \
    static void when##_##name(void) {        \
        strcat(called, "  " #when " " #name); \
    }
HOOK(before, A) HOOK(parent, A) HOOK(child, A)
HOOK(before, B) HOOK(parent, B) HOOK(child, B)

int main(void) {
    pthread_atfork(before_A, parent_A, child_A);
    pthread_atfork(before_B, parent_B, child_B);
    pid_t pid = fork();
    if (pid > 0)
        waitpid(pid, NULL, 0);
    printf("%s%s\n", pid == 0 ? "child: " : "parent:", called);
}
