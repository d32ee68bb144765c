package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keelson.node.apparmor.AppArmor;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes under AppArmor profiles, on a kernel that has it; such a one is started by {@code ./keelson test --vm}. Needs
 * root and apparmor_parser.
 */
class AppArmorIT {
    private static final String LABEL = "cat /proc/self/attr/current; echo";
    private static final String NO_TMP = """
            profile keelson-it-no-tmp flags=(attach_disconnected) {
              file,
              signal,
              capability,
              deny /tmp/** w,
            }
            """;

    @TempDir
    static Path directory;

    private static Optional<NodeFixture> running = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        assumeThat(AppArmor.detect().enabled()).isTrue();
        parser(NO_TMP, "--replace");
        running = Optional.of(new NodeFixture(directory, "it-armor", 13));
    }

    @AfterAll
    static void stop() throws Exception {
        if (running.isPresent()) {
            running.get().close();
            parser(NO_TMP, "--remove");
        }
    }

    private static void parser(String profiles, String option) throws IOException, InterruptedException {
        Process parser = new ProcessBuilder("apparmor_parser", option)
                .redirectErrorStream(true)
                .start();
        try (var input = parser.getOutputStream()) {
            input.write(profiles.getBytes(StandardCharsets.UTF_8));
        }
        String answer = new String(parser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(parser.waitFor()).as(answer).isZero();
    }

    private static Container secured(String name, String script, UnaryOperator<SecurityContextBuilder> change) {
        return new ContainerBuilder(shell(name, script).build())
                .withSecurityContext(change.apply(new SecurityContextBuilder()).build())
                .build();
    }

    private static String label(String pod, String container) {
        return running.orElseThrow().log(pod, container).strip();
    }

    @Test
    void theDefaultHoldsUnlessItIsTurnedOff() {
        NodeFixture node = running.orElseThrow();
        UnaryOperator<SecurityContextBuilder> mounting = context -> context.withNewSeccompProfile("", "Unconfined")
                .withNewCapabilities()
                .withAdd("SYS_ADMIN")
                .endCapabilities();
        String mount = "mount -t tmpfs x /tmp && echo mounted; ";
        node.create(node.pod(
                "default",
                secured("plain", LABEL, c -> c),
                secured("asked", LABEL, c -> c.withNewAppArmorProfile("", "RuntimeDefault")),
                secured("off", LABEL, c -> c.withNewAppArmorProfile("", "Unconfined")),
                secured("held", mount + LABEL, mounting),
                secured("free", mount + LABEL, c -> mounting.apply(c).withNewAppArmorProfile("", "Unconfined"))));
        node.create(node.pod("privileged", secured("main", LABEL, c -> c.withPrivileged(true))));
        node.awaitPhase("default", "Succeeded");
        node.awaitPhase("privileged", "Succeeded");
        assertThat(label("default", "plain")).isEqualTo("keelson-default (enforce)");
        assertThat(label("default", "asked")).isEqualTo("keelson-default (enforce)");
        assertThat(label("default", "off")).isEqualTo("unconfined");
        assertThat(label("default", "held"))
                .contains("Permission denied")
                .doesNotContain("mounted")
                .endsWith("keelson-default (enforce)");
        assertThat(label("default", "free")).contains("mounted").endsWith("unconfined");
        assertThat(label("privileged", "main")).isEqualTo("unconfined");
    }

    @Test
    void profilesOfTheNodeHoldForHooksAndProbesToo() {
        NodeFixture node = running.orElseThrow();
        String said = "while [ ! -e /said ]; do sleep 0.1; done; touch /tmp/x; cat /said; ";
        PodBuilder pod = node.pod(
                        "local",
                        secured("field", said + LABEL, c -> c.withNewAppArmorProfile("keelson-it-no-tmp", "Localhost")))
                .editSpec()
                .editContainer(0)
                .withNewLifecycle()
                .withNewPostStart()
                .withNewExec()
                .withCommand("/bin/sh", "-c", "cat /proc/self/attr/current > /new; mv /new /said")
                .endExec()
                .endPostStart()
                .endLifecycle()
                .endContainer()
                .addToContainers(shell("annotated", LABEL).build())
                .endSpec()
                .editMetadata()
                .addToAnnotations(
                        "container.apparmor.security.beta.kubernetes.io/annotated", "localhost/keelson-it-no-tmp")
                .endMetadata();
        node.create(pod);
        node.awaitPhase("local", "Succeeded");
        assertThat(label("local", "field"))
                .startsWith("touch: /tmp/x: Permission denied")
                .containsSubsequence("keelson-it-no-tmp (enforce)", "keelson-it-no-tmp (enforce)");
        assertThat(label("local", "annotated")).isEqualTo("keelson-it-no-tmp (enforce)");
    }

    @Test
    void aContainerWaitsForItsProfile() throws Exception {
        String late = "profile keelson-it-late { file, signal, capability, }";
        NodeFixture node = running.orElseThrow();
        node.create(node.pod(
                "late", secured("main", LABEL, c -> c.withNewAppArmorProfile("keelson-it-late", "Localhost"))));
        node.await("late", "waiting for the profile", pod -> NodeFixture.find(pod, "main")
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> waiting.getReason().equals("CreateContainerError")
                        && waiting.getMessage().contains("apparmor profile not found keelson-it-late"))
                .isPresent());
        parser(late, "--replace");
        try {
            node.awaitPhase("late", "Succeeded");
            assertThat(label("late", "main")).isEqualTo("keelson-it-late (enforce)");
        } finally {
            parser(late, "--remove");
        }
    }
}
