package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Beneath;
import dev.keelson.linux.Fd;
import dev.keelson.linux.LinuxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The accounts of an image, for runtimes that want numbers: what {@code etc/passwd} and {@code etc/group} say in the
 * topmost layer that has them. The engine's own containers are looked up by the launcher in the finished root instead.
 */
record ImageAccounts(List<String> passwd, List<String> group) {
    private static final long LARGEST = 1 << 20;
    private static final int PASSWD_FIELDS = 6;
    private static final int GROUP_FIELDS = 3;

    /** @param groups all of its groups */
    record Account(long uid, long gid, List<Long> groups, String home) {}

    private record User(String name, long uid, long gid, String home) {}

    private record Group(String name, long gid, List<String> members) {}

    /** @param layers directories, lowest first */
    static ImageAccounts of(List<Path> layers) {
        return new ImageAccounts(lines(layers, "etc/passwd"), lines(layers, "etc/group"));
    }

    private static List<String> lines(List<Path> layers, String name) {
        for (Path layer : layers.reversed()) {
            try (Fd file = Beneath.open(layer, name)) {
                Path opened = Path.of("/proc/self/fd/" + file.number());
                // A whiteout is a device; a FIFO must not be waited for.
                return Files.isRegularFile(opened) && Files.size(opened) < LARGEST
                        ? Files.readString(opened, StandardCharsets.ISO_8859_1)
                                .lines()
                                .toList()
                        : List.of();
            } catch (LinuxException absent) {
                continue;
            } catch (IOException unreadable) {
                throw Failures.internal("cannot read " + name + " of an image", unreadable);
            }
        }
        return List.of();
    }

    /**
     * @param wanted {@code user[:group]} by name or number; empty means root
     * @param strict the image's group file adds no groups
     */
    Account resolve(String wanted, List<Integer> supplementalGroups, boolean strict) {
        String[] parts = wanted.split(":", 2);
        String name = parts[0].isEmpty() ? "0" : parts[0];
        boolean grouped = parts.length == 2 && !parts[1].isEmpty();
        OptionalLong number = number(name);
        Optional<User> user = users().stream()
                .filter(known -> number.isPresent()
                        ? known.uid() == number.getAsLong()
                        : known.name().equals(name))
                .findFirst();
        if (user.isEmpty() && number.isEmpty()) {
            throw Failures.invalid("user \"%s\" is not in the container's /etc/passwd".formatted(name));
        }
        long uid = user.map(User::uid).orElseGet(number::getAsLong);
        long gid = grouped ? gid(parts[1]) : user.map(User::gid).orElse(0L);
        Set<Long> groups = new LinkedHashSet<>(Set.of(gid));
        if (user.isPresent() && !grouped && !strict) {
            groups().stream()
                    .filter(group -> group.members().contains(user.get().name()))
                    .forEach(group -> groups.add(group.gid()));
        }
        supplementalGroups.forEach(group -> groups.add(group.longValue()));
        String home = user.map(User::home).filter(path -> !path.isEmpty()).orElse("/");
        return new Account(uid, gid, List.copyOf(groups), home);
    }

    private long gid(String wanted) {
        return number(wanted).orElseGet(() -> groups().stream()
                .filter(group -> group.name().equals(wanted))
                .findFirst()
                .map(Group::gid)
                .orElseThrow(
                        () -> Failures.invalid("group \"%s\" is not in the container's /etc/group".formatted(wanted))));
    }

    private List<User> users() {
        List<User> users = new ArrayList<>();
        for (String line : passwd) {
            String[] fields = line.split(":", -1);
            if (fields.length >= PASSWD_FIELDS
                    && number(fields[2]).isPresent()
                    && number(fields[3]).isPresent()) {
                users.add(new User(
                        fields[0],
                        number(fields[2]).getAsLong(),
                        number(fields[3]).getAsLong(),
                        fields[5]));
            }
        }
        return users;
    }

    private List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (String line : group) {
            String[] fields = line.split(":", -1);
            if (fields.length >= GROUP_FIELDS && number(fields[2]).isPresent()) {
                List<String> members = fields.length > GROUP_FIELDS ? List.of(fields[3].split(",")) : List.of();
                groups.add(new Group(fields[0], number(fields[2]).getAsLong(), members));
            }
        }
        return groups;
    }

    private static OptionalLong number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
