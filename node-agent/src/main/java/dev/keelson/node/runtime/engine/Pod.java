package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.PodSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A sandbox that this agent knows. Changes are made under its lock, one verb at a time; waiting for a container to
 * stop is not.
 */
final class Pod {
    private final String uid;
    private final Path directory;
    private final String group;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Container> containers = new ConcurrentHashMap<>();
    private volatile Optional<SandboxRecord> record = Optional.empty();
    private volatile Optional<Supervisor> supervisor = Optional.empty();

    Pod(String uid, Path directory, String group) {
        this.uid = uid;
        this.directory = directory;
        this.group = group;
    }

    String uid() {
        return uid;
    }

    Path directory() {
        return directory;
    }

    Path containerDirectory(ContainerRecord container) {
        return directory.resolve("c").resolve(container.directoryName());
    }

    String group() {
        return group;
    }

    String group(ContainerRecord container) {
        return group(container.directoryName());
    }

    String group(String directoryName) {
        return group + "/" + directoryName;
    }

    <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    Optional<SandboxRecord> record() {
        return record;
    }

    void recorded(SandboxRecord written) {
        record = Optional.of(written);
    }

    Optional<Supervisor> supervisor() {
        return supervisor;
    }

    /** The supervisor of a sandbox that is ready. */
    Supervisor readySupervisor() {
        if (record.isEmpty()) {
            throw Failures.noSandbox(uid);
        }
        return supervisor.orElseThrow(() -> Failures.notReady(uid));
    }

    void supervisedBy(Supervisor found) {
        supervisor = Optional.of(found);
    }

    /** Answers whether {@code gone} was still the one in charge. */
    boolean lost(Supervisor gone) {
        boolean mine = supervisor.filter(current -> current == gone).isPresent();
        if (mine) {
            supervisor = Optional.empty();
        }
        return mine;
    }

    /** Present from the moment that its record is written. */
    Optional<PodSandbox> sandbox() {
        return record.map(known -> known.sandbox(supervisor.map(Supervisor::networkNamespace)));
    }

    /** The marker that tells a sandbox that was stopped from one whose creation was interrupted. */
    boolean stopped() {
        return Files.exists(directory.resolve("stopped"));
    }

    List<Container> containers() {
        List<Container> all = new ArrayList<>(containers.values());
        all.sort(Comparator.comparing(container -> container.record().createdAt()));
        return all;
    }

    Optional<Container> container(String directoryName) {
        return Optional.ofNullable(containers.get(directoryName));
    }

    void add(Container container) {
        containers.put(container.record().directoryName(), container);
    }

    void remove(Container container) {
        containers.remove(container.record().directoryName());
    }
}
