/* What /proc says of a process's command line. */
#include "keelson.h"

static char *command_line;
static size_t command_length;

void command_keep(int argc, char **argv) {
    command_line = argv[0];
    command_length = (size_t)(argv[argc - 1] + strlen(argv[argc - 1]) + 1 - argv[0]);
}

void command_show(const char *words) {
    size_t length = strlen(words);
    if (length >= command_length) return;
    memset(command_line, 0, command_length);
    memcpy(command_line, words, length);
}
