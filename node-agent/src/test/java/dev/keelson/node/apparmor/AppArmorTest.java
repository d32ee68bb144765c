package dev.keelson.node.apparmor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keelson.node.pod.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppArmorTest {
    private static final ProfileChoice UNSAID = new ProfileChoice.Unsaid();
    private static final ProfileChoice DEFAULT = new ProfileChoice.RuntimeDefault();

    @TempDir
    Path directory;

    private final List<String> loads = new ArrayList<>();
    private String parserSays = "";

    private AppArmor kernel(String... profiles) throws IOException {
        Path loaded = Files.write(directory.resolve("profiles"), List.of(profiles));
        return new AppArmor(true, loaded, text -> {
            loads.add(text);
            if (!parserSays.isEmpty()) {
                throw new IOException(parserSays);
            }
        });
    }

    @Test
    void containersThatSayNothingGetTheDefaultWhichIsLoadedOnce() throws IOException {
        AppArmor armor = kernel();
        assertThat(armor.profile(UNSAID, false)).contains("keelson-default");
        assertThat(armor.profile(DEFAULT, false)).contains("keelson-default");
        assertThat(armor.profile(UNSAID, true)).as("privileged").isEmpty();
        assertThat(armor.profile(DEFAULT, true)).contains("keelson-default");
        assertThat(armor.profile(new ProfileChoice.Unconfined(), false)).isEmpty();
        assertThat(loads).singleElement().asString().contains("profile keelson-default ", "deny mount,");
    }

    @Test
    void withoutAParserOnlyWhatIsDemandedWaits() throws IOException {
        parserSays = "this node has no apparmor_parser";
        AppArmor armor = kernel();
        assertThat(armor.profile(UNSAID, false)).isEmpty();
        assertThat(armor.profile(UNSAID, false)).isEmpty();
        assertThat(loads).as("tried once for all that ask for nothing").hasSize(1);
        assertThatThrownBy(() -> armor.profile(DEFAULT, false)).hasMessageContaining("no apparmor_parser");
        parserSays = "";
        assertThat(armor.profile(DEFAULT, false)).as("somebody installed it").contains("keelson-default");
        assertThat(armor.profile(UNSAID, false)).contains("keelson-default");
    }

    @Test
    void profilesOfTheNodeMustBeLoaded() throws IOException {
        AppArmor armor = kernel("team/web (enforce)", "/usr/bin/man (complain)", "a//b (c) (kill)");
        assertThat(armor.profile(new ProfileChoice.Localhost("team/web"), true)).contains("team/web");
        assertThat(armor.profile(new ProfileChoice.Localhost("/usr/bin/man"), false))
                .contains("/usr/bin/man");
        assertThat(armor.profile(new ProfileChoice.Localhost("a//b (c)"), false))
                .contains("a//b (c)");
        for (String other : List.of("unconfined", "team", "a//b", "")) {
            assertThatThrownBy(() -> armor.profile(new ProfileChoice.Localhost(other), false))
                    .hasMessageContaining("apparmor profile not found " + other);
        }
        Files.delete(directory.resolve("profiles"));
        assertThatThrownBy(() -> armor.profile(new ProfileChoice.Localhost("team/web"), false))
                .hasMessageContaining("is securityfs mounted?");
    }

    @Test
    void withoutAppArmorNothingIsReadAndNothingPromised() {
        AppArmor none = AppArmor.none();
        assertThat(none.profile(UNSAID, false)).isEmpty();
        assertThat(none.profile(new ProfileChoice.Unconfined(), false)).isEmpty();
        assertThatThrownBy(() -> none.profile(new ProfileChoice.Localhost("web"), false))
                .hasMessageContaining("not enabled");
    }

    @Test
    void theContainersFieldWinsThenItsAnnotationThenThePodsField() {
        Container plain = Pods.container("app");
        Container own = new ContainerBuilder(plain)
                .withNewSecurityContext()
                .withNewAppArmorProfile("web", "Localhost")
                .endSecurityContext()
                .build();
        PodBuilder pod = Pods.pod();
        assertThat(ProfileChoice.of(pod.build(), plain)).isEqualTo(UNSAID);
        pod.editSpec()
                .withNewSecurityContext()
                .withNewAppArmorProfile("", "RuntimeDefault")
                .endSecurityContext()
                .endSpec();
        assertThat(ProfileChoice.of(pod.build(), plain)).isEqualTo(DEFAULT);
        pod.editMetadata()
                .addToAnnotations("container.apparmor.security.beta.kubernetes.io/app", "unconfined")
                .endMetadata();
        assertThat(ProfileChoice.of(pod.build(), plain)).isEqualTo(new ProfileChoice.Unconfined());
        assertThat(ProfileChoice.of(pod.build(), Pods.container("other"))).isEqualTo(DEFAULT);
        assertThat(ProfileChoice.of(pod.build(), own)).isEqualTo(new ProfileChoice.Localhost("web"));
        pod.editMetadata()
                .addToAnnotations("container.apparmor.security.beta.kubernetes.io/app", "localhost/old")
                .endMetadata();
        assertThat(ProfileChoice.of(pod.build(), plain)).isEqualTo(new ProfileChoice.Localhost("old"));
    }

    @Test
    void theDefaultProfileCompiles() throws IOException {
        assumeThat(Files.isExecutable(Path.of("/usr/sbin/apparmor_parser")))
                .as("apt-get install apparmor")
                .isTrue();
        ParserProgram.run(DefaultArmor.text(), "--skip-kernel-load", "--skip-cache");
        assertThatThrownBy(() -> ParserProgram.run("profile x { nonsense }", "--skip-kernel-load", "--skip-cache"))
                .hasMessageContaining("syntax error");
    }
}
