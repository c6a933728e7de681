// polite: a few clients that ask one thing at a time, and how long each reply took. In C, because a
// JVM that compiles and collects would be seen in the figures of a server that does neither.
//
//   cc -O2 -o polite polite.c && ./polite PORT CONNECTIONS PAUSE_MS FILE
//
// Each connection sends a line of 64 bytes, waits for 64 bytes, pauses, and asks again. When
// standard input ends, it writes to FILE a line for each request: when it was sent, of
// CLOCK_MONOTONIC, and how long it took, both in nanoseconds. A request that has no reply by then
// counts with the time that it has waited.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64, EVENTS = 64, MILLI = 1000000 };

typedef long long nanos;

struct connection {
    int fd;
    int missing; // bytes of a reply; 0 while it pauses
    nanos sent, due;
};

struct request {
    nanos sent, took;
};

static struct request *requests;
static size_t count, room;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static nanos now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL * MILLI + t.tv_nsec;
}

static void note(const struct connection *c) {
    if (count == room) {
        room = room ? 2 * room : 4096;
        requests = realloc(requests, room * sizeof *requests);
        if (!requests) fail("realloc");
    }
    requests[count++] = (struct request){c->sent, now() - c->sent};
}

static void ask(struct connection *c) {
    static char line[SIZE];
    memset(line, 'p', SIZE - 1);
    line[SIZE - 1] = '\n';
    c->sent = now();
    c->missing = SIZE;
    if (write(c->fd, line, SIZE) != SIZE) fail("write");
}

static void take(struct connection *c, nanos pause) {
    char reply[SIZE];
    ssize_t n = read(c->fd, reply, sizeof reply);
    if (n < 0) fail("read");
    if (n == 0 || n > c->missing) {
        fprintf(stderr, "%s\n", n ? "more than the reply" : "the server closed a connection");
        exit(1);
    }
    c->missing -= n;
    if (c->missing == 0) {
        note(c);
        c->due = now() + pause;
    }
}

static void watch(int epoll, int fd, void *what) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

static void report(const char *path, const struct connection *all, int n) {
    for (int i = 0; i < n; i++)
        if (all[i].missing) note(&all[i]);
    FILE *file = fopen(path, "w");
    if (!file) fail(path);
    for (size_t i = 0; i < count; i++) fprintf(file, "%lld %lld\n", requests[i].sent, requests[i].took);
    if (fclose(file)) fail(path);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: PORT CONNECTIONS PAUSE_MS FILE\n");
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons(atoi(argv[1]));
    int n = atoi(argv[2]);
    nanos pause = atoi(argv[3]) * (nanos)MILLI;
    struct connection *all = calloc(n, sizeof *all);
    int epoll = epoll_create1(0);
    if (epoll < 0) fail("epoll_create1");
    watch(epoll, STDIN_FILENO, NULL);
    for (int i = 0; i < n; i++) {
        struct connection *c = &all[i];
        c->fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        watch(epoll, c->fd, c);
        c->due = now() + i * pause / n; // not all at once
    }
    printf("asking\n");
    fflush(stdout);

    struct epoll_event ready[EVENTS];
    for (;;) {
        nanos next = now() + 1000LL * MILLI;
        for (int i = 0; i < n; i++) {
            struct connection *c = &all[i];
            if (!c->missing && c->due <= now()) ask(c);
            if (!c->missing && c->due < next) next = c->due;
        }
        nanos left = next - now();
        int millis = left > 0 ? (left + MILLI - 1) / MILLI : 0;
        int k = epoll_wait(epoll, ready, EVENTS, millis);
        if (k < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < k; i++) {
            struct connection *c = ready[i].data.ptr;
            if (!c) {
                report(argv[4], all, n);
                return 0;
            }
            take(c, pause);
        }
    }
}
