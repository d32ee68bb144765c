package dev.keelson.controllers.disruption;

import static dev.keelson.controllers.TestObjects.pod;
import static dev.keelson.controllers.TestObjects.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.CustomThings;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DisruptionControllerTest {
    private static final ResourceType<GenericKubernetesResource> BUDGETS = OtherKinds.POD_DISRUPTION_BUDGETS;
    private static final Map<String, Object> WEB = Map.of("matchLabels", Map.of("app", "web"));

    private final TestWorld world = new TestWorld();
    private final ControllerLoop<ObjectKey> loop = world.start(DisruptionController::new);

    @Test
    void budgetFollowsItsPods() {
        budget(Map.of("minAvailable", 2, "selector", WEB));
        world.settle(loop);
        assertThat(status("expectedPods", "disruptionsAllowed")).containsExactly(0, 0);
        assertThat(condition("status", "reason", "message")).containsExactly("False", "InsufficientPods", "");
        assertThat(world.events()).contains("NoPods: No matching pods found");

        start("a");
        start("b");
        start("c");
        world.pass(Duration.ofSeconds(3), loop);
        assertThat(status("currentHealthy", "desiredHealthy", "expectedPods", "disruptionsAllowed"))
                .containsExactly(3, 2, 3, 1);
        assertThat(condition("status", "reason", "observedGeneration")).containsExactly("True", "SufficientPods", 1);
        assertThat(status("observedGeneration")).containsExactly(1);
        String since = (String) condition("lastTransitionTime").getFirst();

        world.client().delete(ResourceType.PODS, "shop", "c", DeleteOptions.BACKGROUND);
        world.pass(Duration.ofSeconds(3), loop);
        assertThat(status("currentHealthy", "disruptionsAllowed")).containsExactly(2, 0);
        assertThat(condition("lastTransitionTime").getFirst()).isNotEqualTo(since);
    }

    @Test
    void nothingIsWrittenWhereNothingChanged() {
        budget(Map.of("minAvailable", 1, "selector", WEB));
        Pod a = start("a");
        world.pass(Duration.ofSeconds(3), loop);
        String written = live().getMetadata().getResourceVersion();

        a.getMetadata().setLabels(Map.of("app", "web", "seen", "again"));
        a.getMetadata().setResourceVersion(null);
        world.client().update(ResourceType.PODS, a);
        world.pass(Duration.ofSeconds(3), loop);
        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(written);
    }

    @Test
    void scaleIsThatOfTheDeploymentAndNotOfOneOfItsSets() {
        Deployment web = world.client()
                .create(
                        ResourceType.DEPLOYMENTS,
                        new DeploymentBuilder()
                                .withMetadata(meta("web"))
                                .withNewSpec()
                                .withReplicas(4)
                                .endSpec()
                                .build());
        ReplicaSet set = new ReplicaSetBuilder()
                .withMetadata(meta("web-1"))
                .withNewSpec()
                .withReplicas(1)
                .endSpec()
                .build();
        set.getMetadata().setOwnerReferences(List.of(Owners.controllerReference(web)));
        set = world.client().create(ResourceType.REPLICA_SETS, set);
        start("a", set);
        budget(Map.of("maxUnavailable", "50%", "selector", WEB));
        world.pass(Duration.ofSeconds(3), loop);

        assertThat(status("currentHealthy", "desiredHealthy", "expectedPods", "disruptionsAllowed"))
                .containsExactly(1, 2, 4, 0);
    }

    @Test
    void scaleOfACustomOwnerIsWhereItsDefinitionSays() {
        GenericKubernetesResource definition = CustomThings.definition();
        Map<String, Object> spec = new java.util.HashMap<>(definition.<Map<String, Object>>get("spec"));
        spec.put(
                "versions",
                List.of(Map.of(
                        "name",
                        "v1",
                        "served",
                        true,
                        "storage",
                        true,
                        "subresources",
                        Map.of("scale", Map.of("specReplicasPath", ".spec.size")))));
        definition.setAdditionalProperty("spec", spec);
        world.client().create(CustomResources.DEFINITIONS, definition);
        GenericKubernetesResource thing = CustomThings.thing("shard");
        thing.setAdditionalProperty("spec", Map.of("size", 2));
        start("a", world.client().create(CustomThings.TYPE, thing));
        budget(Map.of("maxUnavailable", 1, "selector", WEB));
        world.pass(Duration.ofSeconds(3), loop);

        assertThat(status("desiredHealthy", "expectedPods")).containsExactly(1, 2);
    }

    @Test
    void ownerWithoutAScaleAllowsNothingAndSaysWhy() {
        start("a", world.client().create(CustomThings.TYPE, CustomThings.thing("odd")));
        world.client().create(CustomResources.DEFINITIONS, CustomThings.definition());
        budget(Map.of("maxUnavailable", 1, "selector", WEB));
        world.pass(Duration.ofSeconds(3), loop);

        assertThat(condition("status", "reason", "message"))
                .containsExactly("False", "SyncFailed", "things.example.com does not implement the scale subresource");
        assertThat(status("disruptionsAllowed")).containsExactly(0);
    }

    @Test
    void grantThatNobodyUsesRunsOut() {
        budget(Map.of("minAvailable", 0, "selector", Map.of()));
        start("a");
        world.pass(Duration.ofSeconds(3), loop);
        GenericKubernetesResource granted = live();
        Map<String, Object> status = new java.util.HashMap<>(DisruptionStatus.present(granted));
        status.put("disruptedPods", Map.of("a", Times.format(world.now())));
        granted.setAdditionalProperty("status", status);
        world.client().updateStatus(BUDGETS, granted);
        world.pass(Duration.ofSeconds(100), loop);
        assertThat(status("currentHealthy", "disruptionsAllowed")).containsExactly(0, 0);

        world.pass(Duration.ofSeconds(25), loop);
        assertThat(status("currentHealthy", "disruptionsAllowed")).containsExactly(1, 1);
        assertThat(DisruptionStatus.present(live())).doesNotContainKey("disruptedPods");
        assertThat(world.events()).contains("NotDeleted: Pod was expected by PDB shop/web to be deleted but it wasn't");
    }

    @Test
    void budgetWithoutASelectorHasNoPods() {
        budget(Map.of("minAvailable", 0));
        start("a");
        world.pass(Duration.ofSeconds(3), loop);

        assertThat(status("expectedPods", "disruptionsAllowed")).containsExactly(0, 0);
    }

    private void budget(Map<String, Object> spec) {
        GenericKubernetesResource budget = new GenericKubernetesResource();
        budget.setApiVersion("policy/v1");
        budget.setKind("PodDisruptionBudget");
        budget.setMetadata(meta("web"));
        budget.setAdditionalProperty("spec", spec);
        world.client().create(BUDGETS, budget);
    }

    private static io.fabric8.kubernetes.api.model.ObjectMeta meta(String name) {
        return new ObjectMetaBuilder().withNamespace("shop").withName(name).build();
    }

    private Pod start(String name, HasMetadata... owners) {
        Pod wanted = running(pod(name), "10.0.0.1", true);
        for (HasMetadata owner : owners) {
            wanted.getMetadata().setOwnerReferences(List.of(Owners.controllerReference(owner)));
        }
        world.client().create(ResourceType.PODS, wanted);
        return world.client().updateStatus(ResourceType.PODS, wanted);
    }

    private GenericKubernetesResource live() {
        return world.client().get(BUDGETS, "shop", "web");
    }

    private List<Object> status(String... fields) {
        Map<String, Object> status = DisruptionStatus.present(live());
        return List.of(fields).stream().map(status::get).toList();
    }

    private List<Object> condition(String... fields) {
        List<?> conditions = (List<?>) DisruptionStatus.present(live()).get("conditions");
        assertThat(conditions).hasSize(1);
        return List.of(fields).stream()
                .<Object>map(((Map<?, ?>) conditions.getFirst())::get)
                .toList();
    }
}
