package dev.keelson.linux;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Pages larger than the processor's usual ones (kernel: "HugeTLB Pages"). */
public final class Hugepages {
    private static final Path POOLS = Path.of("/sys/kernel/mm/hugepages");
    private static final String POOL = "hugepages-";
    private static final long KIBIBYTE = 1024;

    private Hugepages() {}

    /** What this machine keeps for each size: size of a page in bytes to bytes in the pool. */
    public static Map<Long, Long> pools() {
        Map<Long, Long> pools = new TreeMap<>();
        for (Path pool : CgroupFiles.children(POOLS)) {
            String name = pool.getFileName().toString();
            if (name.matches(POOL + "\\d+kB")) {
                long size = Long.parseLong(name.replaceAll("\\D", "")) * KIBIBYTE;
                pools.put(size, CgroupFiles.number(pool.resolve("nr_hugepages")) * size);
            }
        }
        return pools;
    }

    /** How files of the {@code hugetlb} controller call a size: {@code 2MB}, {@code 1GB}, {@code 64KB}. */
    static String name(long size) {
        long kibibytes = size / KIBIBYTE;
        if (kibibytes >= KIBIBYTE * KIBIBYTE) {
            return kibibytes / KIBIBYTE / KIBIBYTE + "GB";
        }
        return kibibytes >= KIBIBYTE ? kibibytes / KIBIBYTE + "MB" : kibibytes + "KB";
    }
}
