package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.VolumePods.empty;
import static dev.keelson.node.VolumePods.mounted;
import static dev.keelson.node.VolumePods.withFsGroup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.Mounts;
import dev.keelson.node.volume.KernelMounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that a pod gets to itself, on the real kernel. Needs root. */
class EmptyDirVolumesIT {
    @TempDir
    static Path directory;

    @AutoClose
    private static NodeFixture node;

    private static VolumePods pods;

    @BeforeAll
    static void start() throws Exception {
        node = new NodeFixture(directory, "it-empty", 27);
        pods = new VolumePods(node);
    }

    @Test
    void emptyDirectoriesAreSharedSizedAndBelongToTheGroup() {
        node.create(withFsGroup(pods.pod(
                        "empty",
                        mounted(
                                shell(
                                        "main",
                                        "until [ -e /v/disk/hello ]; do sleep 0.02; done; cat /v/disk/hello;"
                                                + " stat -c '%a %g' /v/disk; stat -c %g /v/disk/hello; grep /v/memory"
                                                + " /proc/mounts; dd if=/dev/zero of=/v/memory/x bs=1M count=3"),
                                "disk",
                                "memory"),
                        empty("disk", "", ""),
                        empty("memory", "Memory", "2Mi"))
                .editSpec()
                .addToContainers(mounted(shell("other", "echo hello > /v/disk/hello"), "disk")
                        .build())
                .endSpec()));
        node.awaitPhase("empty", "Failed");
        assertThat(node.log("empty", "main"))
                .startsWith("hello\n2777 7000\n7000\n")
                .contains("tmpfs", "size=2048k", "No space left on device");
        Path volumes =
                directory.resolve("node/pods/" + node.get("empty").getMetadata().getUid() + "/volumes");
        Deadline.await("volumes gone", Duration.ofSeconds(20), () -> !Files.exists(volumes));
        assertThat(Mounts.below(volumes)).isEmpty();
    }

    /** Mounting needs no page; what a machine without a pool says is in the unit tests. */
    @Test
    void hugePagesAreAFileSystemOfTheirOwn() throws IOException {
        Path target = Files.createDirectory(directory.resolve("huge"));
        KernelMounter mounter = new KernelMounter();
        mounter.mountHugePages(target, 2 << 20, 8 << 20);
        try {
            assertThat(Files.readAllLines(Path.of("/proc/mounts"))).anySatisfy(line -> assertThat(line)
                    .contains(target.toString(), "hugetlbfs", "nosuid", "nodev", "pagesize=2M", "size=8388608"));
        } finally {
            mounter.unmount(target);
        }
        node.create(pods.pod("huge", mounted(shell("main", "true"), "pages"), empty("pages", "HugePages-2Mi", "")));
        node.awaitEvent("huge", "needs a container with a limit of hugepages-2Mi");
        node.delete("huge");
    }
}
