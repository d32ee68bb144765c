package dev.keelson.node.runtime.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.linux.Capabilities;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import dev.keelson.node.runtime.seccomp.DefaultProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as an OCI runtime reads it: {@code config.json} (OCI runtime specification 1.0). What the launcher has
 * mounted is named by where it is, read-only and with shifted ids already where that has to be.
 *
 * @param group its cgroup below the hierarchies' roots
 */
record OciConfig(ContainerConfig config, SandboxRecord sandbox, String group, SeccompProfiles profiles) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    byte[] bytes(Map<String, Optional<Path>> namespaces) {
        ObjectNode root = JSON.createObjectNode().put("ociVersion", "1.0.2");
        process(root.putObject("process"));
        root.putObject("root")
                .put("path", OciMounts.STAGE + "/rootfs")
                .put("readonly", config.security().readOnlyRootFilesystem());
        new OciMounts(config, sandbox).write(root.putArray("mounts"));
        linux(root.putObject("linux"), namespaces);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void process(ObjectNode process) {
        ImageAccounts.Account account = ImageAccounts.of(config.layers())
                .resolve(
                        config.user(),
                        config.supplementalGroups(),
                        config.security().strictGroups());
        process.put("terminal", config.stdio().tty());
        ObjectNode user = process.putObject("user").put("uid", account.uid()).put("gid", account.gid());
        ArrayNode groups = user.putArray("additionalGids");
        account.groups().forEach(groups::add);
        texts(process.putArray("args"), config.args());
        ArrayNode env = process.putArray("env");
        texts(env, config.env());
        addDefault(env, "HOME", account.home());
        addDefault(env, "HOSTNAME", sandbox.hostname());
        if (config.stdio().tty()) {
            addDefault(env, "TERM", "xterm");
        }
        String directory = config.workingDir();
        process.put("cwd", directory.startsWith("/") ? directory : "/" + directory);
        process.put(
                "noNewPrivileges",
                !config.security().allowPrivilegeEscalation()
                        && !config.security().privileged());
        // A runtime fails where it may not lower the score; the engine then keeps the agent's.
        config.resources().oomScoreAdjust().ifPresent(score -> process.put("oomScoreAdj", Math.max(0, score)));
        config.security().appArmor().ifPresent(profile -> process.put("apparmorProfile", profile));
        ObjectNode capabilities = process.putObject("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            texts(capabilities.putArray(set), capabilities());
        }
    }

    private List<String> capabilities() {
        long wanted = ContainerRecord.capabilities(config.security());
        // A runtime fails where the engine gives what there is: on the host's users a machine may lack some.
        return Capabilities.names(sandbox.hostUsers() ? wanted & Capabilities.own() : wanted);
    }

    private void addDefault(ArrayNode env, String name, String value) {
        if (config.env().stream().noneMatch(variable -> variable.startsWith(name + "="))) {
            env.add(name + "=" + value);
        }
    }

    private void linux(ObjectNode linux, Map<String, Optional<Path>> namespaces) {
        ArrayNode list = linux.putArray("namespaces");
        namespaces.forEach((type, path) -> {
            ObjectNode namespace = list.addObject().put("type", type);
            path.ifPresent(joined -> namespace.put("path", joined.toString()));
        });
        if (!sandbox.hostUsers()) {
            for (String mappings : List.of("uidMappings", "gidMappings")) {
                linux.putArray(mappings)
                        .addObject()
                        .put("containerID", 0)
                        .put("hostID", sandbox.rootUid())
                        .put("size", SandboxRecord.ID_RANGE);
            }
        }
        linux.put("cgroupsPath", "/" + group);
        boolean privileged = config.security().privileged();
        // The limits are in the group already; the runtime adds its list of devices.
        linux.putObject("resources")
                .putArray("devices")
                .addObject()
                .put("allow", privileged && sandbox.hostUsers())
                .put("access", "rwm");
        if (!privileged && !config.security().unmaskedProc()) {
            texts(linux.putArray("maskedPaths"), MASKED);
            texts(linux.putArray("readonlyPaths"), READ_ONLY);
        }
        if (!privileged) {
            seccomp(linux);
        }
    }

    private void seccomp(ObjectNode linux) {
        switch (config.security().seccomp()) {
            case Seccomp.Unconfined _ -> {}
            case Seccomp.Default _ -> linux.set("seccomp", DefaultProfile.of(profiles.table(), capabilities()));
            case Seccomp.Profile profile -> {
                profiles.compile(profile); // Says what is wrong before a runtime would.
                try {
                    linux.set("seccomp", JSON.readTree(profile.json()));
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
            }
        }
    }

    private static void texts(ArrayNode array, Collection<String> values) {
        values.forEach(array::add);
    }
}
