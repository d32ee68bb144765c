#include "keelson.h"
#include <sys/ioctl.h>

#define PEER_FLAGS (O_RDWR | O_NOCTTY | O_CLOEXEC)

void terminal_open(int report, uid_t owner) {
    int unlock = 0;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) < 0) report_failure(report, errno, "cannot open a terminal");
    int slave = ioctl(master, TIOCGPTPEER, PEER_FLAGS);
    if (slave < 0 || fchown(slave, owner, (gid_t)-1) < 0) report_failure(report, errno, "cannot open a terminal");
    ioctl(slave, TIOCSWINSZ, &size);
    if (ioctl(slave, TIOCSCTTY, 0) < 0) report_failure(report, errno, "cannot take the terminal");
    for (int fd = 0; fd < 3; fd++) dup2(slave, fd);
    report_value(report, REPORT_TTY, 0, master);
    close(master);
    if (slave > 2) close(slave);
}

int terminal_resize(int master, int columns, int rows) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(master, TIOCSWINSZ, &size);
}
