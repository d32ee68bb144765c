package dev.keelson.node.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountPointTest {
    private static final List<String> TABLE = List.of(
            "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
            "31 27 0:29 / /srv rw shared:4 - tmpfs x rw",
            "32 31 0:30 / /srv/in rw master:4 propagate_from:2 - tmpfs x rw",
            "33 27 0:31 / /srv/a\\040b rw shared:9 - tmpfs x rw");

    @Test
    void theDeepestMountAboveAPathCounts() {
        assertThat(MountPoint.of(Path.of("/srv/data"), TABLE)).isEqualTo(new MountPoint(Path.of("/srv"), true, false));
        assertThat(MountPoint.of(Path.of("/srv/in/x"), TABLE))
                .isEqualTo(new MountPoint(Path.of("/srv/in"), false, true));
        assertThat(MountPoint.of(Path.of("/srvice"), TABLE)).isEqualTo(new MountPoint(Path.of("/"), false, false));
        assertThat(MountPoint.of(Path.of("/srv/a b/c"), TABLE).shared()).isTrue();
    }

    @Test
    void ofTwoMountsOnOnePlaceTheLaterIsSeen() {
        List<String> stacked = List.of(
                "1 0 0:1 / / rw - ext4 x rw", "2 1 0:2 / /m rw shared:1 - tmpfs x rw", "3 2 0:3 / /m rw - tmpfs x rw");
        assertThat(MountPoint.of(Path.of("/m"), stacked).shared()).isFalse();
    }
}
