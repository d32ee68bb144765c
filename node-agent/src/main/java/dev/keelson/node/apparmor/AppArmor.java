package dev.keelson.node.apparmor;

import dev.keelson.node.NodeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The AppArmor of this node's kernel, which confines what processes of a container may do (Kubernetes: "Restrict a
 * Container's Access to Resources with AppArmor"). Where the kernel has none nothing is read for a container.
 */
public final class AppArmor {
    private static final Logger LOG = System.getLogger(AppArmor.class.getName());
    private static final Path SWITCH = Path.of("/sys/module/apparmor/parameters/enabled");
    private static final Path LOADED = Path.of("/sys/kernel/security/apparmor/profiles");
    private static final Pattern MODE = Pattern.compile(" \\([a-z]+\\)$");

    private final boolean enabled;
    private final Path loaded;
    private final ProfileLoader loader;
    private boolean tried;
    private boolean ready;

    /** @param loaded the kernel's list of profiles, a line {@code NAME (MODE)} each */
    AppArmor(boolean enabled, Path loaded, ProfileLoader loader) {
        this.enabled = enabled;
        this.loaded = loaded;
        this.loader = loader;
    }

    /** A node whose kernel has none. */
    public static AppArmor none() {
        return new AppArmor(false, LOADED, new ParserProgram());
    }

    /** That of this machine. */
    public static AppArmor detect() {
        return new AppArmor(switchedOn(), LOADED, new ParserProgram());
    }

    private static boolean switchedOn() {
        try {
            return Files.exists(SWITCH) && Files.readString(SWITCH).startsWith("Y");
        } catch (IOException unreadable) {
            LOG.log(Level.WARNING, "cannot tell whether AppArmor is on, so it is not used", unreadable);
            return false;
        }
    }

    public boolean enabled() {
        return enabled;
    }

    /** Loads the default profile, so that the first container does not wait for it. */
    public void prepare() {
        if (enabled) {
            byDefault();
        }
    }

    /**
     * The name of the profile that a container's processes run under; empty when they are unconfined.
     *
     * @throws NodeException when the container demands a profile that is not there; worth another try later
     */
    public Optional<String> profile(ProfileChoice choice, boolean privileged) {
        if (!enabled && choice.demanded()) {
            throw missing("AppArmor is not enabled on the host");
        }
        return switch (choice) {
            case ProfileChoice.Unconfined _ -> Optional.empty();
            case ProfileChoice.Unsaid _ -> enabled && !privileged ? byDefault() : Optional.empty();
            case ProfileChoice.RuntimeDefault _ -> Optional.of(demandedDefault());
            case ProfileChoice.Localhost localhost -> Optional.of(present(localhost.profile()));
        };
    }

    private synchronized Optional<String> byDefault() {
        if (!tried) {
            tried = true;
            try {
                demandedDefault();
            } catch (NodeException without) {
                LOG.log(
                        Level.WARNING,
                        "containers that ask for no AppArmor profile run unconfined: {0}",
                        without.getMessage());
            }
        }
        return ready ? Optional.of(DefaultArmor.NAME) : Optional.empty();
    }

    private synchronized String demandedDefault() {
        if (!ready) {
            try {
                loader.load(DefaultArmor.text());
            } catch (IOException failure) {
                throw missing("the default apparmor profile cannot be loaded: " + failure.getMessage());
            }
            ready = true;
        }
        return DefaultArmor.NAME;
    }

    /** Asked of the list, not of the kernel at exec: a change to "unconfined" would succeed. */
    private String present(String profile) {
        try (var lines = Files.lines(loaded)) {
            if (lines.anyMatch(line -> MODE.matcher(line).replaceFirst("").equals(profile))) {
                return profile;
            }
        } catch (IOException unreadable) {
            throw missing(
                    "cannot read %s to find apparmor profile %s: is securityfs mounted?".formatted(loaded, profile));
        }
        throw missing("apparmor profile not found %s: load it on this node with apparmor_parser".formatted(profile));
    }

    private static NodeException missing(String message) {
        return new NodeException(NodeException.Kind.TRANSIENT, "CreateContainerError", message);
    }
}
