/*
 * The default system call filter: what Docker's default profile refuses, is refused (EPERM); what needs a capability
 * is allowed to who has it. Calls younger than this table answer ENOSYS, as if the kernel were older, so that a new
 * kernel does not widen what a container can do.
 */
#include "keelson.h"
#include "syscalls_i386.h"
#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "no seccomp filter for this processor"
#endif

#define NEWEST_KNOWN 466
#define NONE (-1)
#define ALWAYS (-1)
#define CLONE_NAMESPACES 0x7E020000u

/* Calls that this table must name although the kernel headers may be older: numbers are the same everywhere. */
#define NR_STATMOUNT 457
#define NR_LISTMOUNT 458

struct refusal {
    const char *name;
    int native, i386, unless_capability;
};

#define BOTH(name, capability) {#name, __NR_##name, I386_##name, capability}

static const struct refusal REFUSALS[] = {
    BOTH(acct, CAP_SYS_PACCT),
    BOTH(add_key, ALWAYS),
    BOTH(bpf, CAP_SYS_ADMIN),
    BOTH(clock_adjtime, CAP_SYS_TIME),
    BOTH(clock_settime, CAP_SYS_TIME),
    BOTH(delete_module, CAP_SYS_MODULE),
    BOTH(fanotify_init, CAP_SYS_ADMIN),
    BOTH(finit_module, CAP_SYS_MODULE),
    BOTH(fsconfig, CAP_SYS_ADMIN),
    BOTH(fsmount, CAP_SYS_ADMIN),
    BOTH(fsopen, CAP_SYS_ADMIN),
    BOTH(fspick, CAP_SYS_ADMIN),
    BOTH(get_mempolicy, CAP_SYS_NICE),
    BOTH(init_module, CAP_SYS_MODULE),
    BOTH(io_uring_enter, ALWAYS),
    BOTH(io_uring_register, ALWAYS),
    BOTH(io_uring_setup, ALWAYS),
    BOTH(kcmp, CAP_SYS_PTRACE),
    BOTH(kexec_load, CAP_SYS_BOOT),
    BOTH(keyctl, ALWAYS),
    BOTH(mbind, CAP_SYS_NICE),
    BOTH(migrate_pages, CAP_SYS_NICE),
    BOTH(mount, CAP_SYS_ADMIN),
    BOTH(mount_setattr, CAP_SYS_ADMIN),
    BOTH(move_mount, CAP_SYS_ADMIN),
    BOTH(move_pages, CAP_SYS_NICE),
    BOTH(nfsservctl, ALWAYS),
    BOTH(open_by_handle_at, CAP_DAC_READ_SEARCH),
    BOTH(open_tree, CAP_SYS_ADMIN),
    BOTH(perf_event_open, CAP_PERFMON),
    BOTH(pivot_root, ALWAYS),
    BOTH(quotactl, CAP_SYS_ADMIN),
    BOTH(quotactl_fd, CAP_SYS_ADMIN),
    BOTH(reboot, CAP_SYS_BOOT),
    BOTH(request_key, ALWAYS),
    BOTH(set_mempolicy, CAP_SYS_NICE),
    BOTH(set_mempolicy_home_node, CAP_SYS_NICE),
    BOTH(setns, CAP_SYS_ADMIN),
    BOTH(settimeofday, CAP_SYS_TIME),
    BOTH(swapoff, ALWAYS),
    BOTH(swapon, ALWAYS),
    BOTH(syslog, CAP_SYSLOG),
    BOTH(umount2, CAP_SYS_ADMIN),
    BOTH(unshare, CAP_SYS_ADMIN),
    BOTH(userfaultfd, ALWAYS),
    BOTH(vhangup, CAP_SYS_TTY_CONFIG),
    {"statmount", NR_STATMOUNT, NR_STATMOUNT, CAP_SYS_ADMIN},
    {"listmount", NR_LISTMOUNT, NR_LISTMOUNT, CAP_SYS_ADMIN},
#if defined(__x86_64__)
    BOTH(_sysctl, ALWAYS),
    BOTH(create_module, CAP_SYS_MODULE),
    BOTH(get_kernel_syms, ALWAYS),
    BOTH(ioperm, CAP_SYS_RAWIO),
    BOTH(iopl, CAP_SYS_RAWIO),
    BOTH(query_module, ALWAYS),
    BOTH(sysfs, ALWAYS),
    BOTH(uselib, ALWAYS),
    BOTH(ustat, ALWAYS),
    {"kexec_file_load", __NR_kexec_file_load, NONE, CAP_SYS_BOOT},
    {"lookup_dcookie", __NR_lookup_dcookie, I386_lookup_dcookie, ALWAYS},
    {"umount", NONE, I386_umount, CAP_SYS_ADMIN},
    {"stime", NONE, I386_stime, CAP_SYS_TIME},
    {"clock_settime64", NONE, I386_clock_settime64, CAP_SYS_TIME},
    {"clock_adjtime64", NONE, I386_clock_adjtime64, CAP_SYS_TIME},
    {"vm86", NONE, I386_vm86, ALWAYS},
    {"vm86old", NONE, I386_vm86old, ALWAYS},
#endif
};

void seccomp_print(void) {
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        printf("REFUSED %s %d\n", REFUSALS[i].name, REFUSALS[i].unless_capability);
    }
}

#define PROGRAM_MAX 512
/* What a branch of the tree asks for one after the other, before it answers. */
#define BRANCH_MAX 8
static struct sock_filter program[PROGRAM_MAX];
static unsigned short length;

static void emit(struct sock_filter instruction) {
    if (length < PROGRAM_MAX) program[length++] = instruction;
}

