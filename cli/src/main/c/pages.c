/*
 * libkeelson-pages.so: madvise(2) and posix_fadvise(2) for the JVM, see FilePages.java.
 *
 * Plain JNI without any library below it: a call through jnr-ffi or java.lang.foreign would load more code into the
 * API server's process than the call gives back.
 */
#include <asm/unistd.h>

#define MADV_RANDOM 1
#define MADV_DONTNEED 4
#define MADV_NOHUGEPAGE 15
#define MADV_PAGEOUT 21
#define POSIX_FADV_DONTNEED 4

static long call(long number, long a, long b, long c, long d) {
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
#else
#error "this architecture is not known"
#endif
}

static long madvise(long from, long length, long advice) { return call(__NR_madvise, from, length, advice, 0); }

/* static native long unmap(long from, long length); 0 or a negative errno */
long Java_dev_keelson_cli_cluster_FilePages_unmap(void *env, void *type, long from, long length) {
    (void)env;
    (void)type;
    return madvise(from, length, MADV_DONTNEED);
}

/*
 * static native void readSingly(long from, long length)
 *
 * From now on one page is read where one is needed: without this, read-ahead brings 8 MB in folios of 2 MB, and a fault
 * maps much of one. Pages that are there already are dropped. Kernels that do not know an advice refuse it and lose nothing.
 */
void Java_dev_keelson_cli_cluster_FilePages_readSingly(void *env, void *type, long from, long length) {
    (void)env;
    (void)type;
    madvise(from, length, MADV_NOHUGEPAGE);
    madvise(from, length, MADV_RANDOM);
    madvise(from, length, MADV_PAGEOUT);
    madvise(from, length, MADV_DONTNEED);
}

/* static native long uncache(long descriptor): drops what the page cache has of a file and nobody has mapped */
long Java_dev_keelson_cli_cluster_FilePages_uncache(void *env, void *type, long descriptor) {
    (void)env;
    (void)type;
    return call(__NR_fadvise64, descriptor, 0, 0, POSIX_FADV_DONTNEED);
}
