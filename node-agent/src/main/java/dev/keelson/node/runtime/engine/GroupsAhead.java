package dev.keelson.node.runtime.engine;

import dev.keelson.linux.CgroupLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/**
 * Cgroups that are made on other threads while nobody needs them yet, before their containers are created. Nothing here
 * outlives the process: an agent that starts takes away every group that no container is written down for.
 */
final class GroupsAhead {
    private static final System.Logger LOG = System.getLogger(GroupsAhead.class.getName());

    private final BiConsumer<String, CgroupLimits> maker;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Future<CgroupLimits>> made = new ConcurrentHashMap<>();

    GroupsAhead(BiConsumer<String, CgroupLimits> maker) {
        this.maker = maker;
    }

    /** Begins to make the group, after the one above it when that is being made as well. */
    void make(String group, CgroupLimits limits) {
        String parent = group.substring(0, Math.max(0, group.lastIndexOf('/')));
        Optional<Future<CgroupLimits>> above = Optional.ofNullable(made.get(parent));
        made.put(group, threads.submit(() -> {
            above.flatMap(GroupsAhead::await);
            maker.accept(group, limits);
            return limits;
        }));
    }

    /** Whether somebody has asked for the group since it was last taken. */
    boolean has(String group) {
        return made.containsKey(group);
    }

    /** What the group was made with, once it is there; after that nothing is known of it here. Empty when that failed. */
    Optional<CgroupLimits> take(String group) {
        return Optional.ofNullable(made.remove(group)).flatMap(GroupsAhead::await);
    }

    /** Of this group and those below it the ones that nobody has taken. */
    List<String> untaken(String group) {
        return made.keySet().stream()
                .filter(name -> name.equals(group) || name.startsWith(group + "/"))
                .toList();
    }

    private static Optional<CgroupLimits> await(Future<CgroupLimits> pending) {
        try {
            return Optional.of(pending.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.transientFailure("interrupted while a cgroup was made");
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "cgroup not made ahead reason=\"{0}\"", e.getCause());
            return Optional.empty();
        }
    }
}
