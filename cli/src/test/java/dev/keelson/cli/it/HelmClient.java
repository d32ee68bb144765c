package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UpgradeCommand;
import java.nio.file.Path;
import java.time.Duration;

/** Helm 3, as a library: a release from its installation to its end. */
final class HelmClient {
    private static final String NAMESPACE = "helmed";
    private static final String NAME = "site";

    private final Cluster cluster;
    private final Path kubeconfig;
    private final Path chart =
            Shell.repository().resolve("cli/src/test/resources/clients/chart").toAbsolutePath();

    HelmClient(Cluster cluster) {
        this.cluster = cluster;
        this.kubeconfig = cluster.directory().resolve("kubeconfig");
    }

    void installs() {
        Release installed = new Helm(chart)
                .install()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .createNamespace()
                .withKubeConfig(kubeconfig)
                .waitReady()
                .withTimeout(60)
                .call();
        assertThat(installed.getStatus()).isEqualTo("deployed");
        assertThat(cluster.jsonPath("{.status.readyReplicas}", "-n", NAMESPACE, "deployment", NAME))
                .isEqualTo("1");
    }

    void upgrades() {
        Release upgraded = upgrade()
                .set("replicas", 2)
                .set("greeting", "welcome")
                .waitReady()
                .call();
        assertThat(upgraded.getRevision()).isEqualTo("2");
        assertThat(greeting()).isEqualTo("welcome");
        assertThat(cluster.jsonPath("{.status.readyReplicas}", "-n", NAMESPACE, "deployment", NAME))
                .isEqualTo("2");
    }

    /** Helm itself goes back when an upgrade does not get ready. */
    void rollsBack() {
        assertThatThrownBy(() -> upgrade()
                        .reuseValues()
                        .set("broken", true)
                        .set("greeting", "never")
                        .atomic()
                        .withTimeout(4)
                        .call())
                .hasMessageContaining("rolled back");
        assertThat(greeting()).isEqualTo("welcome");
        assertThat(Helm.list()
                        .withNamespace(NAMESPACE)
                        .withKubeConfig(kubeconfig)
                        .call())
                .extracting(Release::getRevision)
                .containsExactly("4");
    }

    void uninstalls() {
        Helm.uninstall(NAME).withNamespace(NAMESPACE).withKubeConfig(kubeconfig).call();
        assertThat(cluster.kubectl("get", "deployment,service,configmap,serviceaccount", "-n", NAMESPACE, "-o", "name")
                        .ok())
                .doesNotContain("/" + NAME);
        Shell.await("its pods are gone", Duration.ofSeconds(30), () -> cluster.kubectl(
                        "get", "pods", "-n", NAMESPACE, "-o", "name")
                .ok()
                .isBlank());
        cluster.kubectl("delete", "namespace", NAMESPACE, "--timeout=60s").ok();
    }

    private UpgradeCommand upgrade() {
        return new Helm(chart)
                .upgrade()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .withKubeConfig(kubeconfig)
                .withTimeout(60);
    }

    private String greeting() {
        return cluster.jsonPath("{.data.greeting}", "-n", NAMESPACE, "configmap", NAME);
    }
}
