/* Who the process is: the "user[:group]" of an OCI image or pod spec, resolved with the container's own files. */
#include "keelson.h"
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define ACCOUNTS_MAX (1 << 20)

/* The whole file as text, or "" when there is none. A FIFO or device of the image must not be waited for. */
static char *account_file(const char *path) {
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char *text = calloc(1, ACCOUNTS_MAX);
    if (!text) return "";
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        size_t used = 0;
        ssize_t got;
        while (used < ACCOUNTS_MAX - 1 && (got = read(fd, text + used, ACCOUNTS_MAX - 1 - used)) > 0) used += (size_t)got;
    }
    if (fd >= 0) close(fd);
    return text;
}

/* Splits one line of a colon-separated file; answers how many fields there were. */
static int fields_of(char *line, char **fields, int capacity) {
    int count = 0;
    for (char *rest = line; rest && count < capacity;) fields[count++] = strsep(&rest, ":");
    return count;
}

static bool parse_id(const char *text, unsigned *id) {
    char *end;
    if (*text < '0' || *text > '9') return false;
    unsigned long value = strtoul(text, &end, 10);
    *id = (unsigned)value;
    return *end == '\0' && value < UINT32_MAX;
}

static bool lookup_user(struct identity *identity, const char *user) {
    unsigned wanted, uid, gid;
    bool numeric = parse_id(user, &wanted), found = false;
    char *rest = account_file("/etc/passwd");
    for (char *line; !found && (line = strsep(&rest, "\n"));) {
        char *fields[7];
        if (fields_of(line, fields, 7) < 6 || !parse_id(fields[2], &uid) || !parse_id(fields[3], &gid)) continue;
        found = numeric ? uid == wanted : strcmp(fields[0], user) == 0;
        if (!found) continue;
        identity->uid = uid;
        identity->gid = gid;
        snprintf(identity->home, sizeof identity->home, "%s", *fields[5] ? fields[5] : "/");
        /* Its other groups are looked up by name. */
        snprintf((char *)identity->groups, sizeof identity->groups, "%s", fields[0]);
    }
    if (!found && numeric) identity->uid = wanted;
    return found || numeric;
}

static bool lookup_group(const char *group, gid_t *gid) {
    unsigned id;
    if (parse_id(group, gid)) return true;
    char *rest = account_file("/etc/group");
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *fields[4];
        if (fields_of(line, fields, 4) < 3 || strcmp(fields[0], group) != 0 || !parse_id(fields[2], &id)) continue;
        *gid = id;
        return true;
    }
    return false;
}

static void add_group(struct identity *identity, gid_t gid) {
    for (int i = 0; i < identity->group_count; i++) {
        if (identity->groups[i] == gid) return;
    }
    if (identity->group_count < (int)(sizeof identity->groups / sizeof *identity->groups)) {
        identity->groups[identity->group_count++] = gid;
    }
}

static void add_groups_of(struct identity *identity, const char *user) {
    unsigned id;
    char *rest = account_file("/etc/group");
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *fields[4];
        if (fields_of(line, fields, 4) < 4 || !parse_id(fields[2], &id)) continue;
        for (char *member; (member = strsep(&fields[3], ","));) {
            if (strcmp(member, user) == 0) add_group(identity, id);
        }
    }
}

void identity_resolve(struct identity *identity, const struct start *start) {
    char user[256], name[256];
    memset(identity, 0, sizeof *identity);
    snprintf(identity->home, sizeof identity->home, "/");
    snprintf(user, sizeof user, "%s", spec_get(start->spec, "user", ""));
    char *group = strchr(user, ':');
    if (group) *group++ = '\0';
    if (!lookup_user(identity, *user ? user : "0")) {
        report_failure(start->report, 0, "user \"%s\" is not in the container's /etc/passwd", user);
    }
    snprintf(name, sizeof name, "%s", (char *)identity->groups);
    memset(identity->groups, 0, sizeof identity->groups);
    if (group && *group && !lookup_group(group, &identity->gid)) {
        report_failure(start->report, 0, "group \"%s\" is not in the container's /etc/group", group);
    }
    add_group(identity, identity->gid);
    /* supplementalGroupsPolicy Strict: only groups that the pod names. */
    if (*name && !group && !spec_is(start->spec, "groups.strict")) add_groups_of(identity, name);
    for (const char *extra = NULL; (extra = spec_next(start->spec, "group", extra));) {
        add_group(identity, (gid_t)strtoul(extra, NULL, 10));
    }
}

static int set_capabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    /* Nothing inheritable, as Docker since 2022: a program gains no capability from its file because of us. */
    struct __user_cap_data_struct sets[2] = {
        {.effective = (uint32_t)kept, .permitted = (uint32_t)kept},
        {.effective = (uint32_t)(kept >> 32), .permitted = (uint32_t)(kept >> 32)}};
    return (int)syscall(SYS_capset, &header, sets);
}

static uint64_t own_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {0};
    syscall(SYS_capget, &header, sets);
    return sets[0].permitted | (uint64_t)sets[1].permitted << 32;
}

static int install_filter(const struct start *start, uint64_t kept) {
    const char *program = spec_get(start->spec, "seccomp.program", "");
    if (*program) return seccomp_install_program(program, (unsigned)spec_number(start->spec, "seccomp.flags", 0));
    return spec_is(start->spec, "seccomp") ? seccomp_install(kept) : 0;
}

void identity_assume(const struct identity *identity, const struct start *start) {
    uint64_t all = own_capabilities();
    uint64_t kept = strtoull(spec_get(start->spec, "capabilities", "0"), NULL, 16) & all;
    bool no_new_privileges = spec_is(start->spec, "no.new.privileges");
    for (int capability = 0; capability < 64; capability++) {
        if (kept & 1ULL << capability) continue;
        /* The first that the kernel does not know is behind the last. */
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno == EINVAL) break;
    }
    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
    if (setgroups((size_t)identity->group_count, identity->groups) < 0 ||
        setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
        setresuid(identity->uid, identity->uid, identity->uid) < 0) {
        report_failure(start->report, errno, "cannot become user %u, group %u (ids in a pod go up to %u)", identity->uid,
                       identity->gid, start->pod->id_range - 1);
    }
    /* A filter needs either no_new_privs or CAP_SYS_ADMIN, which most containers are about to lose. */
    if (set_capabilities(all) < 0) report_failure(start->report, errno, "cannot set capabilities");
    if (no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
        report_failure(start->report, errno, "cannot set no_new_privs");
    }
    /* With no_new_privs the filter comes last, so that a profile needs to allow nothing of ours but exec. */
    if (no_new_privileges && set_capabilities(kept) < 0) report_failure(start->report, errno, "cannot set capabilities");
    if (install_filter(start, kept) < 0) report_failure(start->report, errno, "cannot install the seccomp filter");
    if (!no_new_privileges && set_capabilities(kept) < 0) report_failure(start->report, errno, "cannot set capabilities");
}
