/* Names and numbers of system calls, as this program's kernel headers have them, for the agent. */
#include "keelson.h"
#include "syscalls_i386.h"
#include <asm/unistd.h>

#if defined(__x86_64__)
#define MACHINE "X86_64"
#else
#define MACHINE "AARCH64"
#endif

struct call {
    const char *name;
    int number;
};

#define I386(name)
#define NATIVE(name) {#name, __NR_##name},
static const struct call OF_MACHINE[] = {
#include "syscall_names.h"
};
#undef I386
#undef NATIVE
#define NATIVE(name)
#define I386(name) {#name, I386_##name},
static const struct call OF_I386[] = {
#include "syscall_names.h"
    {NULL, 0}};

void syscalls_print(void) {
    for (size_t i = 0; i < sizeof OF_MACHINE / sizeof *OF_MACHINE; i++) {
        printf(MACHINE " %s %d\n", OF_MACHINE[i].name, OF_MACHINE[i].number);
    }
    for (const struct call *call = OF_I386; call->name; call++) printf("I386 %s %d\n", call->name, call->number);
}
