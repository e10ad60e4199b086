/* The first process, and the leader of the one session of the machine.
 *
 * /init becomes this program. It divides in two:
 *  - process 1 waits for every orphan, as an init must;
 *  - its child is what a login shell is: it leads the session of the terminal /dev/hvc0, starts the
 *    warm Python as a job in the foreground, and says how the job ended, with the signal's number
 *    where a shell could only say 128 + n.
 *
 * What the page asks comes over /dev/hvc1, what it is told goes to /dev/hvc2 (lab/web/machine.mjs):
 *
 *     <- READY                                 Python is warm, free memory is zero: save the state
 *     -> <s> <ns> <seed in hex> <length>\n…    the time, entropy, and a request for runner.py
 *     <- MORE                                  STEP bytes of the request were passed on: see WINDOW
 *     -> ?                                     does the program wait for something to be typed?
 *     <- READS <n>                             n of its processes do: they read the terminal
 *     <- EXIT <code> <signal>                  how the program ended: one of them is 0
 *     <- LEFT <n>                              n processes of it are left; told at each change
 *     <- DONE                                  none is left
 *
 * What the page sends is lost where the console has no room, 16 pieces of at most 4096 bytes. So the
 * page sends WINDOW bytes of a request, and STEP bytes more after each MORE (lab/web/machine.mjs).
 *
 * It links no C library: a 32-bit one is not on the machine that builds this.
 */
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/signal.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/wait.h>

#define USER 1000
#define STEP 16384 /* bytes */
#define SPARE_KIB 512 /* free memory that stays as it is when the rest is made zero */

enum { REQUEST = 3, OUTPUT = 4 }; /* descriptors of runner.py */

static char *const python[] = {"python", "/opt/runner.py", 0};
static char *const environment[] = {
    "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/home/you", "TMPDIR=/tmp", "LC_ALL=C.UTF-8",
    "TZ=UTC", "TERM=dumb", "PYTHONHASHSEED=0", 0,
};

