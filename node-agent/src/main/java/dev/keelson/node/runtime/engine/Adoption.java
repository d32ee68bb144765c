package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Poller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds again what an earlier agent process made, and takes away what it had only begun: after this, every directory
 * and every group belongs to a record.
 */
final class Adoption {
    private static final System.Logger LOG = System.getLogger(Adoption.class.getName());

    private final EngineSettings settings;
    private final Cgroups cgroups;
    private final IdRanges ids;
    private final Trash trash;
    private final Poller poller;
    private final String bootId;

    Adoption(EngineSettings settings, Cgroups cgroups, IdRanges ids, Trash trash, Poller poller, String bootId) {
        this.settings = settings;
        this.cgroups = cgroups;
        this.ids = ids;
        this.trash = trash;
        this.poller = poller;
        this.bootId = bootId;
    }

    List<Pod> run(Path sandboxes, Instant now) throws IOException {
        Files.createDirectories(sandboxes);
        List<Pod> pods = new ArrayList<>();
        for (Path directory : list(sandboxes)) {
            String uid = directory.getFileName().toString();
            if (uid.startsWith(".")) {
                trash.discard(directory);
            } else {
                readable(directory)
                        .ifPresent(spec -> pods.add(
                                adopt(new Pod(uid, directory, settings.cgroupParent() + "/" + uid), spec, now)));
            }
        }
        removeUnknownGroups(pods);
        return pods;
    }

    /** What cannot be read was cut off by a loss of power; then nothing of it runs, and it is taken away. */
    private Optional<Spec> readable(Path directory) {
        try {
            Spec spec = Spec.read(directory.resolve("spec"));
            if (spec.find("created").isPresent()) {
                return Optional.of(spec);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "unreadable record reason={0}", e);
        }
        LOG.log(System.Logger.Level.WARNING, "record is damaged, removed directory={0}", directory);
        trash.discard(directory);
        return Optional.empty();
    }

    private Pod adopt(Pod pod, Spec spec, Instant now) {
        SandboxRecord record = SandboxRecord.read(spec);
        pod.recorded(record);
        readContainers(pod);
        Optional<Supervisor> supervisor =
                record.bootId().equals(bootId) ? Supervisor.find(pod.directory(), poller) : Optional.empty();
        supervisor.ifPresent(pod::supervisedBy);
        if (supervisor.isPresent() && !record.hostUsers()) {
            ids.keep(record.rootUid(), pod.directory());
        }
        if (supervisor.isEmpty()) {
            lose(pod, record.bootId().equals(bootId) ? "its supervisor is gone" : "the node was restarted", now);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "adopted sandbox={0} ready={1} containers={2}",
                pod.uid(),
                supervisor.isPresent(),
                pod.containers().size());
        return pod;
    }

    /** Nobody watches these processes any more: they end, and their records say that the exit code is not known. */
    List<Container> lose(Pod pod, String why, Instant now) {
        cgroups.kill(pod.group());
        return pod.containers().stream()
                .filter(container -> container.lose(why, now))
                .toList();
    }

    private void readContainers(Pod pod) {
        for (Path directory : list(pod.directory().resolve("c"))) {
            if (directory.getFileName().toString().startsWith(".")) {
                trash.discard(directory);
            } else {
                readable(directory).ifPresent(spec -> pod.add(new Container(ContainerRecord.read(spec), directory)));
            }
        }
    }

    private void removeUnknownGroups(List<Pod> pods) {
        Set<String> known = new HashSet<>(Set.of("supervisors"));
        for (Pod pod : pods) {
            known.add(pod.uid());
            for (String child : cgroups.children(pod.group())) {
                if (pod.container(child).isEmpty()) {
                    trash.discardGroup(pod.group() + "/" + child);
                }
            }
        }
        for (String child : cgroups.children(settings.cgroupParent())) {
            if (!known.contains(child)) {
                trash.discardGroup(settings.cgroupParent() + "/" + child);
            }
        }
    }

    private static List<Path> list(Path directory) {
        try (var entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw Failures.internal("cannot list " + directory, e);
        }
    }
}
