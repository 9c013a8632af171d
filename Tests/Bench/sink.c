/* An S3 service that keeps nothing: it counts bodies and lets them go, so that it is not what an upload waits for. One thread a
 * connection; bodies are dropped inside the kernel (MSG_TRUNC, tcp(7)), so that they cost it nearly nothing.
 *
 *     sink ADDRESS PORT
 *
 * It speaks what bodydock, rclone, restic, aws and curl ask of a bucket: PUT (If-None-Match: *), HEAD, GET, DELETE, listings, and
 * uploads in parts. Bodies up to 256 KiB are kept, because restic reads its configuration back. Neither signatures nor hashes are
 * checked; tags are no MD5s, as with services that encrypt. For measurements only: its memory grows with the number of objects.
 *
 *     GET /-/stats    requests by kind, body bytes, connections, and body bytes by 20 ms since the last reset, as JSON
 *     POST /-/reset   forgets objects and counts */
#define _GNU_SOURCE
#include "http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>

enum { KEPT_MAX = 256 << 10, TABLE = 1 << 16, BINS = 100000, BIN_MS = 20, PARTS = 1024 };

struct object { /* in a chain of the table; an upload in parts is one too, under its own name */
    struct object *next;
    char *key, *meta, tag[48];
    long long size;
    char *body; /* of small ones */
    int parts;
    long long part_size[PARTS + 1];
};

static struct object *table[TABLE], *uploads[TABLE];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long long serial = 1, connections, body_bytes, bins[BINS];
static double began;
static const char *const kinds[] = {"PUT", "HEAD", "GET", "POST", "DELETE", "LIST"};
static unsigned long long counts[6];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void count_bytes(long long bytes) {
    long bin = (long)((now() - began) * 1000 / BIN_MS);
    __atomic_add_fetch(&body_bytes, bytes, __ATOMIC_RELAXED);
    if (bin >= 0 && bin < BINS) __atomic_add_fetch(&bins[bin], bytes, __ATOMIC_RELAXED);
}

static unsigned hash(const char *text) {
    unsigned h = 2166136261u;
    while (*text) h = (h ^ (unsigned char)*text++) * 16777619u;
    return h % TABLE;
}

/* Both with the lock held. */
static struct object *find(struct object **in, const char *key) {
    struct object *o = in[hash(key)];
    while (o && strcmp(o->key, key)) o = o->next;
    return o;
}

static void drop(struct object **in, const char *key) {
    for (struct object **place = &in[hash(key)]; *place; place = &(*place)->next)
        if (!strcmp((*place)->key, key)) {
            struct object *gone = *place;
            *place = gone->next;
            free(gone->key), free(gone->meta), free(gone->body), free(gone);
            return;
        }
}

static struct object *add(struct object **in, const char *key, const char *meta) {
    drop(in, key);
    struct object *o = calloc(1, sizeof *o);
    o->key = strdup(key), o->meta = strdup(meta);
    snprintf(o->tag, sizeof o->tag, "%016llx", serial++);
    o->next = in[hash(key)];
    return in[hash(key)] = o;
}

/* Takes the body; keeps it in `kept` (room for all of it) or drops it. */
static int take(struct client *c, char *kept) {
    static __thread char junk[1 << 20];
    long long rest = c->length, at = 0;
    if (rest && c->expects && send_all(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25)) return -1;
    while (rest > 0) {
        ssize_t got;
        size_t waiting = c->filled - c->used;
        if (waiting) {
            got = rest < (long long)waiting ? (ssize_t)rest : (ssize_t)waiting;
            if (kept) memcpy(kept + at, c->head + c->used, (size_t)got);
            c->used += (size_t)got;
        } else if (kept) {
            got = recv(c->fd, kept + at, (size_t)rest, 0);
        } else {
            got = recv(c->fd, junk, rest < (long long)sizeof junk ? (size_t)rest : sizeof junk, MSG_TRUNC);
        }
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return -1;
        count_bytes(got);
        rest -= got, at += got;
    }
    return 0;
}

/* Removes the frames of `aws-chunked` (size;chunk-signature=…) in place. */
static long long unchunk(char *body, long long size) {
    long long in = 0, out = 0;
    while (in < size) {
        char *end = memchr(body + in, '\n', (size_t)(size - in));
        long long piece = strtoll(body + in, NULL, 16);
        if (!end || piece <= 0) break;
        in = end - body + 1;
        if (in + piece > size) break;
        memmove(body + out, body + in, (size_t)piece);
        in += piece + 2, out += piece;
    }
    return out;
}

