#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int number;

int main(void) {
    pid_t pid = fork();
    if (pid == 0) {
        number = 1;
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    printf("fork:  the parent's number is %d\n", number);

    pid = vfork();
    if (pid == 0) {
        number = 2;  // (1)!
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    printf("vfork: the parent's number is %d\n", number);
}
