/*
 * capped: a server that gives so many replies a second and no more, whose figures are therefore known. With N
 * connections that ask one thing at a time, each reply takes N divided by the rate.
 *
 *   gcc -O2 -Wall -Wextra -o capped capped.c && ./capped PORT RATE
 *
 * Port 0 is any. It knows PING as a line, as redis does, and GET by HTTP/1.1; what comes as a RESP array is refused at
 * once and does not count. Requests are answered in the order in which they came. It lives until its standard input ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, BUFFER = 64 * 1024, QUEUE = 1 << 16 };

static const char PONG[] = "+PONG\r\n", OK[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", REFUSED[] = "-ERR\r\n";

struct connection {
    int fd;             /* -1: has ended */
    int waiting;        /* requests of it that stand in the queue */
    int length, skip;   /* bytes of the line that has begun; lines of an array that are still to come */
    char first, mode;   /* byte of that line; 'G' inside the head of a GET */
};

struct request {
    struct connection *from;
    const char *reply;
};

static struct request queue[QUEUE];
static unsigned head, tail;
static int epoll;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000000000u + t.tv_nsec;
}

static void forget(struct connection *c) {
    if (c->fd < 0 && c->waiting == 0) free(c);
}

static void end(struct connection *c) {
    close(c->fd);
    c->fd = -1;
}

static void reply(struct connection *c, const char *text) {
    ssize_t length = (ssize_t) strlen(text);
    if (c->fd >= 0 && send(c->fd, text, length, MSG_NOSIGNAL) != length) end(c); /* it does not read */
}

static void enqueue(struct connection *c, const char *text) {
    if (head - tail == QUEUE) {
        fprintf(stderr, "more than %d requests wait\n", QUEUE);
        exit(1);
    }
    c->waiting++;
    queue[head++ % QUEUE] = (struct request) {c, text};
}

static void end_line(struct connection *c) {
    if (c->skip > 0) {
        if (--c->skip == 0) reply(c, REFUSED);
    } else if (c->mode == 'G') {
        if (c->length == 0) {
            c->mode = 0;
            enqueue(c, OK);
        }
    } else if (c->first == 'G') {
        c->mode = 'G';
    } else {
        enqueue(c, PONG);
    }
    c->length = 0;
}

static void take(struct connection *c) {
    static char buffer[BUFFER];
    ssize_t count = read(c->fd, buffer, sizeof buffer);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        end(c);
        forget(c);
        return;
    }
    for (ssize_t i = 0; i < count && c->fd >= 0; i++) {
        if (buffer[i] == '\n') end_line(c);
        else if (buffer[i] != '\r') {
            if (c->length++ == 0) c->first = buffer[i];
            else if (c->length == 2 && c->first == '*' && c->skip == 0) c->skip = 2 * (buffer[i] - '0') + 1;
        }
    }
}

static void accept_all(int listener) {
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int) {1}, sizeof(int));
        struct connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
    }
}

int main(int argc, char **argv) {
    int rate = argc == 3 ? atoi(argv[2]) : 0;
    if (rate < 1) {
        fprintf(stderr, "usage: capped PORT RATE\n");
        return 2;
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    address.sin_port = htons(atoi(argv[1]));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int) {1}, sizeof(int));
    if (bind(listener, (struct sockaddr *) &address, length) < 0) fail("bind");
    if (listen(listener, 1024) < 0) fail("listen");
    getsockname(listener, (struct sockaddr *) &address, &length);

    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    if ((epoll = epoll_create1(0)) < 0) fail("epoll_create1");
    struct connection accepting = {.fd = listener}, ticking = {.fd = timer}, input = {.fd = STDIN_FILENO};
    for (struct connection *each[] = {&accepting, &ticking, &input}, **c = each; c < each + 3; c++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = *c};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, (*c)->fd, &event) < 0 && *c != &input) fail("epoll_ctl");
    }
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);

    static struct epoll_event ready[EVENTS];
    double interval = 1e9 / rate, due = 0; /* of the next reply; what an idle server did not give is not made up for */
    for (;;) {
        int count = epoll_wait(epoll, ready, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct connection *c = ready[i].data.ptr;
            uint64_t ticks;
            if (c == &accepting) accept_all(listener);
            else if (c == &input) return 0;
            else if (c != &ticking) {
                int was_idle = head == tail;
                take(c);
                if (was_idle && head != tail && due < now()) due = now();
            } else if (read(timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN) fail("timerfd");
        }
        for (double time = now(); head != tail && due <= time; due += interval) {
            struct request *next = &queue[tail++ % QUEUE];
            next->from->waiting--;
            reply(next->from, next->reply);
            forget(next->from);
        }
        if (head != tail) {
            uint64_t at = (uint64_t) due;
            struct itimerspec when = {.it_value = {.tv_sec = at / 1000000000u, .tv_nsec = at % 1000000000u}};
            if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL) < 0) fail("timerfd_settime");
        }
    }
}
