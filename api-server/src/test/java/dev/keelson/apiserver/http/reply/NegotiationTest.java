package dev.keelson.apiserver.http.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.http.reply.Rendering.Format;
import dev.keelson.apiserver.http.reply.Rendering.Shape;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiationTest {
    private static final String KUBECTL_GET = "application/json;as=Table;v=v1;g=meta.k8s.io,"
            + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    @Test
    void kubectlGetsATable() {
        assertThat(Negotiation.choose(KUBECTL_GET, true)).isEqualTo(new Rendering(Format.JSON, Shape.TABLE, "v1"));
    }

    @Test
    void whoeverCannotBeShownAsATableIsShownPlainly() {
        assertThat(Negotiation.choose(KUBECTL_GET, false)).isEqualTo(Rendering.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/*",
                "application/json",
                "application/vnd.kubernetes.protobuf, application/json",
                "application/vnd.kubernetes.protobuf,*/*",
                "application/json, */*",
                "text/html;q=0.9, application/json;q=0.1"
            })
    void jsonForWhoeverTakesIt(String accept) {
        assertThat(Negotiation.choose(accept, true)).isEqualTo(Rendering.JSON);
    }

    @Test
    void qualityDecides() {
        assertThat(Negotiation.choose("application/json;q=0.1,application/yaml;q=0.9", true)
                        .format())
                .isEqualTo(Format.YAML);
    }

    @Test
    void watchesAreNotStreamedAsYaml() {
        assertThat(Negotiation.chooseStream("application/yaml,application/json;q=0.1", true)
                        .format())
                .isEqualTo(Format.JSON);
        assertThatThrownBy(() -> Negotiation.chooseStream("application/yaml", true))
                .isInstanceOf(ApiFailure.class)
                .hasMessageContaining("application/json;stream=watch");
    }

    @Test
    void metadataOnly() {
        assertThat(Negotiation.choose("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", true)
                        .shape())
                .isEqualTo(Shape.PARTIAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/vnd.kubernetes.protobuf",
                "application/json;as=Table;g=meta.k8s.io;v=v2",
                "application/json;q=0"
            })
    void refusesWhatItCannotMake(String accept) {
        assertThatThrownBy(() -> Negotiation.choose(accept, true))
                .isInstanceOfSatisfying(ApiFailure.class, failure -> assertThat(failure.reason())
                        .isEqualTo(StatusReason.NOT_ACCEPTABLE));
    }
}
