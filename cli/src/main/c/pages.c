/*
 * libkeelson-pages.so: madvise(2) for the JVM, see FilePages.java.
 *
 * Plain JNI without any library below it: a call through jnr-ffi or java.lang.foreign would load more code into the
 * API server's process than the call gives back.
 */
#include <asm/unistd.h>

#define MADV_DONTNEED 4
#define MADV_NOHUGEPAGE 15

static long madvise(long from, long length, long advice) {
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(__NR_madvise), "D"(from), "S"(length), "d"(advice)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long number __asm__("x8") = __NR_madvise;
    register long x0 __asm__("x0") = from;
    register long x1 __asm__("x1") = length;
    register long x2 __asm__("x2") = advice;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(number), "r"(x1), "r"(x2) : "memory");
    return x0;
#else
#error "this architecture is not known"
#endif
}

/*
 * static native long unmap(long from, long length); 0 or a negative errno
 *
 * The page cache may hold the file in folios of 2 MB, and then the first byte that is needed again would map all of one.
 * Kernels without such pages refuse the first advice, and need it not.
 */
long Java_dev_keelson_cli_cluster_FilePages_unmap(void *env, void *type, long from, long length) {
    (void)env;
    (void)type;
    madvise(from, length, MADV_NOHUGEPAGE);
    return madvise(from, length, MADV_DONTNEED);
}
