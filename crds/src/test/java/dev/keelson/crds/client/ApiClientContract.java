package dev.keelson.crds.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.crds.client.ApiException.Kind;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every {@link ApiClient} must do; run against each implementation and, elsewhere, against the real server. */
public abstract class ApiClientContract {

    protected abstract ApiClient client();

    /** A namespace that exists and holds nothing of interest. */
    protected abstract String namespace();

    @Test
    void createdObjectIsAnsweredAsStored() {
        ConfigMap created = client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));

        assertThat(created.getMetadata().getUid()).isNotEmpty();
        assertThat(created.getMetadata().getResourceVersion()).isNotEmpty();
        assertThat(client().get(ResourceType.CONFIG_MAPS, namespace(), "a")).isEqualTo(created);
    }

    @Test
    void generatedNamesDiffer() {
        ConfigMap template = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withGenerateName("web-")
                .endMetadata()
                .build();

        String first = client().create(ResourceType.CONFIG_MAPS, template)
                .getMetadata()
                .getName();
        String second = client().create(ResourceType.CONFIG_MAPS, template)
                .getMetadata()
                .getName();

        assertThat(first).startsWith("web-").isNotEqualTo(second);
    }

    @Test
    void creatingTwiceIsRefused() {
        client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));

        assertKind(Kind.ALREADY_EXISTS, () -> client().create(ResourceType.CONFIG_MAPS, configMap("a", "2")));
    }

    @Test
    void missingObjectIsNotFound() {
        assertKind(Kind.NOT_FOUND, () -> client().get(ResourceType.CONFIG_MAPS, namespace(), "none"));
        assertKind(Kind.NOT_FOUND, () -> client().delete(
                        ResourceType.CONFIG_MAPS, namespace(), "none", DeleteOptions.BACKGROUND));
    }

    @Test
    void whatANameHoldsIsNoPartOfTheRequestButTheName() {
        client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));

        for (String name : List.of("a?pretty=true", "a#b", "a b", "a%20b", "a%")) {
            assertKind(Kind.NOT_FOUND, () -> client().get(ResourceType.CONFIG_MAPS, namespace(), name));
        }
    }

    @Test
    void staleUpdateConflicts() {
        ConfigMap first = client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));
        client().update(ResourceType.CONFIG_MAPS, changed(first, "2"));

        assertKind(Kind.CONFLICT, () -> client().update(ResourceType.CONFIG_MAPS, changed(first, "3")));
    }

    @Test
    void updateWithoutChangeKeepsTheRevision() {
        ConfigMap first = client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));

        ConfigMap second = client().update(ResourceType.CONFIG_MAPS, changed(first, "1"));

        assertThat(second.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void statusIsWrittenOnlyThroughItsSubresource() {
        Pod pod = client().create(ResourceType.PODS, pod("p"));
        Pod running = new PodBuilder(pod)
                .editMetadata()
                .addToLabels("touched", "yes")
                .endMetadata()
                .withStatus(new PodStatusBuilder(pod.getStatus())
                        .withPhase("Running")
                        .build())
                .build();

        Pod afterUpdate = client().update(ResourceType.PODS, running);
        assertThat(afterUpdate.getStatus().getPhase()).isEqualTo("Pending");
        assertThat(afterUpdate.getMetadata().getLabels()).containsEntry("touched", "yes");

        running.getMetadata().setLabels(Map.of());
        running.getMetadata().setResourceVersion(null);
        Pod afterStatus = client().updateStatus(ResourceType.PODS, running);
        assertThat(afterStatus.getStatus().getPhase()).isEqualTo("Running");
        assertThat(afterStatus.getMetadata().getLabels()).containsEntry("touched", "yes");
    }

    @Test
    void mergePatchRemovesWithNull() {
        client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));

        ConfigMap patched = client().patch(
                        ResourceType.CONFIG_MAPS,
                        namespace(),
                        "a",
                        "",
                        PatchType.MERGE,
                        "{\"data\":{\"k\":null,\"n\":\"2\"}}".getBytes(StandardCharsets.UTF_8));

        assertThat(patched.getData()).isEqualTo(Map.of("n", "2"));
    }

    @Test
    void deletionOfAnotherUidConflicts() {
        client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));

        assertKind(Kind.CONFLICT, () -> client().delete(
                        ResourceType.CONFIG_MAPS,
                        namespace(),
                        "a",
                        DeleteOptions.BACKGROUND.withUid("00000000-0000-0000-0000-000000000000")));
    }

    @Test
    void finalizerHoldsADeletionBack() {
        ConfigMap held = configMap("a", "1");
        held.getMetadata().setFinalizers(List.of("keelson.dev/test"));
        client().create(ResourceType.CONFIG_MAPS, held);

        client().delete(ResourceType.CONFIG_MAPS, namespace(), "a", DeleteOptions.BACKGROUND);
        ConfigMap deleting = client().get(ResourceType.CONFIG_MAPS, namespace(), "a");
        assertThat(deleting.getMetadata().getDeletionTimestamp()).isNotEmpty();

        deleting.getMetadata().setFinalizers(List.of());
        client().update(ResourceType.CONFIG_MAPS, deleting);
        assertKind(Kind.NOT_FOUND, () -> client().get(ResourceType.CONFIG_MAPS, namespace(), "a"));
    }

    @Test
    void unboundPodIsDeletedAtOnceAndABoundOneGracefully() {
        client().create(ResourceType.PODS, pod("unbound"));
        client().delete(ResourceType.PODS, namespace(), "unbound", DeleteOptions.BACKGROUND);
        assertKind(Kind.NOT_FOUND, () -> client().get(ResourceType.PODS, namespace(), "unbound"));

        Pod bound = client().create(ResourceType.PODS, pod("bound"));
        client().bind(namespace(), "bound", bound.getMetadata().getUid(), "node-1");
        client().delete(ResourceType.PODS, namespace(), "bound", DeleteOptions.BACKGROUND);
        Pod stopping = client().get(ResourceType.PODS, namespace(), "bound");
        assertThat(stopping.getSpec().getNodeName()).isEqualTo("node-1");
        assertThat(stopping.getMetadata().getDeletionTimestamp()).isNotEmpty();
        assertThat(stopping.getMetadata().getDeletionGracePeriodSeconds()).isPositive();

        client().delete(
                        ResourceType.PODS,
                        namespace(),
                        "bound",
                        DeleteOptions.BACKGROUND.withGracePeriod(Duration.ZERO));
        assertKind(Kind.NOT_FOUND, () -> client().get(ResourceType.PODS, namespace(), "bound"));
    }

    @Test
    void podIsBoundOnce() {
        Pod pod = client().create(ResourceType.PODS, pod("p"));
        client().bind(namespace(), "p", pod.getMetadata().getUid(), "node-1");

        assertKind(Kind.CONFLICT, () -> client().bind(namespace(), "p", "", "node-2"));
    }

    @Test
    void watchFromAListMissesNothing() {
        client().create(ResourceType.CONFIG_MAPS, configMap("before", "1"));
        ObjectList<ConfigMap> list = client().list(ResourceType.CONFIG_MAPS, namespace(), ListOptions.ALL);
        ConfigMap added = client().create(ResourceType.CONFIG_MAPS, configMap("added", "1"));
        client().update(ResourceType.CONFIG_MAPS, changed(added, "2"));
        client().delete(ResourceType.CONFIG_MAPS, namespace(), "added", DeleteOptions.BACKGROUND);

        List<String> seen = new ArrayList<>();
        try (Watch<ConfigMap> watch =
                client().watch(ResourceType.CONFIG_MAPS, namespace(), ListOptions.ALL, list.resourceVersion())) {
            while (seen.size() < 3) {
                switch (watch.next()) {
                    case WatchEvent.Added<ConfigMap>(ConfigMap object) -> seen.add("added " + name(object));
                    case WatchEvent.Modified<ConfigMap>(ConfigMap object) -> seen.add("modified " + name(object));
                    case WatchEvent.Deleted<ConfigMap>(ConfigMap object) -> seen.add("deleted " + name(object));
                    case WatchEvent.Bookmark<ConfigMap>(String ignored) -> {}
                }
            }
        }
        assertThat(seen).containsExactly("added added", "modified added", "deleted added");
    }

    @Test
    void metadataComesWithoutContents() {
        client().create(ResourceType.CONFIG_MAPS, configMap("listed", "1"));
        ObjectList<ConfigMap> list = client().list(ResourceType.CONFIG_MAPS, namespace(), ListOptions.ALL_METADATA);
        client().create(ResourceType.CONFIG_MAPS, configMap("watched", "1"));

        ConfigMap listed = list.items().stream()
                .filter(one -> name(one).equals("listed"))
                .findFirst()
                .orElseThrow();
        assertThat(listed.getData()).isNullOrEmpty();
        assertThat(listed.getMetadata().getUid()).isNotEmpty();
        try (Watch<ConfigMap> watch = client().watch(
                        ResourceType.CONFIG_MAPS, namespace(), ListOptions.ALL_METADATA, list.resourceVersion())) {
            assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Added.class, event -> {
                ConfigMap watched = (ConfigMap) event.object();
                assertThat(name(watched)).isEqualTo("watched");
                assertThat(watched.getData()).isNullOrEmpty();
            });
        }
    }

    @Test
    void whoWantsChangesOfMetadataIsNotToldOfOthers() {
        ConfigMap created = client().create(ResourceType.CONFIG_MAPS, configMap("a", "1"));
        try (Watch<ConfigMap> watch = client().watch(
                        ResourceType.CONFIG_MAPS,
                        namespace(),
                        ListOptions.ALL_METADATA_CHANGES,
                        created.getMetadata().getResourceVersion())) {
            created.setData(Map.of("k", "2"));
            ConfigMap changed = client().update(ResourceType.CONFIG_MAPS, created);
            changed.getMetadata().setLabels(Map.of("app", "web"));
            ConfigMap labelled = client().update(ResourceType.CONFIG_MAPS, changed);
            assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Modified.class, event -> {
                ConfigMap told = (ConfigMap) event.object();
                assertThat(told.getMetadata().getResourceVersion())
                        .isEqualTo(labelled.getMetadata().getResourceVersion());
            });
        }
    }

    @Test
    void objectLeavingASelectorIsDeletedForItsWatcher() {
        ConfigMap labelled = configMap("a", "1");
        labelled.getMetadata().setLabels(Map.of("app", "web"));
        ConfigMap created = client().create(ResourceType.CONFIG_MAPS, labelled);
        ListOptions selected = ListOptions.labels("app in (web)");
        assertThat(client().list(ResourceType.CONFIG_MAPS, namespace(), selected)
                        .items())
                .hasSize(1);

        try (Watch<ConfigMap> watch = client().watch(
                        ResourceType.CONFIG_MAPS,
                        namespace(),
                        selected,
                        created.getMetadata().getResourceVersion())) {
            created.getMetadata().setLabels(Map.of("app", "other"));
            client().update(ResourceType.CONFIG_MAPS, created);
            assertThat(watch.next()).isInstanceOf(WatchEvent.Deleted.class);
        }
    }

    @Test
    void closingAWatchFromAnotherThreadEndsIt() throws InterruptedException {
        ObjectList<ConfigMap> list = client().list(ResourceType.CONFIG_MAPS, namespace(), ListOptions.ALL);
        Watch<ConfigMap> watch =
                client().watch(ResourceType.CONFIG_MAPS, namespace(), ListOptions.ALL, list.resourceVersion());
        List<Boolean> answers = java.util.Collections.synchronizedList(new ArrayList<>());
        Thread reader = Thread.ofVirtual().start(() -> answers.add(watch.hasNext()));

        watch.close();

        assertThat(reader.join(Duration.ofSeconds(5))).isTrue();
        assertThat(answers).containsExactly(false);
    }

    @Test
    void fieldSelectorChoosesPodsOfANode() {
        Pod pod = client().create(ResourceType.PODS, pod("p"));
        client().create(ResourceType.PODS, pod("q"));
        client().bind(namespace(), "p", pod.getMetadata().getUid(), "node-1");

        ObjectList<Pod> onNode =
                client().list(ResourceType.PODS, namespace(), ListOptions.fields("spec.nodeName=node-1"));

        assertThat(onNode.items()).extracting(ApiClientContract::name).containsExactly("p");
    }

    @Test
    void namespaceGoesWhenItIsFinalized() {
        client().create(
                        ResourceType.NAMESPACES,
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName("contract-gone")
                                .endMetadata()
                                .build());
        client().delete(ResourceType.NAMESPACES, "", "contract-gone", DeleteOptions.BACKGROUND);
        Namespace terminating = client().get(ResourceType.NAMESPACES, "", "contract-gone");
        assertThat(terminating.getStatus().getPhase()).isEqualTo("Terminating");

        terminating.getSpec().setFinalizers(List.of());
        client().updateSubresource(ResourceType.NAMESPACES, terminating, "finalize");
        assertKind(Kind.NOT_FOUND, () -> client().get(ResourceType.NAMESPACES, "", "contract-gone"));
    }

    private ConfigMap configMap(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withName(name)
                .endMetadata()
                .addToData("k", value)
                .build();
    }

    private static ConfigMap changed(ConfigMap from, String value) {
        return new ConfigMapBuilder(from).addToData("k", value).build();
    }

    private Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("reg.local/web:1")
                .endContainer()
                .endSpec()
                .build();
    }

    private static String name(io.fabric8.kubernetes.api.model.HasMetadata object) {
        return object.getMetadata().getName();
    }

    private static void assertKind(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(kind))
                .message()
                .isNotBlank();
    }
}
