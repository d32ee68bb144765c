/*
 * The CRI log format: "2016-10-06T00:17:09.669794202Z stdout F text". F ends a line; P says that the line goes on
 * in the stream's next record, or that the stream ended without a newline.
 */
#include "keelson.h"
#include <time.h>

#define BATCH_MAX (96 * 1024)
#define HEADER_MAX 64

static char batch[BATCH_MAX];
static size_t batched;

int log_open(struct log *log, const struct spec *spec) {
    struct stat info;
    snprintf(log->path, sizeof log->path, "%s", spec_get(spec, "log", ""));
    log->max_size = spec_number(spec, "log.size", 10 << 20);
    log->max_files = (int)spec_number(spec, "log.files", 5);
    log->lost = 0;
    log->fd = open(log->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (log->fd < 0) return -1;
    log->size = fstat(log->fd, &info) == 0 ? info.st_size : 0;
    return 0;
}

/* path.1 is the youngest of the old files. A reader that has one open reads it to its end, then the next. */
static void rotate(struct log *log) {
    char from[PATH_MAX + 16], to[PATH_MAX + 16];
    for (int index = log->max_files - 1; index >= 1; index--) {
        snprintf(to, sizeof to, "%s.%d", log->path, index);
        if (index == 1) snprintf(from, sizeof from, "%s", log->path);
        else snprintf(from, sizeof from, "%s.%d", log->path, index - 1);
        rename(from, to);
    }
    int fresh = open(log->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | (log->max_files <= 1 ? O_TRUNC : 0), 0640);
    /* Without a new file, writing goes on in the old one: it has a new name, but no line is lost. */
    if (fresh < 0) return;
    close(log->fd);
    log->fd = fresh;
    log->size = 0;
}

static size_t header(char *at, const char *stream, bool partial) {
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    return (size_t)snprintf(at, HEADER_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%09ldZ %s %c ", utc.tm_year + 1900,
                            utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec, stream,
                            partial ? 'P' : 'F');
}

/* All of the bytes or none: a cut record would make the rest of the file unreadable. */
static bool write_records(struct log *log, const char *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t wrote = write(log->fd, bytes + done, length - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) {
            log->lost_error = wrote < 0 ? errno : ENOSPC;
            if (ftruncate(log->fd, log->size) < 0) log->size += (off_t)done;
            return false;
        }
        done += (size_t)wrote;
    }
    log->size += (off_t)length;
    return true;
}

static void confess_loss(struct log *log) {
    char record[HEADER_MAX + 160];
    size_t used = header(record, "stderr", false);
    used += (size_t)snprintf(record + used, sizeof record - used, "keelson: %llu bytes of output were lost: %s\n",
                             (unsigned long long)log->lost, error_text(log->lost_error));
    if (write_records(log, record, used)) log->lost = 0;
}

static void flush_batch(struct log *log) {
    if (batched == 0) return;
    if (log->size > 0 && log->size + (off_t)batched > log->max_size) rotate(log);
    if (log->lost) confess_loss(log);
    if (!write_records(log, batch, batched)) log->lost += batched;
    batched = 0;
}

static void record(struct log *log, struct line *line, bool partial) {
    if (batched + HEADER_MAX + line->used + 1 > BATCH_MAX) flush_batch(log);
    batched += header(batch + batched, line->stream, partial);
    memcpy(batch + batched, line->bytes, line->used);
    batched += line->used;
    batch[batched++] = '\n';
    line->used = 0;
}

void log_feed(struct log *log, struct line *line, const char *bytes, size_t length) {
    while (length > 0) {
        const char *newline = memchr(bytes, '\n', length);
        size_t take = newline ? (size_t)(newline - bytes) : length;
        size_t room = LINE_MAX_BYTES - line->used;
        bool ends = newline && take <= room;
        if (take > room) take = room;
        memcpy(line->bytes + line->used, bytes, take);
        line->used += take;
        if (ends) record(log, line, false);
        else if (line->used == LINE_MAX_BYTES) record(log, line, true);
        bytes += take + (ends ? 1 : 0);
        length -= take + (ends ? 1 : 0);
    }
    flush_batch(log);
}

void log_finish(struct log *log, struct line *line) {
    if (line->used > 0) record(log, line, true);
    flush_batch(log);
}

void log_close(struct log *log) {
    if (log->lost) confess_loss(log);
    if (log->fd >= 0) close(log->fd);
    log->fd = -1;
}
