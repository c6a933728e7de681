// epoll_echo: the limit. One thread, one epoll set, bytes back as they came: no framing, no
// decoding, no hand-off. What a message costs here is what the kernel asks of anybody.
//
//   cc -O2 -o epoll_echo epoll_echo.c && ./epoll_echo PORT
//
// Port 0 is any; it lives until its standard input ends.

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
#include <unistd.h>

enum { BACKLOG = 1024, EVENTS = 1024, BUFFER = 64 * 1024 };

// What a short write left over. Reading stops until it is gone, so one buffer per connection
// bounds the memory.
struct connection {
    int fd;
    size_t pending, offset;
    char *rest;
};

static int epoll;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int op, struct connection *c, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    // Standard input may be a file, which epoll refuses and which needs no watching.
    if (epoll_ctl(epoll, op, c->fd, &event) < 0 && c->fd != STDIN_FILENO) fail("epoll_ctl");
}

static void finish(struct connection *c) {
    close(c->fd);
    free(c->rest);
    free(c);
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) return;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        struct connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        watch(EPOLL_CTL_ADD, c, EPOLLIN);
    }
}

static void read_and_echo(struct connection *c) {
    static char buffer[BUFFER];
    ssize_t n = read(c->fd, buffer, sizeof buffer);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        finish(c);
        return;
    }
    ssize_t written = write(c->fd, buffer, n);
    if (written < 0 && errno == EAGAIN) written = 0;
    if (written < 0) {
        finish(c);
    } else if (written < n) {
        if (!c->rest) c->rest = malloc(BUFFER);
        c->offset = 0;
        c->pending = n - written;
        memcpy(c->rest, buffer + written, c->pending);
        watch(EPOLL_CTL_MOD, c, EPOLLOUT);
    }
}

static void write_rest(struct connection *c) {
    ssize_t written = write(c->fd, c->rest + c->offset, c->pending);
    if (written < 0 && errno == EAGAIN) return;
    if (written < 0) {
        finish(c);
        return;
    }
    c->offset += written;
    c->pending -= written;
    if (!c->pending) watch(EPOLL_CTL_MOD, c, EPOLLIN);
}

int main(int argc, char **argv) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    address.sin_port = htons(argc > 1 ? atoi(argv[1]) : 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, length) < 0) fail("bind");
    if (listen(listener, BACKLOG) < 0) fail("listen");
    if ((epoll = epoll_create1(0)) < 0) fail("epoll_create1");
    struct connection accepting = {.fd = listener}, input = {.fd = STDIN_FILENO};
    watch(EPOLL_CTL_ADD, &accepting, EPOLLIN);
    watch(EPOLL_CTL_ADD, &input, EPOLLIN);
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);

    static struct epoll_event ready[EVENTS];
    for (;;) {
        int n = epoll_wait(epoll, ready, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            struct connection *c = ready[i].data.ptr;
            if (c == &accepting) accept_all(listener);
            else if (c == &input) return 0;
            else if (c->pending) write_rest(c);
            else read_and_echo(c);
        }
    }
}
