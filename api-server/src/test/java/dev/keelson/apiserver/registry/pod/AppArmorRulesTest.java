package dev.keelson.apiserver.registry.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.registry.ResourceStrategy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppArmorRulesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ResourceStrategy PODS = PodKind.definition().strategy();

    private static ObjectNode created(String annotations) throws IOException {
        ObjectNode object = sent(annotations);
        PODS.applyDefaults(object);
        PODS.prepareForCreate(object);
        return object;
    }

    private static ObjectNode sent(String annotations) throws IOException {
        String pod = """
                metadata: {name: web, annotations: {%s}}
                spec:
                  initContainers: [{name: init, image: i}]
                  containers:
                  - {name: app, image: i}
                  - {name: own, image: i, securityContext: {appArmorProfile: {type: RuntimeDefault}}}
                """.formatted(annotations.replace("AA", "container.apparmor.security.beta.kubernetes.io"));
        return (ObjectNode) YAML.readTree(pod);
    }

    private static String profile(ObjectNode pod, String list, int index) {
        return pod.at("/spec/%s/%d/securityContext/appArmorProfile".formatted(list, index))
                .toString();
    }

    @Test
    void annotationsBecomeFieldsWhereThereIsNone() throws IOException {
        ObjectNode pod = created("AA/app: localhost/team/web, AA/own: unconfined, AA/init: runtime/default");
        assertThat(profile(pod, "containers", 0))
                .isEqualTo("{\"type\":\"Localhost\",\"localhostProfile\":\"team/web\"}");
        assertThat(profile(pod, "containers", 1)).isEqualTo("{\"type\":\"RuntimeDefault\"}");
        assertThat(profile(pod, "initContainers", 0)).isEqualTo("{\"type\":\"RuntimeDefault\"}");
        assertThat(PODS.validate(pod)).isEmpty();
        assertThat(created("other: x").at("/spec/containers/0").has("securityContext"))
                .isFalse();
    }

    @Test
    void fieldsBecomeAnnotationsWhereThereIsNone() throws IOException {
        ObjectNode pod = created("other: x");
        assertThat(pod.at("/metadata/annotations").toString())
                .isEqualTo("{\"other\":\"x\","
                        + "\"container.apparmor.security.beta.kubernetes.io/own\":\"runtime/default\"}");
        assertThat(PODS.validate(pod)).isEmpty();
    }

    @Test
    void onlyWhoIsLedByAnAnnotationIsWarned() throws IOException {
        assertThat(warnings("AA/app: localhost/team/web, AA/own: runtime/default", "{}"))
                .containsExactly("metadata.annotations[container.apparmor.security.beta.kubernetes.io/app]: deprecated"
                        + " since v1.30; use the \"appArmorProfile\" field instead");
        assertThat(warnings("AA/app: unconfined", "{appArmorProfile: {type: Unconfined}}"))
                .isEmpty();
        assertThat(warnings("AA/app: unconfined", "{appArmorProfile: {type: RuntimeDefault}}"))
                .hasSize(1);
        assertThat(warnings("AA/app: nonsense", "{}")).hasSize(1);
        assertThat(warnings("other: x", "{appArmorProfile: {type: Unconfined}}"))
                .isEmpty();
    }

    private static List<String> warnings(String annotations, String ofPod) throws IOException {
        ObjectNode pod = sent(annotations);
        pod.withObject("/spec").set("securityContext", YAML.readTree(ofPod));
        return PODS.warningsBeforeCreation(pod);
    }

    @Test
    void annotationsThatMeanNothingAreRefused() throws IOException {
        List<String> problems = PODS.validate(created("AA/app: loopback/, AA/typo: unconfined")).stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
        assertThat(problems)
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem)
                                .startsWith("metadata.annotations[container.apparmor.security.beta.kubernetes.io/app]")
                                .contains("\"loopback/\": invalid AppArmor profile name: \"loopback/\""),
                        problem -> assertThat(problem)
                                .startsWith("metadata.annotations[container.apparmor.security.beta.kubernetes.io/typo]")
                                .contains("container not found"));
    }
}
