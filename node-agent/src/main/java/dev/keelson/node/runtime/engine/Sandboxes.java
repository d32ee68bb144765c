package dev.keelson.node.runtime.engine;

import dev.keelson.linux.CgroupLimits;
import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Owners;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.Resources;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;

/**
 * Writes sandboxes and containers down. Everything is prepared under a name that starts with a dot and then renamed:
 * after a crash a directory is complete or recognizably not.
 */
final class Sandboxes {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final EngineSettings settings;
    private final SeccompProfiles profiles;
    private final RuntimeHandlers handlers;
    private final Cgroups cgroups;
    private final IdRanges ids;
    private final Trash trash;
    private final Clock clock;
    private final String bootId;
    private final GroupsAhead ahead = new GroupsAhead(this::makeGroup);

    Sandboxes(EngineSettings settings, Cgroups cgroups, IdRanges ids, Trash trash, Clock clock, String bootId) {
        this.settings = settings;
        this.profiles = new SeccompProfiles(settings.launcher());
        this.handlers = new RuntimeHandlers(settings.runtimes());
        this.cgroups = cgroups;
        this.ids = ids;
        this.trash = trash;
        this.clock = clock;
        this.bootId = bootId;
    }

    RuntimeHandlers handlers() {
        return handlers;
    }

    /** Writes the sandbox's record; one that was stopped keeps its containers' records. */
    void prepare(Pod pod, PodSandboxConfig config) {
        removeUnused(pod);
        String runtime =
                handlers.program(config.runtimeHandler()).map(Path::toString).orElse("");
        try {
            pod.recorded(pod.record().isEmpty() ? create(pod, config, runtime) : renew(pod, config, runtime));
        } catch (IOException e) {
            throw Failures.internal("cannot write down sandbox " + pod.uid(), e);
        }
    }

    private SandboxRecord create(Pod pod, PodSandboxConfig config, String runtime) throws IOException {
        Path fresh = IdRanges.unfinished(pod.directory());
        makeFresh(fresh, PRIVATE);
        // Its claim counts from here on.
        SandboxRecord record = record(pod, config, runtime);
        Files.createDirectory(fresh.resolve("c"));
        Files.write(fresh.resolve("spec"), record.spec(config));
        Files.move(fresh, pod.directory(), StandardCopyOption.ATOMIC_MOVE);
        return record;
    }

