/*
 * lines: a load client with nothing in it, to compare the other one's costs and figures with. It keeps a number of
 * lines outstanding on each connection, counts the replies by their line feeds, times each, and checks nothing.
 *
 *   gcc -O2 -Wall -Wextra -o lines lines.c
 *   ./lines PORT CONNECTIONS DEPTH SIZE WARM-UP SECONDS
 *
 * Connects to 127.0.0.1, from one thread. SIZE is that of a line with its end. The seconds of the warm-up are not
 * measured. Times are from the send to the reply. Prints one line: replies a second, percentiles, and this client's CPU
 * per reply.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, EVENTS = 1024, BUCKETS = 1000 * 1000, NANOS_PER_BUCKET = 1000 };

struct connection {
    int socket;
    int owed;            /* bytes that are to be written and were not taken */
    unsigned sent, answered;
    uint64_t *sent_at;   /* by the number of the message, modulo the depth */
};

static int depth, size;
static char *lines;      /* as many as are sent at once */
static uint32_t histogram[BUCKETS + 1];
static uint64_t replies;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000000000u + t.tv_nsec;
}

static double cpu_seconds(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int number(const char *text, const char *name) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || value < 1 || value > 1000000) {
        fprintf(stderr, "%s must be a number from 1 to 1000000, not '%s'\n", name, text);
        exit(2);
    }
    return (int) value;
}

static uint64_t nanos(const char *text, const char *name) {
    char *end;
    double value = strtod(text, &end);
    if (*end || value < 0 || value > 86400) {
        fprintf(stderr, "%s must be seconds, from 0 to 86400, not '%s'\n", name, text);
        exit(2);
    }
    return (uint64_t) (value * 1e9);
}

static void write_owed(struct connection *c) {
    while (c->owed > 0) {
        int cut = c->owed % size ? size - c->owed % size : 0; /* so much of the first line is out already */
        int most = depth * size - cut;
        ssize_t count = write(c->socket, lines + cut, c->owed < most ? c->owed : most);
        if (count < 0) {
            if (errno == EAGAIN) return;         /* tried again when the next reply comes */
            fail("write");
        }
        c->owed -= (int) count;
    }
}

static void send_more(struct connection *c, int count, uint64_t time) {
    for (int i = 0; i < count; i++) c->sent_at[c->sent++ % depth] = time;
    c->owed += count * size;
    write_owed(c);
}

static void read_replies(struct connection *c, int measuring) {
    static char buffer[BUFFER];
    ssize_t length = read(c->socket, buffer, sizeof buffer);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) fail("the server ended a connection");
    uint64_t time = now();
    int count = 0;
    for (char *at = buffer; (at = memchr(at, '\n', buffer + length - at)); at++) {
        uint64_t bucket = (time - c->sent_at[c->answered++ % depth]) / NANOS_PER_BUCKET;
        if (measuring) histogram[bucket < BUCKETS ? bucket : BUCKETS]++;
        count++;
    }
    if (measuring) replies += count;
    send_more(c, count, time);
}

static int percentile(double share) {
    uint64_t rank = (uint64_t) (share * replies), seen = 0;
    int bucket = 0;
    while (bucket < BUCKETS && (seen += histogram[bucket]) < rank) bucket++;
    return bucket;
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: lines PORT CONNECTIONS DEPTH SIZE WARM-UP SECONDS\n");
        return 2;
    }
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(number(argv[1], "PORT")),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int connections = number(argv[2], "CONNECTIONS"), one = 1;
    uint64_t warm_up = nanos(argv[5], "WARM-UP"), span = nanos(argv[6], "SECONDS");
    depth = number(argv[3], "DEPTH");
    size = number(argv[4], "SIZE");
    lines = malloc((size_t) depth * size);
    memset(lines, 'x', (size_t) depth * size);
    for (int i = 1; i <= depth; i++) lines[i * size - 1] = '\n';

    int epoll = epoll_create1(0);
    struct connection *all = calloc(connections, sizeof *all);
    for (int i = 0; i < connections; i++) {
        all[i].sent_at = calloc(depth, sizeof(uint64_t));
        all[i].socket = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(all[i].socket, (struct sockaddr *) &server, sizeof server) < 0) fail("connect");
        setsockopt(all[i].socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (fcntl(all[i].socket, F_SETFL, O_NONBLOCK) < 0) fail("fcntl");
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].socket, &event);
    }
    for (int i = 0; i < connections; i++) send_more(&all[i], depth, now());

    uint64_t from = now() + warm_up, to = from + span;
    double used = 0;
    int measuring = 0;
    static struct epoll_event events[EVENTS];
    for (uint64_t time; (time = now()) < to;) {
        if (!measuring && time >= from) {
            measuring = 1;
            used = cpu_seconds();
        }
        int count = epoll_wait(epoll, events, EVENTS, 100);
        for (int i = 0; i < count; i++) read_replies(events[i].data.ptr, measuring);
    }
    used = cpu_seconds() - used;
    printf("%.0f replies a second, p50 %d us, p99 %d us, p99.9 %d us, CPU %.3f us a reply\n",
           (double) replies / span * 1e9, percentile(0.5), percentile(0.99), percentile(0.999),
           used * 1e6 / (double) (replies ? replies : 1));
    return 0;
}