static int put(struct client *c) {
    char id[64], number[16], headers[128], tag[48];
    int isPart = query(c, "uploadId", id, sizeof id) && query(c, "partNumber", number, sizeof number);
    pthread_mutex_lock(&lock);
    int isTaken = !isPart && c->exclusive && find(table, c->path), isKnown = !isPart || find(uploads, id);
    pthread_mutex_unlock(&lock);
    char *kept = !isPart && c->length <= KEPT_MAX ? malloc((size_t)c->length + 1) : NULL;
    if (take(c, kept)) return free(kept), -1;
    if (isTaken) return free(kept), error(c, "412 Precondition Failed", "PreconditionFailed");
    if (!isKnown) return free(kept), error(c, "404 Not Found", "NoSuchUpload");
    long long size = c->decoded >= 0 ? c->decoded : c->length;
    if (kept && c->decoded >= 0) size = unchunk(kept, c->length);
    pthread_mutex_lock(&lock);
    if (isPart) {
        struct object *upload = find(uploads, id);
        int n = atoi(number);
        if (upload && n > 0 && n <= PARTS) upload->part_size[n] = size, upload->parts = n > upload->parts ? n : upload->parts;
        snprintf(tag, sizeof tag, "%016llx", serial++);
    } else {
        struct object *o = add(table, c->path, c->meta);
        o->size = size, o->body = kept;
        strcpy(tag, o->tag);
    }
    pthread_mutex_unlock(&lock);
    snprintf(headers, sizeof headers, "ETag: \"%s\"\r\n", tag);
    return answer(c, "200 OK", headers, NULL, 0);
}

static int post(struct client *c) {
    char id[64], value[8], tag[48];
    char *document = c->length <= KEPT_MAX ? malloc((size_t)c->length + 1) : NULL;
    if (take(c, document)) return free(document), -1;
    free(document);
    if (query(c, "uploads", value, sizeof value)) {
        pthread_mutex_lock(&lock);
        snprintf(id, sizeof id, "upload%llu", serial++);
        struct object *upload = add(uploads, id, c->meta);
        free(upload->body), upload->body = strdup(c->path);
        pthread_mutex_unlock(&lock);
        return xml(c, "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>", id);
    }
    if (!query(c, "uploadId", id, sizeof id)) return error(c, "400 Bad Request", "InvalidRequest");
    pthread_mutex_lock(&lock);
    struct object *upload = find(uploads, id), *o = NULL;
    if (upload && !(c->exclusive && find(table, c->path))) {
        o = add(table, c->path, upload->meta);
        for (int n = 1; n <= upload->parts; n++) o->size += upload->part_size[n];
        snprintf(o->tag, sizeof o->tag, "%016llx-%d", serial++, upload->parts);
        strcpy(tag, o->tag);
        drop(uploads, id);
    }
    pthread_mutex_unlock(&lock);
    if (!o) return upload ? error(c, "412 Precondition Failed", "PreconditionFailed") : error(c, "404 Not Found", "NoSuchUpload");
    return xml(c, "<CompleteMultipartUploadResult><ETag>\"%s\"</ETag></CompleteMultipartUploadResult>", tag);
}

static int get(struct client *c, int isHead) {
    char headers[8192], id[64];
    if (query(c, "uploadId", id, sizeof id)) return xml(c, "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>");
    pthread_mutex_lock(&lock);
    struct object *o = find(table, c->path);
    if (!o) return pthread_mutex_unlock(&lock), error(c, "404 Not Found", "NoSuchKey");
    long long from = 0, size = o->size;
    int isRange = !isHead && c->from >= 0 && c->from < o->size;
    if (isRange) from = c->from, size = (c->to >= 0 && c->to < o->size ? c->to + 1 : o->size) - from;
    char *body = !isHead && o->body ? malloc((size_t)size + 1) : NULL;
    if (body) memcpy(body, o->body + from, (size_t)size);
    snprintf(headers, sizeof headers, "ETag: \"%s\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n%s", o->tag, o->meta);
    pthread_mutex_unlock(&lock);
    if (!isHead && !body) return error(c, "404 Not Found", "NoSuchKey"); /* was let go */
    int failed = answer(c, isRange ? "206 Partial Content" : "200 OK", headers, body, size);
    return free(body), failed;
}

