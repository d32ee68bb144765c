package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Cgroups;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import dev.keelson.node.runtime.seccomp.SeccompFilter;
import java.nio.file.Path;

/** Writes a container's configuration in the words that the launcher reads. */
final class ContainerSpecs {
    private ContainerSpecs() {}

    /**
     * @param directory the container's own, as it will be called when it is complete
     * @param runtime program of the OCI runtime that makes it; empty for the engine itself
     * @param processesOf directory name of the container whose process namespace it joins; empty for none
     */
    static byte[] of(
            ContainerConfig config,
            ContainerRecord record,
            Path directory,
            String hostname,
            Cgroups cgroups,
            String group,
            String processesOf,
            EngineSettings settings,
            SeccompProfiles profiles,
            String runtime) {
        ContainerConfig.Security security = config.security();
        Spec.Builder spec = Spec.builder();
        record.describe(spec);
        spec.add("directory", directory)
                .add("log.size", settings.logBytes())
                .add("log.files", settings.logFiles())
                .all("layer", config.layers())
                .all("cgroup", cgroups.directories(group))
                .all("cgroup.hierarchy", cgroups.hierarchies())
                .flag("cgroup.v2", cgroups.hierarchies().isEmpty())
                .all("arg", config.args())
                .all("env", config.env())
                .add("cwd", absolute(config.workingDir()))
                .add("user", config.user())
                .all("group", config.supplementalGroups())
                .flag("tty", config.stdio().tty())
                .flag("stdin", config.stdio().stdin())
                .flag("stdin.once", config.stdio().once() && !config.stdio().tty())
                .flag("privileged", security.privileged())
                .flag("read.only.root", security.readOnlyRootFilesystem())
                .flag("seccomp", security.seccomp() instanceof Seccomp.Default && !security.privileged())
                .flag("proc.unmasked", security.unmaskedProc())
                .flag("groups.strict", security.strictGroups())
                .flag("no.new.privileges", !security.allowPrivilegeEscalation() && !security.privileged())
                .add("capabilities", Long.toHexString(ContainerRecord.capabilities(security)));
        if (security.seccomp() instanceof Seccomp.Profile profile && !security.privileged()) {
            SeccompFilter filter = profiles.compile(profile);
            spec.add("seccomp.program", filter.encoded()).add("seccomp.flags", filter.flags());
        }
        security.appArmor().ifPresent(profile -> spec.add("apparmor", profile));
        if (!runtime.isEmpty()) {
            spec.add("oci.runtime", runtime).add("oci.id", record.id());
        }
        config.resources().oomScoreAdjust().ifPresent(score -> spec.add("oom.score", score));
        if (!processesOf.isEmpty()) {
            spec.add("processes.of", processesOf);
        }
        if (config.env().stream().noneMatch(variable -> variable.startsWith("HOSTNAME="))) {
            spec.add("env", "HOSTNAME=" + hostname);
        }
        for (int index = 0; index < config.mounts().size(); index++) {
            MountSpecs.add(spec, config.name(), index, config.mounts().get(index));
        }
        return spec.bytes();
    }

    /** An image may say {@code app}; Docker reads it as {@code /app}. */
    private static String absolute(String directory) {
        return directory.isEmpty() || directory.startsWith("/") ? directory : "/" + directory;
    }
}
