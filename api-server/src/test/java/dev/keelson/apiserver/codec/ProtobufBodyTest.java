package dev.keelson.apiserver.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.IntStr;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Resource;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authorization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufBodyTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private final BodyDecoder decoder = new BodyDecoder();

    private static byte[] envelope(String apiVersion, String kind, Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {'k', '8', 's', 0});
        Runtime.Unknown.newBuilder()
                .setTypeMeta(
                        Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
                .setRaw(message.toByteString())
                .setContentEncoding("")
                .setContentType("")
                .build()
                .writeTo(bytes);
        return bytes.toByteArray();
    }

    private JsonNode decode(String apiVersion, String kind, Message message) throws IOException {
        return decoder.decode(envelope(apiVersion, kind, message), "application/vnd.kubernetes.protobuf")
                .tree();
    }

    private static V1.PodSpec podSpec() {
        Resource.Quantity half =
                Resource.Quantity.newBuilder().setString("500m").build();
        IntStr.IntOrString port = IntStr.IntOrString.newBuilder()
                .setType(1)
                .setIntVal(0)
                .setStrVal("http")
                .build();
        V1.Probe probe = V1.Probe.newBuilder()
                .setHandler(V1.ProbeHandler.newBuilder()
                        .setHttpGet(V1.HTTPGetAction.newBuilder()
                                .setPath("/healthz")
                                .setPort(port)))
                .setInitialDelaySeconds(0)
                .setPeriodSeconds(5)
                .build();
        V1.EnvVar secret = V1.EnvVar.newBuilder()
                .setName("TOKEN")
                .setValue("")
                .setValueFrom(V1.EnvVarSource.newBuilder()
                        .setSecretKeyRef(V1.SecretKeySelector.newBuilder()
                                .setLocalObjectReference(
                                        V1.LocalObjectReference.newBuilder().setName("s"))
                                .setKey("k")
                                .setOptional(false)))
                .build();
        return V1.PodSpec.newBuilder()
                .addContainers(V1.Container.newBuilder()
                        .setName("c")
                        .setImage("web:1")
                        .setTerminationMessagePath("")
                        .setTty(false)
                        .addPorts(V1.ContainerPort.newBuilder()
                                .setContainerPort(80)
                                .setHostPort(0)
                                .setProtocol("TCP"))
                        .addEnv(secret)
                        .setLivenessProbe(probe)
                        .setResources(V1.ResourceRequirements.newBuilder().putLimits("cpu", half)))
                .addVolumes(V1.Volume.newBuilder()
                        .setName("v")
                        .setVolumeSource(V1.VolumeSource.newBuilder()
                                .setConfigMap(V1.ConfigMapVolumeSource.newBuilder()
                                        .setLocalObjectReference(V1.LocalObjectReference.newBuilder()
                                                .setName("cm"))
                                        .setDefaultMode(0))))
                .addEphemeralContainers(V1.EphemeralContainer.newBuilder()
                        .setEphemeralContainerCommon(
                                V1.EphemeralContainerCommon.newBuilder().setName("debug"))
                        .setTargetContainerName("c"))
                .setAutomountServiceAccountToken(false)
                .setTerminationGracePeriodSeconds(0)
                .setNodeName("")
                .build();
    }

    @Test
    void aPodReadsAsItsJsonWould() throws IOException {
        Meta.ObjectMeta meta = Meta.ObjectMeta.newBuilder()
                .setName("web-1")
                .setNamespace("")
                .putLabels("app", "web")
                .setCreationTimestamp(Meta.Time.newBuilder())
                .setDeletionTimestamp(
                        Meta.Time.newBuilder().setSeconds(1_700_000_000L).setNanos(5))
                .build();
        JsonNode pod = decode(
                "v1",
                "Pod",
                V1.Pod.newBuilder().setMetadata(meta).setSpec(podSpec()).build());
        assertThat(pod).isEqualTo(YAML.readTree("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web-1, labels: {app: web}, deletionTimestamp: "2023-11-14T22:13:20Z"}
                spec:
                  volumes: [{name: v, configMap: {name: cm, defaultMode: 0}}]
                  containers:
                  - name: c
                    image: "web:1"
                    ports: [{containerPort: 80, protocol: TCP}]
                    env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: k, optional: false}}}]
                    resources: {limits: {cpu: 500m}}
                    livenessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 5}
                  terminationGracePeriodSeconds: 0
                  automountServiceAccountToken: false
                  ephemeralContainers: [{name: debug, targetContainerName: c}]
                """));
    }

    @Test
    void aPointerKeepsItsZeroAndAPlainValueLosesIt() throws IOException {
        JsonNode deployment = decode(
                "apps/v1",
                "Deployment",
                V1Apps.Deployment.newBuilder()
                        .setSpec(V1Apps.DeploymentSpec.newBuilder()
                                .setReplicas(0)
                                .setMinReadySeconds(0)
                                .setPaused(false))
                        .build());
        assertThat(deployment.path("spec")).hasToString("{\"replicas\":0}");
    }

    @Test
    void bytesTimesAndOptions() throws IOException {
        JsonNode secret = decode(
                "v1",
                "Secret",
                V1.Secret.newBuilder()
                        .putData("a", ByteString.copyFromUtf8("hi"))
                        .setType("Opaque")
                        .build());
        assertThat(secret.at("/data/a").asText()).isEqualTo("aGk=");
        JsonNode options = decode(
                "v1",
                "DeleteOptions",
                Meta.DeleteOptions.newBuilder()
                        .setGracePeriodSeconds(0)
                        .setPropagationPolicy("Background")
                        .setPreconditions(Meta.Preconditions.newBuilder().setUid("u"))
                        .build());
        assertThat(options)
                .isEqualTo(
                        YAML.readTree(
                                "{apiVersion: v1, kind: DeleteOptions, gracePeriodSeconds: 0, preconditions: {uid: u}, propagationPolicy: Background}"));
        JsonNode event = decode(
                "v1",
                "Event",
                V1.Event.newBuilder()
                        .setEventTime(Meta.MicroTime.newBuilder().setSeconds(0).setNanos(1000))
                        .build());
        assertThat(event.path("eventTime").asText()).isEqualTo("1970-01-01T00:00:00.000001Z");
    }

    @Test
    void reviewsAndManagedFieldsAndExtensions() throws IOException {
        JsonNode review = decode(
                "authorization.k8s.io/v1",
                "SubjectAccessReview",
                V1Authorization.SubjectAccessReview.newBuilder()
                        .setSpec(V1Authorization.SubjectAccessReviewSpec.newBuilder()
                                .putExtra(
                                        "scopes",
                                        V1Authorization.ExtraValue.newBuilder()
                                                .addItems("a")
                                                .addItems("b")
                                                .build()))
                        .build());
        assertThat(review.at("/spec/extra/scopes")).hasToString("[\"a\",\"b\"]");
        Meta.ManagedFieldsEntry entry = Meta.ManagedFieldsEntry.newBuilder()
                .setManager("m")
                .setFieldsV1(Meta.FieldsV1.newBuilder().setRaw(ByteString.copyFromUtf8("{\"f:data\":{}}")))
                .build();
        JsonNode map = decode(
                "v1",
                "ConfigMap",
                V1.ConfigMap.newBuilder()
                        .setMetadata(Meta.ObjectMeta.newBuilder().addManagedFields(entry))
                        .build());
        assertThat(map.at("/metadata/managedFields/0/fieldsV1")).hasToString("{\"f:data\":{}}");
    }

    @Test
    void whatIsNotAnEnvelopeIsRefused() throws IOException {
        assertThatThrownBy(() -> decoder.decode(new byte[] {1, 2, 3}, "application/vnd.kubernetes.protobuf"))
                .isInstanceOf(BodyException.class)
                .hasMessageContaining("k8s");
        assertThatThrownBy(() -> decode("nope/v1", "Foo", V1.Pod.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        BodyException.class, e -> assertThat(e.kind()).isEqualTo(BodyException.Kind.UNSUPPORTED));
    }

    @Test
    void brokenBytesNeverEscapeTheDeclaredException() throws IOException {
        byte[] good =
                envelope("v1", "Pod", V1.Pod.newBuilder().setSpec(podSpec()).build());
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] bad =
                    random.nextInt(4) == 0 ? java.util.Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = random.nextInt(4); flips >= 0 && bad.length > 4; flips--) {
                bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt();
            }
            try {
                decoder.decode(bad, "application/vnd.kubernetes.protobuf");
            } catch (BodyException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }
}
