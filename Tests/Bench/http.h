/* HTTP/1.1 as far as the sink needs it: one connection, its requests one after the other, and answers to them. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 64 << 10 };

struct client {
    int fd;
    char head[HEAD_MAX + 1]; /* what was read and not used yet begins at `used` */
    size_t used, filled;
    char method[16], path[4096], query[4096], meta[4096];
    long long length, decoded;
    int expects, exclusive;
    long long from, to; /* Range */
};

static int send_all(int fd, const char *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return -1;
        bytes += sent, count -= (size_t)sent;
    }
    return 0;
}

static int answer(struct client *c, const char *status, const char *headers, const char *body, long long size) {
    char head[HEAD_MAX];
    time_t seconds = time(NULL);
    struct tm t;
    char date[64];
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&seconds, &t));
    int n = snprintf(head, sizeof head,
        "HTTP/1.1 %s\r\nServer: sink\r\nDate: %s\r\nContent-Length: %lld\r\n%s\r\n", status, date, size, headers);
    if (n < 0 || (size_t)n >= sizeof head) return -1;
    if (body && (size_t)n + (size_t)size <= sizeof head) { /* one packet */
        memcpy(head + n, body, (size_t)size);
        return send_all(c->fd, head, (size_t)n + (size_t)size);
    }
    return send_all(c->fd, head, (size_t)n) || (body && send_all(c->fd, body, (size_t)size)) ? -1 : 0;
}

static int error(struct client *c, const char *status, const char *code) {
    char body[256];
    int n = snprintf(body, sizeof body, "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>", code, code);
    int isHead = !strcmp(c->method, "HEAD");
    return answer(c, status, "Content-Type: application/xml\r\n", isHead ? NULL : body, isHead ? 0 : n);
}

static int xml(struct client *c, const char *format, ...) {
    char body[8192];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(body, sizeof body, format, list);
    va_end(list);
    return answer(c, "200 OK", "Content-Type: application/xml\r\n", body, n);
}

/* A value of the query; empty if it has none, NULL if the name is not there. */
static const char *query(struct client *c, const char *name, char *value, size_t room) {
    size_t length = strlen(name);
    for (const char *p = c->query; p && *p; p = strchr(p, '&'), p = p ? p + 1 : NULL)
        if (!strncmp(p, name, length) && strchr("=&", p[length])) {
            size_t n = 0;
            for (p += length + (p[length] == '='); *p && *p != '&' && n + 1 < room; p++) {
                unsigned hex;
                if (*p == '%' && sscanf(p + 1, "%2x", &hex) == 1) value[n++] = (char)hex, p += 2;
                else value[n++] = *p;
            }
            value[n] = 0;
            return value;
        }
    return NULL;
}

/* The path, decoded and without its query. */
static void set_target(struct client *c, const char *target) {
    size_t n = 0;
    const char *mark = strchr(target, '?');
    snprintf(c->query, sizeof c->query, "%s", mark ? mark + 1 : "");
    for (const char *p = target; *p && p != mark && n + 1 < sizeof c->path; p++) {
        unsigned hex;
        if (*p == '%' && sscanf(p + 1, "%2x", &hex) == 1) c->path[n++] = (char)hex, p += 2;
        else c->path[n++] = *p;
    }
    c->path[n] = 0;
}

/* Reads one head; 0 when it is there. */
static int read_head(struct client *c) {
    memmove(c->head, c->head + c->used, c->filled - c->used);
    c->filled -= c->used, c->used = 0;
    char *end;
    while (c->head[c->filled] = 0, !(end = strstr(c->head, "\r\n\r\n"))) {
        if (c->filled == HEAD_MAX) return -1;
        ssize_t got = recv(c->fd, c->head + c->filled, HEAD_MAX - c->filled, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return -1;
        c->filled += (size_t)got;
    }
    c->used = (size_t)(end - c->head) + 4, *end = 0;
    char target[4096];
    if (sscanf(c->head, "%15s %4095s", c->method, target) != 2) return -1;
    set_target(c, target);
    c->length = 0, c->decoded = c->from = c->to = -1, c->expects = c->exclusive = 0, c->meta[0] = 0;
    char *save = NULL;
    for (char *line = strtok_r(c->head, "\r\n", &save); (line = strtok_r(NULL, "\r\n", &save));) {
        char *value = strchr(line, ':');
        if (!value) continue;
        for (*value++ = 0; *value == ' '; value++) {}
        if (!strcasecmp(line, "content-length")) c->length = atoll(value);
        else if (!strcasecmp(line, "x-amz-decoded-content-length")) c->decoded = atoll(value);
        else if (!strcasecmp(line, "expect")) c->expects = 1;
        else if (!strcasecmp(line, "if-none-match")) c->exclusive = 1;
        else if (!strcasecmp(line, "range")) sscanf(value, "bytes=%lld-%lld", &c->from, &c->to);
        else if (!strncasecmp(line, "x-amz-meta-", 11)) {
            size_t n = strlen(c->meta);
            snprintf(c->meta + n, sizeof c->meta - n, "%s: %s\r\n", line, value);
        }
    }
    return 0;
}