static void load(size_t offset) {
    emit((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(uint32_t action) {
    emit((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* If the loaded value compares so to k, the next instruction is the answer. */
static void answer_if(unsigned short comparison, uint32_t k, uint32_t action) {
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | comparison | BPF_K, k, 0, 1));
    answer(action);
}

/* Unless the loaded value compares so to k, the program goes on where arrive() says. Answers what to tell that. */
static unsigned short leave_unless(unsigned short comparison, uint32_t k) {
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | comparison | BPF_K, k, 1, 0));
    emit((struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0));
    return (unsigned short)(length - 1);
}

static void arrive(unsigned short left) {
    program[left].k = (uint32_t)(length - left - 1);
}

static uint32_t refuse_with(int error) {
    return SECCOMP_RET_ERRNO | (uint32_t)error;
}

/* personality(2) may ask (0xffffffff) and choose Linux, PER_LINUX32, UNAME26, and no address randomization. */
static void check_personality(void) {
    static const uint32_t ALLOWED[] = {0, 8, 0x20000, 0x20008, 0xffffffff};
    load(offsetof(struct seccomp_data, args[0]));
    for (size_t i = 0; i < sizeof ALLOWED / sizeof *ALLOWED; i++) answer_if(BPF_JEQ, ALLOWED[i], SECCOMP_RET_ALLOW);
    answer(refuse_with(EPERM));
}

static void check_clone(void) {
    load(offsetof(struct seccomp_data, args[0]));
    answer_if(BPF_JSET, CLONE_NAMESPACES, refuse_with(EPERM));
    answer(SECCOMP_RET_ALLOW);
}

static void refuse(void) {
    answer(refuse_with(EPERM));
}

static void hide_call(void) {
    answer(refuse_with(ENOSYS));
}

/* Writes the instructions that answer a call which is not simply allowed. */
typedef void judgement(void);
struct exception {
    uint32_t number;
    judgement *judge;
};

/*
 * A search tree over the sorted exceptions: a dozen instructions for a call instead of a hundred. Each system call of the
 * container goes this way, and so does the kernel for each number that exists when it takes the filter in.
 */
static void judge(const struct exception *exceptions, size_t count) {
    if (count > BRANCH_MAX) {
        size_t half = count / 2;
        unsigned short lower = leave_unless(BPF_JGE, exceptions[half].number);
        judge(exceptions + half, count - half);
        arrive(lower);
        judge(exceptions, half);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        unsigned short question = length;
        emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, exceptions[i].number, 0, 0));
        exceptions[i].judge();
        program[question].jf = (uint8_t)(length - question - 1);
    }
    answer(SECCOMP_RET_ALLOW);
}

/* Those of this architecture, by their numbers. Answers how many. */
static size_t list_exceptions(struct exception *exceptions, uint64_t capabilities, bool i386) {
    judgement *judgements[NEWEST_KNOWN + 1] = {NULL};
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        int capability = REFUSALS[i].unless_capability;
        int number = i386 ? REFUSALS[i].i386 : REFUSALS[i].native;
        bool held = capability != ALWAYS && capabilities & 1ULL << capability;
        if (number != NONE && !held) judgements[number] = refuse;
    }
    /* Without CAP_SYS_ADMIN no new namespaces; clone3 hides its flags from a filter, so C libraries are sent to clone. */
    if (!(capabilities & 1ULL << CAP_SYS_ADMIN)) {
        judgements[i386 ? I386_clone : __NR_clone] = check_clone;
        judgements[i386 ? I386_clone3 : __NR_clone3] = hide_call;
    }
    judgements[i386 ? I386_personality : __NR_personality] = check_personality;
    size_t count = 0;
    for (uint32_t number = 0; number <= NEWEST_KNOWN; number++) {
        if (judgements[number]) exceptions[count++] = (struct exception){number, judgements[number]};
    }
    return count;
}

static void check_calls(uint64_t capabilities, bool i386) {
    struct exception exceptions[NEWEST_KNOWN + 1];
    size_t count = list_exceptions(exceptions, capabilities, i386);
    load(offsetof(struct seccomp_data, nr));
    /* Those of the x32 kind are above it as well. */
    answer_if(BPF_JGT, NEWEST_KNOWN, refuse_with(ENOSYS));
    judge(exceptions, count);
}

static int install(struct sock_filter *instructions, unsigned short count, unsigned flags) {
    struct sock_fprog filter = {.len = count, .filter = instructions};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
}

int seccomp_install(uint64_t capabilities) {
    load(offsetof(struct seccomp_data, arch));
    unsigned short other = leave_unless(BPF_JEQ, NATIVE_ARCH);
    check_calls(capabilities, false);
    arrive(other);
#if defined(__x86_64__)
    other = leave_unless(BPF_JEQ, AUDIT_ARCH_I386);
    check_calls(capabilities, true);
    arrive(other);
#endif
    answer(SECCOMP_RET_KILL_PROCESS);
    if (length == PROGRAM_MAX) {
        errno = E2BIG;
        return -1;
    }
    return install(program, length, 0);
}

static unsigned digits_value(const char *digits, int count) {
    unsigned value = 0;
    for (int i = 0; i < count; i++) {
        unsigned digit = (unsigned char)digits[i];
        value = value << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

int seccomp_install_program(const char *digits, unsigned flags) {
    size_t count = strlen(digits) / 16;
    struct sock_filter *instructions = calloc(count, sizeof *instructions);
    if (count == 0 || count > BPF_MAXINSNS || !instructions) {
        errno = EINVAL;
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        unsigned char *bytes = (unsigned char *)&instructions[i];
        for (int byte = 0; byte < 8; byte++) bytes[byte] = (unsigned char)digits_value(digits + 16 * i + 2 * byte, 2);
    }
    return install(instructions, (unsigned short)count, flags);
}