/* What is asked of the bucket itself. */
static int bucket(struct client *c, const char *name) {
    char value[4096];
    if (!strcmp(c->method, "HEAD") || !strcmp(c->method, "PUT")) return take(c, NULL) ? -1 : answer(c, "200 OK", "", NULL, 0);
    if (query(c, "location", value, sizeof value)) return xml(c, "<LocationConstraint></LocationConstraint>");
    if (query(c, "versioning", value, sizeof value)) return xml(c, "<VersioningConfiguration></VersioningConfiguration>");
    if (query(c, "object-lock", value, sizeof value)) return error(c, "404 Not Found", "ObjectLockConfigurationNotFoundError");
    if (query(c, "uploads", value, sizeof value))
        return xml(c, "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
    char prefix[8192], *text = NULL;
    size_t length = 0;
    snprintf(prefix, sizeof prefix, "/%s/%s", name, query(c, "prefix", value, sizeof value) ? value : "");
    FILE *out = open_memstream(&text, &length);
    fprintf(out, "<?xml version=\"1.0\"?><ListBucketResult><Name>%s</Name><IsTruncated>false</IsTruncated>", name);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < TABLE; i++)
        for (struct object *o = table[i]; o; o = o->next)
            if (!strncmp(o->key, prefix, strlen(prefix)))
                fprintf(out, "<Contents><Key>%s</Key><Size>%lld</Size><ETag>&quot;%s&quot;</ETag>"
                    "<LastModified>2026-01-01T00:00:00.000Z</LastModified><StorageClass>STANDARD</StorageClass></Contents>",
                    o->key + strlen(name) + 2, o->size, o->tag);
    pthread_mutex_unlock(&lock);
    fputs("</ListBucketResult>", out);
    fclose(out);
    int failed = answer(c, "200 OK", "Content-Type: application/xml\r\n", text, (long long)length);
    return free(text), failed;
}

static void reset(void) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < TABLE; i++) {
        while (table[i]) drop(table, table[i]->key);
        while (uploads[i]) drop(uploads, uploads[i]->key);
    }
    memset(counts, 0, sizeof counts), memset(bins, 0, sizeof bins);
    connections = body_bytes = 0, began = now();
    pthread_mutex_unlock(&lock);
}

static int stats(struct client *c) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    fprintf(out, "{\"began\":%.6f,\"bin_ms\":%d,\"connections\":%llu,\"bytes\":%llu,\"requests\":{", began, BIN_MS, connections, body_bytes);
    for (int i = 0; i < 6; i++) fprintf(out, "%s\"%s\":%llu", i ? "," : "", kinds[i], counts[i]);
    fputs("},\"bins\":[", out);
    long last = BINS;
    while (last > 0 && !bins[last - 1]) last--;
    for (long i = 0; i < last; i++) fprintf(out, "%s%llu", i ? "," : "", bins[i]);
    fputs("]}\n", out);
    fclose(out);
    int failed = answer(c, "200 OK", "Content-Type: application/json\r\n", text, (long long)length);
    return free(text), failed;
}

static int serve(struct client *c) {
    if (!strcmp(c->path, "/-/stats")) return stats(c);
    if (!strcmp(c->path, "/-/reset")) return reset(), answer(c, "200 OK", "", NULL, 0);
    char *slash = strchr(c->path + 1, '/');
    int isBucket = !slash || !slash[1];
    for (int i = 0; i < 6; i++)
        if (!strcmp(isBucket && !strcmp(c->method, "GET") ? "LIST" : c->method, kinds[i])) __atomic_add_fetch(&counts[i], 1, __ATOMIC_RELAXED);
    if (isBucket) {
        if (slash) *slash = 0;
        return bucket(c, c->path + 1);
    }
    if (!strcmp(c->method, "PUT")) return put(c);
    if (!strcmp(c->method, "POST")) return post(c);
    if (take(c, NULL)) return -1;
    if (!strcmp(c->method, "HEAD")) return get(c, 1);
    if (!strcmp(c->method, "GET")) return get(c, 0);
    if (strcmp(c->method, "DELETE")) return error(c, "405 Method Not Allowed", "MethodNotAllowed");
    char id[64];
    pthread_mutex_lock(&lock);
    if (query(c, "uploadId", id, sizeof id)) drop(uploads, id);
    else drop(table, c->path);
    pthread_mutex_unlock(&lock);
    return answer(c, "204 No Content", "", NULL, 0);
}

static void *run(void *fd) {
    struct client *c = calloc(1, sizeof *c);
    c->fd = (int)(long)fd;
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (!read_head(c) && !serve(c)) {}
    close(c->fd);
    return free(c), NULL;
}

int main(int count, char **words) {
    if (count != 3) return fprintf(stderr, "usage: sink ADDRESS PORT\n"), 64;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[2]))};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (inet_pton(AF_INET, words[1], &place.sin_addr) != 1 || bind(fd, (struct sockaddr *)&place, sizeof place) || listen(fd, 256))
        return perror("sink"), 1;
    reset();
    while (1) {
        int connection = accept(fd, NULL, NULL);
        if (connection < 0) continue;
        __atomic_add_fetch(&connections, 1, __ATOMIC_RELAXED);
        pthread_t thread;
        if (pthread_create(&thread, NULL, run, (void *)(long)connection)) close(connection);
        else pthread_detach(thread);
    }
}