static long call(long number, long a, long b, long c, long d, long e)
{
    long result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "0"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
                     : "memory");
    return result;
}
#define CALL(name, ...) CALL_(name, __VA_ARGS__, 0, 0, 0, 0, 0)
#define CALL_(name, a, b, c, d, e, ...) \
    call(__NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

/* The compiler may ask for these two. */
void *memset(void *start, int byte, unsigned long count)
{
    for (char *at = start; count--; at++)
        *at = byte;
    return start;
}

void *memcpy(void *to, const void *from, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

static void write_all(int fd, const char *bytes, long count)
{
    while (count > 0) {
        long written = CALL(write, fd, bytes, count);
        if (written <= 0)
            return;
        bytes += written;
        count -= written;
    }
}

static char *put_word(char *at, const char *word)
{
    while (*word)
        *at++ = *word++;
    return at;
}

static char *put_number(char *at, unsigned number)
{
    char digits[10];
    int count = 0;
    do
        digits[count++] = '0' + number % 10;
    while (number /= 10);
    while (count)
        *at++ = digits[--count];
    return at;
}

static int is_same(const char *one, const char *other)
{
    while (*one && *one == *other)
        one++, other++;
    return *one == *other;
}

static unsigned number_at(const char **at)
{
    unsigned number = 0;
    while (**at == ' ')
        ++*at;
    while (**at >= '0' && **at <= '9')
        number = number * 10 + (*(*at)++ - '0');
    return number;
}

static void die(const char *why)
{
    char line[80], *end = put_word(line, "leader: ");
    end = put_word(end, why);
    *end++ = '\n';
    write_all(CALL(open, "/dev/ttyS0", O_WRONLY | O_NOCTTY), line, end - line);
    CALL(exit, 1);
}

static int open_or_die(const char *path, int flags)
{
    int fd = CALL(open, path, flags | O_CLOEXEC);
    if (fd < 0)
        die(path);
    return fd;
}

/* A console that neither echoes nor translates. It must stay open: the last close resets it. */
static int open_raw(const char *path)
{
    struct termios settings;
    int fd = open_or_die(path, O_RDWR | O_NOCTTY);
    CALL(ioctl, fd, TCGETS, &settings);
    settings.c_iflag = settings.c_oflag = settings.c_lflag = 0;
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    CALL(ioctl, fd, TCSETS, &settings);
    return fd;
}

static void lead_session(void)
{
    struct termios settings;
    struct { unsigned short rows, columns, x, y; } size = {24, 80, 0, 0};
    CALL(setsid, 0);
    int terminal = open_or_die("/dev/hvc0", O_RDWR);
    CALL(ioctl, terminal, TIOCSCTTY, 0);
    CALL(ioctl, terminal, TIOCSWINSZ, &size);
    CALL(ioctl, terminal, TCGETS, &settings);
    settings.c_cc[VSUSP] = 0; /* nothing here could continue a stopped job */
    CALL(ioctl, terminal, TCSETS, &settings);
    for (int fd = 0; fd < 3; fd++)
        CALL(dup2, terminal, fd);
    CALL(close, terminal);
}

static void set_action(int number, __sighandler_t handler)
{
    struct { __sighandler_t handler; unsigned long flags, restorer; unsigned long long mask; }
        action = {handler, 0, 0, 0};
    CALL(rt_sigaction, number, &action, 0, 8);
}

/* A new child becomes the warm Python, as the user, in the foreground of the terminal. */
static int start_python(int request, int output)
{
    int pid = CALL(fork, 0);
    if (pid == 0) {
        unsigned long long none = 0;
        int own = CALL(getpid, 0), groups[1] = {USER};
        CALL(setpgid, 0, 0);
        CALL(ioctl, 0, TIOCSPGRP, &own);
        CALL(dup2, request, REQUEST);
        CALL(dup2, output, OUTPUT);
        set_action(SIGTTOU, SIG_DFL);
        set_action(SIGPIPE, SIG_DFL);
        CALL(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
        CALL(setgroups32, 1, groups);
        CALL(setresgid32, USER, USER, USER);
        CALL(setresuid32, USER, USER, USER);
        CALL(chdir, "/home/you");
        CALL(execve, "/usr/bin/python", python, environment);
        die("no python");
    }
    CALL(setpgid, pid, pid);
    return pid;
}

/* Fill all free memory with zeros and free it again: zero pages cost a saved state nothing, and what
 * lies there is the packed initramfs. The kernel keeps some memory back; here nearly none of it. */
static void zero_free_memory(void)
{
    char reserve[16];
    int setting = open_or_die("/proc/sys/vm/min_free_kbytes", O_RDWR);
    long length = CALL(read, setting, reserve, sizeof reserve);
    CALL(pwrite64, setting, "64", 2, 0, 0);
    int pid = CALL(fork, 0);
    if (pid == 0) {
        struct sysinfo memory;
        write_all(CALL(open, "/proc/self/oom_score_adj", O_WRONLY), "1000", 4);
        CALL(sysinfo, &memory);
        unsigned long wanted[6] = {0, memory.freeram - SPARE_KIB * 1024, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0};
        CALL(mmap, wanted); /* the old call of i386, which takes its arguments from memory */
        CALL(exit, 0);
    }
    CALL(waitpid, pid, 0, __WALL);
    CALL(pwrite64, setting, reserve, length, 0, 0);
    CALL(close, setting);
}

static void set_clock(unsigned seconds, unsigned nanoseconds)
{
    struct { int seconds, nanoseconds; } now = {seconds, nanoseconds};
    CALL(clock_settime, CLOCK_REALTIME, &now);
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Without this every restored machine would read the same bytes from /dev/urandom. */
static void add_entropy(const char **at)
{
    struct { int bits, bytes; unsigned char seed[64]; } entropy = {0, 0, {0}};
    while (**at == ' ')
        ++*at;
    for (; **at && **at != ' ' && entropy.bytes < 64; *at += 2)
        entropy.seed[entropy.bytes++] = hex_digit((*at)[0]) << 4 | hex_digit((*at)[1]);
    entropy.bits = 8 * entropy.bytes;
    int device = CALL(open, "/dev/urandom", O_RDWR);
    CALL(ioctl, device, RNDADDENTROPY, &entropy);
    CALL(ioctl, device, RNDRESEEDCRNG, 0);
    CALL(close, device);
}

/* Read the first line of a request and obey it; how many bytes follow for Python. */
static unsigned read_head(int requests)
{
    char line[256];
    int length = 0;
    do
        if (CALL(read, requests, line + length, 1) != 1)
            die("hvc1");
    while (line[length] != '\n' && ++length < (int)sizeof line - 1);
    line[length] = 0;
    const char *at = line;
    unsigned seconds = number_at(&at), nanoseconds = number_at(&at);
    set_clock(seconds, nanoseconds);
    add_entropy(&at);
    return number_at(&at);
}

static void tell(int fd, const char *word, int count, unsigned first, unsigned second)
{
    char line[48], *end = put_word(line, word);
    for (int i = 0; i < count; i++) {
        *end++ = ' ';
        end = put_number(end, i ? second : first);
    }
    *end++ = '\n';
    write_all(fd, line, end - line);
}

/* Pass a request on; what Python does not take, because it has ended, goes nowhere. */
static void pass_on(int from, int to, unsigned count, int answers)
{
    char bytes[4096];
    for (unsigned passed = 0, told = 0; passed < count;) {
        unsigned wanted = count - passed;
        long got = CALL(read, from, bytes, wanted < sizeof bytes ? wanted : sizeof bytes);
        if (got <= 0)
            return;
        write_all(to, bytes, got);
        for (passed += got; passed - told >= STEP; told += STEP)
            tell(answers, "MORE", 0, 0, 0);
    }
}

/* The number of the process *name*, a folder of /proc that is the program's; else 0. */
static int own_process(const char *name)
{
    char path[32], stat[160], *end = put_word(put_word(put_word(path, "/proc/"), name), "/stat");
    const char *at = name;
    int pid = number_at(&at);
    if (*at || pid <= 2 || pid == CALL(getpid, 0))
        return 0;
    *end = 0;
    int fd = CALL(open, path, O_RDONLY);
    if (fd < 0)
        return 0;
    long got = CALL(read, fd, stat, sizeof stat - 1);
    CALL(close, fd);
    if (got <= 0)
        return 0;
    stat[got] = 0;
    for (at = stat + got; at > stat && *at != ')';)
        at--;
    at += 4; /* ") S " */
    return number_at(&at) == 2 ? 0 : pid; /* a child of 2 is a thread of the kernel */
}

static int is_any(const char *name)
{
    (void)name;
    return 1;
}

/* Whether the process is blocked in read() of the terminal: /proc/<name>/syscall says "3 0x0 …". */
static int reads_terminal(const char *name)
{
    char path[48], text[32], *end = put_word(put_word(put_word(path, "/proc/"), name), "/syscall");
    const char *at = text;
    unsigned number = 0;
    *end = 0;
    int fd = CALL(open, path, O_RDONLY);
    long got = CALL(read, fd, text, sizeof text - 1);
    CALL(close, fd);
    text[got > 0 ? got : 0] = 0;
    if (number_at(&at) != __NR_read || at == text || at[0] != ' ' || at[1] != '0' || at[2] != 'x')
        return 0;
    for (at += 3; *at && *at != ' '; at++)
        number = number << 4 | hex_digit(*at);
    *put_number(put_word(end - sizeof "syscall" + 1, "fd/"), number) = 0;
    got = CALL(readlink, path, text, sizeof text - 1);
    text[got > 0 ? got : 0] = 0;
    return is_same(text, "/dev/hvc0") || is_same(text, "/dev/tty");
}

/* How many processes of the program there are for which *counts* is true. */
static int count_processes(int (*counts)(const char *name))
{
    struct entry { unsigned long long inode, offset; unsigned short length; char type, name[]; };
    static char entries[4096] __attribute__((aligned(8)));
    int count = 0, folder = CALL(open, "/proc", O_RDONLY | O_DIRECTORY);
    for (long got; (got = CALL(getdents64, folder, entries, sizeof entries)) > 0;)
        for (long at = 0; at < got;) {
            struct entry *entry = (struct entry *)(entries + at);
            if (own_process(entry->name) && counts(entry->name))
                count++;
            at += entry->length;
        }
    CALL(close, folder);
    return count;
}

/* Show what comes through the pipe of the output; whether more can come. */
static int show(int output)
{
    char bytes[4096];
    long got = CALL(read, output, bytes, sizeof bytes);
    if (got > 0)
        write_all(1, bytes, got);
    return got > 0;
}

/* Wait for the end of the job; meanwhile show its output, if it comes through the pipe, and answer. */
static int wait_for_end(int pid, int output, int children, int requests, int answers)
{
    struct pollfd polled[3] = {{children, POLLIN, 0}, {output, POLLIN, 0}, {requests, POLLIN, 0}};
    char bytes[128];
    int status;
    for (;;) {
        CALL(poll, polled, 3, -1);
        if (polled[1].revents) {
            if (!show(output))
                polled[1].fd = -1;
        } else if (polled[0].revents) {
            CALL(read, children, bytes, sizeof bytes);
            if (CALL(waitpid, pid, &status, WNOHANG) == pid)
                return status;
        } else if (polled[2].revents) {
            CALL(read, requests, bytes, sizeof bytes);
            tell(answers, "READS", 1, count_processes(reads_terminal), 0);
        }
    }
}

/* Orphans of the job may still print, for as long as the page lets the machine run. */
static void wait_for_orphans(int output, int answers)
{
    struct pollfd polled = {output, POLLIN, 0};
    for (int tries = 0, told = 0;; tries++) {
        int left = count_processes(is_any); /* first: what they printed is in the pipe by now */
        if (left && left != told && tries > 25) /* most are about to end: half a second's silence */
            tell(answers, "LEFT", 1, told = left, 0);
        CALL(poll, &polled, 1, !left ? 0 : tries < 100 ? 20 : 100);
        if (!polled.revents && !left)
            return;
        if (polled.revents && !show(output))
            polled.fd = -1;
    }
}

static void serve(void)
{
    unsigned long long only_children = 1ULL << (SIGCHLD - 1);
    char ready;
    int request[2], output[2];

    lead_session();
    set_action(SIGTTOU, SIG_IGN);
    set_action(SIGPIPE, SIG_IGN); /* a Python that ends early is told of by EXIT */
    int requests = open_raw("/dev/hvc1"), answers = open_raw("/dev/hvc2");
    CALL(rt_sigprocmask, SIG_BLOCK, &only_children, 0, 8);
    int children = CALL(signalfd4, -1, &only_children, 8, O_CLOEXEC);
    CALL(pipe2, request, O_CLOEXEC);
    CALL(pipe2, output, O_CLOEXEC);

    int pid = start_python(request[0], output[1]);
    CALL(close, request[0]);
    CALL(close, output[1]);
    if (CALL(read, output[0], &ready, 1) != 1)
        die("runner.py ended before it was ready");
    zero_free_memory();
    tell(answers, "READY", 0, 0, 0);

    unsigned length = read_head(requests);
    pass_on(requests, request[1], length, answers);
    CALL(close, request[1]);
    int status = wait_for_end(pid, output[0], children, requests, answers);
    int own = CALL(getpid, 0);
    CALL(ioctl, 0, TIOCSPGRP, &own);
    tell(answers, "EXIT", 2, status >> 8 & 0xff, status & 0x7f);
    wait_for_orphans(output[0], answers);
    tell(answers, "DONE", 0, 0, 0);
}

__attribute__((force_align_arg_pointer)) void _start(void)
{
    int leader = CALL(fork, 0);
    if (leader == 0) {
        serve();
        for (;;)
            CALL(pause, 0);
    }
    for (;;)
        CALL(waitpid, -1, 0, __WALL);
}
