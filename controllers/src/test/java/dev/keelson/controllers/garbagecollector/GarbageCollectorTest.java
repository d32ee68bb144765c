package dev.keelson.controllers.garbagecollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.garbagecollector.GarbagePlan.Delete;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.CustomThings;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class GarbageCollectorTest {
    private final TestWorld world = new TestWorld();
    private final ControllerLoop<ObjectId> loop = world.start(GarbageCollector::new);

    @Test
    void dependentsGoAfterTheirOwnerDownToTheLast() {
        ConfigMap owner = create("owner");
        ConfigMap child = create("child", owner);
        create("grandchild", child);
        delete("owner", "Background");

        assertThat(names()).isEmpty();
    }

    /** The cache does not hear of such changes, and no time passes here. */
    @Test
    void dependentsGoInTheVersionThatTheServerHas() {
        ConfigMap child = create("child", create("owner"));
        world.settle(loop);
        for (int i = 0; i < 3; i++) {
            child.setData(Map.of("written", "" + i));
            child = world.client().update(ResourceType.CONFIG_MAPS, child);
            world.settle(loop);
        }
        delete("owner", "Background");

        assertThat(names()).isEmpty();
    }

    @Test
    void dependentThatGetsAnotherOwnerWhileItIsJudgedStays() {
        ConfigMap judged = create("child", create("owner"));
        ConfigMap changed = get("child");
        changed.getMetadata().setOwnerReferences(List.of(reference(create("other"))));
        world.client().update(ResourceType.CONFIG_MAPS, changed);

        assertThatDeletionIsRefused(judged);
    }

    @Test
    void dependentThatGetsAFinalizerWhileItIsJudgedIsJudgedAgain() {
        ConfigMap judged = create("child", create("owner"));
        ConfigMap changed = get("child");
        changed.getMetadata().setFinalizers(List.of("keelson.dev/test"));
        world.client().update(ResourceType.CONFIG_MAPS, changed);

        assertThatDeletionIsRefused(judged);
    }

    @Test
    void dependentThatWasMadeAnewUnderItsNameStays() {
        ConfigMap owner = create("owner");
        ConfigMap judged = create("child", owner);
        world.client().delete(ResourceType.CONFIG_MAPS, "shop", "child", DeleteOptions.BACKGROUND);
        create("child", owner);

        assertThatDeletionIsRefused(judged);
    }

    private void assertThatDeletionIsRefused(ConfigMap judged) {
        GarbageExecutor executor = new GarbageExecutor(world.client(), new ObjectGraph(world));
        Delete planned = new Delete("Background", "none of its owners stays");

        assertThatThrownBy(() -> executor.execute(ResourceType.CONFIG_MAPS, judged, planned))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(ApiException.Kind.CONFLICT));
        assertThat(get("child").getMetadata().getDeletionTimestamp()).isNull();
    }

    @Test
    void dependentOfTwoOwnersStaysAndForgetsTheOneThatIsGone() {
        ConfigMap first = create("first");
        ConfigMap second = create("second");
        create("shared", first, second);
        delete("first", "Background");

        assertThat(names()).containsExactly("second", "shared");
        assertThat(Owners.uids(get("shared")))
                .containsExactly(second.getMetadata().getUid());
    }

    @Test
    void ownerOfTheSameNameButAnotherUidIsAbsent() {
        ConfigMap owner = create("owner");
        ConfigMap impostor = new ConfigMapBuilder(owner)
                .editMetadata()
                .withUid("somebody-else")
                .endMetadata()
                .build();
        create("child", impostor);
        world.settle(loop);

        assertThat(names()).containsExactly("owner");
    }

    @Test
    void dependentsOfACustomResourceGoWithIt() {
        world.client().create(CustomResources.DEFINITIONS, CustomThings.definition());
        world.settle(loop);
        GenericKubernetesResource owner = world.client().create(CustomThings.TYPE, CustomThings.thing("t"));
        ConfigMap child = map("child");
        child.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("example.com/v1")
                        .withKind("Thing")
                        .withName("t")
                        .withUid(owner.getMetadata().getUid())
                        .build()));
        world.client().create(ResourceType.CONFIG_MAPS, child);
        world.settle(loop);
        assertThat(names()).containsExactly("child");
        world.client().delete(CustomThings.TYPE, "shop", "t", DeleteOptions.BACKGROUND);
        world.settle(loop);
        assertThat(names()).isEmpty();
    }

    @Test
    void ownersOfUnknownKindsAreNotJudged() {
        ConfigMap child = map("child");
        child.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("example.com/v1")
                        .withKind("Thing")
                        .withName("t")
                        .withUid("t-1")
                        .build()));
        world.client().create(ResourceType.CONFIG_MAPS, child);
        world.settle(loop);

        assertThat(names()).containsExactly("child");
    }

    /** An owner that is not there goes by its group and kind, but only in a version in which it could be asked for. */
    @Test
    void ownersOfVersionsThatAreNotServedAreNotJudged() {
        for (String version : List.of("v1", "v2", "v1beta1")) {
            ConfigMap child = map("of-" + version);
            child.getMetadata()
                    .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                            .withApiVersion("autoscaling/" + version)
                            .withKind("HorizontalPodAutoscaler")
                            .withName("h")
                            .withUid("h-1")
                            .build()));
            world.client().create(ResourceType.CONFIG_MAPS, child);
        }
        world.settle(loop);

        assertThat(names()).containsExactly("of-v1beta1");
    }

    @Test
    void foregroundDeletionWaitsForBlockingDependents() {
        ConfigMap owner = create("owner");
        ConfigMap held = map("held");
        held.getMetadata().setFinalizers(List.of("keelson.dev/test"));
        held.getMetadata().setOwnerReferences(List.of(reference(owner)));
        world.client().create(ResourceType.CONFIG_MAPS, held);
        delete("owner", "Foreground");

        assertThat(names()).containsExactly("held", "owner");
        ConfigMap deleting = get("held");
        assertThat(deleting.getMetadata().getDeletionTimestamp()).isNotNull();
        deleting.getMetadata().setFinalizers(List.of());
        world.client().update(ResourceType.CONFIG_MAPS, deleting);
        world.settle(loop);

        assertThat(names()).isEmpty();
    }

    @Test
    void orphanedDependentsStayWithoutOwner() {
        ConfigMap owner = create("owner");
        create("child", owner);
        delete("owner", "Orphan");

        assertThat(names()).containsExactly("child");
        assertThat(Owners.references(get("child"))).isEmpty();
    }

    @Test
    void cycleOfOwnersIsLeftAlone() {
        ConfigMap a = create("a");
        ConfigMap b = create("b", a);
        a.getMetadata().setOwnerReferences(List.of(reference(b)));
        world.client().update(ResourceType.CONFIG_MAPS, a);
        world.settle(loop);
        assertThat(names()).containsExactly("a", "b");

        delete("a", "Background");
        assertThat(names()).isEmpty();
    }

    @Test
    void foregroundDeletionOfOneOwnerLeavesWhatAnotherOneOwns() {
        ConfigMap first = create("first");
        ConfigMap second = create("second");
        create("shared", first, second);
        delete("first", "Foreground");

        assertThat(names()).containsExactly("second", "shared");
        assertThat(Owners.uids(get("shared")))
                .containsExactly(second.getMetadata().getUid());
    }

    @Test
    void circleOfOwnersDoesNotHoldItsForegroundDeletionBack() {
        ConfigMap a = create("a");
        ConfigMap b = create("b", a);
        ConfigMap c = create("c", b);
        a.getMetadata().setOwnerReferences(List.of(reference(c)));
        world.client().update(ResourceType.CONFIG_MAPS, a);
        delete("a", "Foreground");

        assertThat(names()).isEmpty();
    }

    @Test
    void whatACircleOfOwnersBlocksElsewhereStillWaits() {
        ConfigMap a = create("a");
        ConfigMap b = create("b", a);
        a.getMetadata().setOwnerReferences(List.of(reference(b)));
        world.client().update(ResourceType.CONFIG_MAPS, a);
        ConfigMap held = map("held");
        held.getMetadata().setFinalizers(List.of("keelson.dev/test"));
        held.getMetadata().setOwnerReferences(List.of(reference(a)));
        world.client().create(ResourceType.CONFIG_MAPS, held);
        delete("a", "Foreground");

        assertThat(names()).contains("a", "held");
    }

    @Test
    void anObjectThatOwnsItselfGoes() {
        ConfigMap own = create("own");
        own.getMetadata().setOwnerReferences(List.of(reference(own)));
        world.client().update(ResourceType.CONFIG_MAPS, own);
        delete("own", "Foreground");

        assertThat(names()).isEmpty();
    }

    @Test
    void ownerInAnotherNamespaceIsNoneAndAnEventSaysSo() {
        ConfigMap elsewhere = map("elsewhere");
        elsewhere.getMetadata().setNamespace("other");
        ConfigMap owner = world.client().create(ResourceType.CONFIG_MAPS, elsewhere);
        create("child", owner);
        world.settle(loop);

        assertThat(names()).containsExactly("elsewhere");
        assertThat(world.events())
                .contains("OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: shop, name: elsewhere, uid: %s]"
                                .formatted(owner.getMetadata().getUid())
                        + " does not exist in namespace \"shop\"");
    }

    @Test
    void clusterWideObjectThatNamesANamespacedOwnerIsNotJudged() {
        GenericKubernetesResource role = object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "wide");
        role.getMetadata().setOwnerReferences(List.of(reference(map("gone"), "gone-1")));
        ResourceType<GenericKubernetesResource> roles = kind("clusterroles");
        world.client().create(roles, role);
        world.settle(loop);

        assertThat(world.client().list(roles, "", ListOptions.ALL).items()).hasSize(1);
    }

    @Test
    void kindsWithoutAControllerOwnAndAreOwned() {
        ResourceType<GenericKubernetesResource> jobs = kind("jobs");
        ResourceType<GenericKubernetesResource> roles = kind("roles");
        GenericKubernetesResource job = world.client().create(jobs, object("batch/v1", "Job", "shop", "job"));
        GenericKubernetesResource role = object("rbac.authorization.k8s.io/v1", "Role", "shop", "role");
        role.getMetadata().setOwnerReferences(List.of(Owners.controllerReference(job)));
        world.client().create(roles, role);
        world.settle(loop);
        assertThat(world.client().list(roles, "", ListOptions.ALL).items()).hasSize(1);

        world.client().delete(jobs, "shop", "job", DeleteOptions.BACKGROUND);
        world.settle(loop);
        assertThat(world.client().list(roles, "", ListOptions.ALL).items()).isEmpty();
    }

    private static ResourceType<GenericKubernetesResource> kind(String plural) {
        return OtherKinds.all().stream()
                .filter(type -> type.plural().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    private static GenericKubernetesResource object(String apiVersion, String kind, String namespace, String name) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(apiVersion);
        object.setKind(kind);
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace.isEmpty() ? null : namespace)
                .withName(name)
                .build());
        return object;
    }

    private static OwnerReference reference(ConfigMap owner, String uid) {
        return new OwnerReferenceBuilder(reference(owner)).withUid(uid).build();
    }

    private ConfigMap create(String name, ConfigMap... owners) {
        ConfigMap object = map(name);
        object.getMetadata()
                .setOwnerReferences(
                        Stream.of(owners).map(GarbageCollectorTest::reference).toList());
        return world.client().create(ResourceType.CONFIG_MAPS, object);
    }

    private static OwnerReference reference(ConfigMap owner) {
        return new OwnerReferenceBuilder(Owners.controllerReference(owner))
                .withController(null)
                .build();
    }

    private static ConfigMap map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .build();
    }

    private void delete(String name, String propagation) {
        world.settle(loop);
        world.client().delete(ResourceType.CONFIG_MAPS, "shop", name, DeleteOptions.with(propagation));
        world.settle(loop);
    }

    private ConfigMap get(String name) {
        return world.client().get(ResourceType.CONFIG_MAPS, "shop", name);
    }

    private List<String> names() {
        return world.client().list(ResourceType.CONFIG_MAPS, "", ListOptions.ALL).items().stream()
                .map(object -> object.getMetadata().getName())
                .toList();
    }
}
