package dev.keelson.controllers.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;

final class TemplatesTest {

    @Test
    void hashLabelIsNoDifference() {
        PodTemplateSpec labelled = new PodTemplateSpecBuilder(template("web:1"))
                .editMetadata()
                .addToLabels("pod-template-hash", "abc")
                .endMetadata()
                .build();

        assertThat(Templates.same(template("web:1"), labelled)).isTrue();
        assertThat(Templates.hash(labelled, 0)).isEqualTo(Templates.hash(template("web:1"), 0));
    }

    @Test
    void everyCollisionGivesAnotherName() {
        assertThat(Templates.hash(template("web:1"), 0))
                .isNotEqualTo(Templates.hash(template("web:1"), 1))
                .isNotEqualTo(Templates.hash(template("web:2"), 0))
                .matches("[b-z2-9]{10}");
    }

    @Test
    void hashIsStableAcrossReleases() {
        // A changed hash would roll every Deployment when Keelson is upgraded.
        assertThat(Templates.hash(template("web:1"), 0)).isEqualTo("qxqj9b88ps");
    }

    private static PodTemplateSpec template(String image) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .withNewResources()
                .addToLimits("memory", new Quantity("64Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }
}
