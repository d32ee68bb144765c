#include "keelson.h"
#include <ctype.h>
#include <sys/socket.h>

int report_pair(int pair[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
}

const char *error_text(int error) {
    static char text[128];
    strncpy(text, strerror(error), sizeof text - 1);
    /* "I/O error" and the like keep their capitals. */
    if (islower((unsigned char)text[1])) text[0] = (char)tolower((unsigned char)text[0]);
    return text;
}

void report_value(int channel, enum report_kind kind, int value, int fd) {
    struct report report = {.kind = kind, .value = value};
    wire_send(channel, &report, offsetof(struct report, text), &fd, fd >= 0 ? 1 : 0);
}

void report_failure(int channel, int error, const char *format, ...) {
    struct report report = {.kind = REPORT_ERROR, .value = error};
    va_list values;
    va_start(values, format);
    int used = vsnprintf(report.text, sizeof report.text, format, values);
    va_end(values);
    if (error && used >= 0 && (size_t)used < sizeof report.text) {
        snprintf(report.text + used, sizeof report.text - (size_t)used, ": %s", error_text(error));
    }
    wire_send(channel, &report, sizeof report, NULL, 0);
    _exit(127);
}
