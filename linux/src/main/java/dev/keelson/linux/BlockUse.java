package dev.keelson.linux;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a group has read from and written to one block device.
 *
 * @param device name below {@code /dev}; empty when the kernel does not tell it
 * @param reads how many requests
 */
public record BlockUse(
        int major, int minor, String device, long readBytes, long writtenBytes, long reads, long writes) {
    private static final Path DEVICES = Path.of("/sys/dev/block");
    private static final String NAME = "DEVNAME=";

    /** @param file {@code io.stat} of a v2 group: {@code MAJOR:MINOR rbytes=N wbytes=N rios=N wios=N …} */
    static List<BlockUse> read(Path file) {
        return CgroupFiles.read(file)
                .lines()
                .filter(line -> line.matches("\\d+:\\d+ .*=.*"))
                .map(BlockUse::parse)
                .toList();
    }

    private static BlockUse parse(String line) {
        String[] words = line.split(" ");
        String[] number = words[0].split(":");
        Map<String, Long> values = new HashMap<>();
        for (String word : words) {
            String[] pair = word.split("=");
            if (pair.length == 2 && pair[1].matches("\\d+")) {
                values.put(pair[0], Long.parseLong(pair[1]));
            }
        }
        return new BlockUse(
                Integer.parseInt(number[0]),
                Integer.parseInt(number[1]),
                name(words[0]),
                values.getOrDefault("rbytes", 0L),
                values.getOrDefault("wbytes", 0L),
                values.getOrDefault("rios", 0L),
                values.getOrDefault("wios", 0L));
    }

    private static String name(String number) {
        return CgroupFiles.read(DEVICES.resolve(number).resolve("uevent"))
                .lines()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()))
                .findFirst()
                .orElse("");
    }
}