    private SandboxRecord renew(Pod pod, PodSandboxConfig config, String runtime) throws IOException {
        Path fresh = pod.directory().resolve(".spec");
        SandboxRecord record = record(pod, config, runtime);
        Files.write(fresh, record.spec(config));
        Files.move(fresh, pod.directory().resolve("spec"), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(pod.directory().resolve("state"));
        Files.deleteIfExists(pod.directory().resolve("stopped"));
        return record;
    }

    private SandboxRecord record(Pod pod, PodSandboxConfig config, String runtime) {
        int rootUid = config.namespaces().sharesUsersWithHost() ? 0 : ids.claim(pod.directory());
        return SandboxRecord.of(config, rootUid, runtime, bootId, clock.instant());
    }

    void beginGroup(Pod pod, PodSandboxConfig config) {
        ahead.make(pod.group(), limits(config.cgroup(), false));
    }

    void provideGroup(Pod pod, PodSandboxConfig config) {
        provideGroup(pod.group(), limits(config.cgroup(), false));
    }

    /** Makes the group of a container that is about to be created. */
    void expect(Pod pod, String container, Resources resources) {
        ahead.make(pod.group(container), limits(resources, true));
    }

    /** Writes the container's record, makes its directories and, when it is not there yet, its group. */
    Container prepare(Pod pod, SandboxRecord sandbox, ContainerConfig config) {
        ContainerRecord record = ContainerRecord.of(config, clock.instant());
        Path directory = pod.containerDirectory(record);
        Path fresh = directory.resolveSibling("." + record.directoryName());
        String group = pod.group(record);
        byte[] spec = ContainerSpecs.of(
                config,
                record,
                directory,
                sandbox.hostname(),
                cgroups,
                group,
                processesOf(pod, config),
                settings,
                profiles,
                sandbox.runtime());
        try {
            Files.createDirectories(record.logFile().getParent());
            makeFresh(fresh);
            Files.createDirectory(fresh.resolve("rootfs"));
            Files.createDirectory(fresh.resolve("work"));
            Owners.give(Files.createDirectory(fresh.resolve("upper")), sandbox.rootUid(), sandbox.rootUid());
            Files.write(fresh.resolve("spec"), spec);
            if (!sandbox.runtime().isEmpty()) {
                Files.write(fresh.resolve("config.json"), ociConfig(pod, sandbox, config, group));
            }
            provideGroup(group, limits(config.resources(), true));
            Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failures.internal("cannot write down container " + record.name(), e);
        }
        return new Container(record, directory);
    }

    private byte[] ociConfig(Pod pod, SandboxRecord sandbox, ContainerConfig config, String group) {
        Optional<Integer> target = config.processesOf()
                .flatMap(id -> pod.containers().stream()
                        .filter(container -> container.record().id().equals(id))
                        .findFirst())
                .map(container -> container.status().pid());
        return new OciConfig(config, sandbox, group, profiles)
                .bytes(OciNamespaces.of(pod.readySupervisor(), sandbox, target));
    }

    private static String processesOf(Pod pod, ContainerConfig config) {
        return config.processesOf()
                .map(id -> pod.containers().stream()
                        .map(Container::record)
                        .filter(record -> record.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> Failures.noContainer(id))
                        .directoryName())
                .orElse("");
    }

    /** One that was made with other limits is made anew: of those that are not said any more nothing may stay. */
    private void provideGroup(String group, CgroupLimits limits) {
        if (!ahead.has(group)) {
            makeGroup(group, limits);
        } else if (!ahead.take(group).equals(Optional.of(limits))) {
            cgroups.remove(group);
            makeGroup(group, limits);
        }
    }

    private void removeUnused(Pod pod) {
        for (String group : ahead.untaken(pod.group())) {
            ahead.take(group);
            trash.discardGroup(group);
        }
    }

    private void makeGroup(String group, CgroupLimits limits) {
        try {
            trash.spareGroup(group);
            cgroups.create(group);
            cgroups.limit(group, limits);
        } catch (IllegalStateException e) {
            throw Failures.internal("cannot make the cgroup of " + group, e);
        }
    }

    /** What is there was left by an attempt that failed. */
    private void makeFresh(Path directory, FileAttribute<?>... attributes) throws IOException {
        try {
            Files.createDirectory(directory, attributes);
        } catch (FileAlreadyExistsException e) {
            trash.discard(directory);
            Files.createDirectory(directory, attributes);
        }
    }

    void limit(Pod pod, Container container, Resources resources) {
        change(
                pod.group(container.record()),
                limits(resources, true),
                "container " + container.record().name());
    }

    void limit(Pod pod, Resources resources) {
        change(pod.group(), limits(resources, false), "pod " + pod.uid());
    }

    private void change(String group, CgroupLimits limits, String whose) {
        try {
            refuseBelowUse(group, limits, whose);
            cgroups.limit(group, limits);
        } catch (IllegalStateException e) {
            throw Failures.internal("cannot change the limits of " + whose, e);
        }
    }

    /** As the kubelet: cgroup v1 would refuse it without a reason, and v2 would kill whoever uses it. */
    private void refuseBelowUse(String group, CgroupLimits limits, String whose) {
        limits.memoryBytes().ifPresent(limit -> {
            long used = cgroups.usage(group).memory().workingSetBytes();
            if (limit < used) {
                throw new NodeException(
                        NodeException.Kind.CONFLICT,
                        "MemoryInUse",
                        "cannot lower the memory limit of %s to %d bytes: it uses %d".formatted(whose, limit, used));
            }
        });
    }

    /** Limits everything that the engine runs, together. */
    void limitAll(Resources resources) {
        try {
            cgroups.create(settings.cgroupParent());
            cgroups.forbidSwap(settings.cgroupParent());
            cgroups.limit(settings.cgroupParent(), limits(resources, false));
        } catch (IllegalStateException e) {
            throw Failures.internal("cannot limit the cgroup of all pods", e);
        }
    }

    /** @param container as in Kubernetes since 1.28: half a container is worth nothing */
    private static CgroupLimits limits(Resources resources, boolean container) {
        return new CgroupLimits(
                resources.cpuShares(),
                resources.cpuQuotaMicros(),
                resources.memoryBytes(),
                resources.pids(),
                resources.hugepages(),
                container);
    }

    void discard(Pod pod, Container container) {
        trash.discard(container.directory());
        trash.discardGroup(pod.group(container.record()));
    }

    void discard(Pod pod) {
        removeUnused(pod);
        pod.record()
                .filter(record -> !record.hostUsers())
                .ifPresent(record -> ids.release(record.rootUid(), pod.directory()));
        if (Files.exists(pod.directory())) {
            trash.discard(pod.directory());
        }
        pod.containers().forEach(container -> trash.discardGroup(pod.group(container.record())));
        trash.discardGroup(pod.group());
    }
}
