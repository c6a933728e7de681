// subscribers: many connections that read what one of them publishes. In C, because a JVM that compiles and
// collects would be seen in the figures of a server that does neither.
//
//   cc -O2 -o subscribers subscribers.c && ./subscribers PORT CONNECTIONS RATE WARM_UP SECONDS
//
// Publishes until each has received something. Then the first connection sends a line of 64 bytes RATE times a second, at times that do not depend on what comes
// back, for WARM_UP seconds and, when all of that has been delivered, for SECONDS. Prints "warm", and half a second
// later "measuring"; at the end how many lines were published and delivered, and how long that took from
// the first publication to the last delivery. What does not come within a minute is not delivered.

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

enum { SIZE = 64, EVENTS = 256, SECOND = 1000000000, PATIENCE = 60 };

typedef long long nanos;

struct connection {
    int fd;
    int heard;
};

static int epoll, publisher;
static int silent; // connections that have received nothing yet
static long long received; // bytes, of all
static nanos lately; // when something was received

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static nanos now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * (nanos)SECOND + t.tv_nsec;
}

static void open_at(int port, struct connection *c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) fail("socket");
    c->fd = fd;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
    silent++;
}

static void take(nanos until) {
    static struct epoll_event events[EVENTS];
    static char buffer[64 * 1024];
    nanos left = until - now();
    struct timespec timeout = {.tv_sec = left < 0 ? 0 : left / SECOND, .tv_nsec = left < 0 ? 0 : left % SECOND};
    int n = epoll_pwait2(epoll, events, EVENTS, &timeout, NULL);
    if (n < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int i = 0; i < n; i++) {
        struct connection *c = events[i].data.ptr;
        ssize_t bytes = recv(c->fd, buffer, sizeof buffer, MSG_DONTWAIT);
        if (bytes < 0 && errno != EAGAIN) fail("recv");
        if (bytes == 0) {
            fprintf(stderr, "the server closed a connection\n");
            exit(1);
        }
        if (bytes > 0) {
            received += bytes;
            lately = now();
            silent -= !c->heard;
            c->heard = 1;
        }
    }
}

static void publish(void) {
    static char line[SIZE];
    memset(line, 'p', SIZE - 1);
    line[SIZE - 1] = '\n';
    for (int sent = 0; sent < SIZE;) {
        ssize_t bytes = send(publisher, line + sent, SIZE - sent, MSG_DONTWAIT);
        if (bytes < 0 && errno != EAGAIN) fail("send");
        if (bytes < 0) take(now() + SECOND / 1000);
        if (bytes > 0) sent += bytes;
    }
}

// Some are accepted a while after they are connected.
static void await_all(void) {
    while (silent > 0) {
        publish();
        for (nanos until = now() + SECOND / 5; now() < until;) take(until);
    }
    for (lately = now(); now() - lately < SECOND / 2;) take(lately + SECOND / 2); // what is left of it
}

// Publishes for so long and takes all that comes of it. Returns how long that took.
static nanos run(int connections, double rate, double seconds, long *published) {
    long count = (long)(rate * seconds + 0.5);
    long long expected = received + (long long)count * connections * SIZE;
    nanos began = now();
    for (long k = 0; k < count; k++) {
        nanos due = began + (nanos)(k / rate * SECOND);
        while (now() < due) take(due);
        publish();
    }
    nanos limit = now() + (nanos)PATIENCE * SECOND;
    while (received < expected && now() < limit) take(limit);
    *published = count;
    return now() - began;
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: PORT CONNECTIONS RATE WARM_UP SECONDS\n");
        return 2;
    }
    int connections = atoi(argv[2]);
    double rate = atof(argv[3]);
    long published;
    epoll = epoll_create1(0);
    if (epoll < 0) fail("epoll_create1");
    struct connection *all = calloc(connections, sizeof *all);
    for (int i = 0; i < connections; i++) open_at(atoi(argv[1]), &all[i]);
    publisher = all[0].fd;
    await_all();
    run(connections, rate, atof(argv[4]), &published);
    printf("warm\n");
    fflush(stdout);
    usleep(500 * 1000);
    printf("measuring\n");
    fflush(stdout);
    usleep(100 * 1000); // for whoever looks at the server's clock
    received = 0;
    nanos took = run(connections, rate, atof(argv[5]), &published);
    printf("published %ld, delivered %lld, in %lld us\n", published, received / SIZE, took / 1000);
    return 0;
}
