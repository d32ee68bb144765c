package dev.keelson.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reading and writing the small files that cgroups are controlled by. */
final class CgroupFiles {
    private CgroupFiles() {}

    /** Makes the directory and those above it, below {@code root}. */
    static void makeDirectories(Path root, String group) {
        Path directory = root.resolve(group);
        try {
            create(directory);
        } catch (IOException e) {
            throw new IllegalStateException("cannot create cgroup " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Mostly the group above is there and this one is not, which then takes one call. */
    private static void create(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            Files.createDirectories(directory);
        }
    }

    static void write(Path file, String value) {
        try {
            Files.writeString(file, value, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IllegalStateException("cannot set " + file + " to " + value + ": " + e.getMessage(), e);
        }
    }

    /** For settings that not every kernel has. */
    static void writeIfPresent(Path file, String value) {
        if (Files.exists(file)) {
            write(file, value);
        }
    }

    /** False when the kernel refuses the value as things are, or has no such file. */
    static boolean accepts(Path file, String value) {
        try {
            Files.writeString(file, value, StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    static long number(Path file) {
        String text = read(file);
        return text.matches("\\d+") ? Long.parseLong(text) : 0;
    }

    /** A file of lines {@code key value}; empty when it cannot be read. */
    static Map<String, Long> table(Path file) {
        Map<String, Long> values = new HashMap<>();
        read(file).lines().map(line -> line.split(" ")).forEach(words -> {
            if (words.length == 2 && words[1].matches("\\d+")) {
                values.put(words[0], Long.parseLong(words[1]));
            }
        });
        return values;
    }

    static List<Path> children(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new IllegalStateException("cannot list cgroup " + directory, e);
        }
        return found;
    }

    /** Removes from the leaves up; false when one is busy. */
    static boolean remove(Path directory) {
        boolean gone = true;
        for (Path child : children(directory)) {
            gone &= remove(child);
        }
        try {
            return Files.deleteIfExists(directory) || gone;
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills what is in the group now; answers whether there was anything. */
    static boolean killMembers(Path directory) {
        boolean any = false;
        for (Path child : children(directory)) {
            any |= killMembers(child);
        }
        for (String line : read(directory.resolve("cgroup.procs")).lines().toList()) {
            any |= ProcessHandle.of(Long.parseLong(line))
                    .map(ProcessHandle::destroyForcibly)
                    .orElse(false);
        }
        return any;
    }
}
