package dev.keelson.controllers.serviceaccount;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccountTokenControllerTest {
    @TempDir
    private Path directory;

    private final TestWorld world = new TestWorld();
    private KeyPair keys;
    private ControllerLoop<ObjectKey> loop;
    private ServiceAccount account;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
        Path authority = Files.writeString(directory.resolve("ca.crt"), "certificate");
        TokenKeyFiles files = new TokenKeyFiles(
                write("key", "PRIVATE KEY", keys.getPrivate().getEncoded()),
                write("pub", "PUBLIC KEY", keys.getPublic().getEncoded()));
        loop = world.start(context -> new AccountTokenController(context, authority, files));
        account = createAccount();
    }

    @Test
    void aSecretGetsTheTokenOfItsAccount() throws IOException, GeneralSecurityException {
        create("web-token", "kubernetes.io/service-account-token");
        world.settle(loop);

        Secret filled = get("web-token");
        assertThat(filled.getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/service-account.name", "web")
                .containsEntry(
                        "kubernetes.io/service-account.uid",
                        account.getMetadata().getUid());
        assertThat(entry(filled, "namespace")).isEqualTo("shop");
        assertThat(entry(filled, "ca.crt")).isEqualTo("certificate");
        String[] token = entry(filled, "token").split("\\.");
        assertThat(json(token[1]))
                .isEqualTo(ApiJson.mapper()
                        .createObjectNode()
                        .put("iss", "kubernetes/serviceaccount")
                        .put("kubernetes.io/serviceaccount/namespace", "shop")
                        .put("kubernetes.io/serviceaccount/secret.name", "web-token")
                        .put("kubernetes.io/serviceaccount/service-account.name", "web")
                        .put(
                                "kubernetes.io/serviceaccount/service-account.uid",
                                account.getMetadata().getUid())
                        .put("sub", "system:serviceaccount:shop:web"));
        assertThat(json(token[0]).path("alg").asText()).isEqualTo("ES256");
        assertThat(json(token[0]).path("kid").asText())
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256")
                                .digest(keys.getPublic().getEncoded())));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(keys.getPublic());
        signature.update((token[0] + "." + token[1]).getBytes(US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(token[2]))).isTrue();
    }

    @Test
    void otherSecretsAreLeftAlone() {
        create("other", "Opaque");
        world.settle(loop);

        assertThat(get("other").getData()).isNullOrEmpty();
    }

    @Test
    void whatSomebodyTakesOutComesBackAndTheRestStays() {
        create("web-token", "kubernetes.io/service-account-token");
        world.settle(loop);
        Secret changed = get("web-token");
        changed.getData().remove("token");
        changed.getData().put("mine", "bWluZQ==");
        world.client().update(ResourceType.SECRETS, changed);
        world.settle(loop);

        assertThat(get("web-token").getData()).containsKeys("token", "mine");
    }

    @Test
    void aReplacedAuthorityReachesTheSecret() throws IOException {
        create("web-token", "kubernetes.io/service-account-token");
        world.settle(loop);
        String token = entry(get("web-token"), "token");
        Files.writeString(directory.resolve("ca.crt"), "another");
        world.pass(Duration.ofMinutes(11), loop);

        assertThat(entry(get("web-token"), "ca.crt")).isEqualTo("another");
        assertThat(entry(get("web-token"), "token")).isEqualTo(token);
    }

    @Test
    void aSecretGoesWithItsAccount() {
        create("web-token", "kubernetes.io/service-account-token");
        create("other", "Opaque");
        world.settle(loop);
        world.client().delete(ResourceType.SERVICE_ACCOUNTS, "shop", "web", DeleteOptions.BACKGROUND);
        world.settle(loop);

        assertThat(names()).containsExactly("other");
    }

    @Test
    void aSecretGoesThoughItsAccountCameAgain() {
        create("web-token", "kubernetes.io/service-account-token");
        world.settle(loop);
        world.client().delete(ResourceType.SERVICE_ACCOUNTS, "shop", "web", DeleteOptions.BACKGROUND);
        createAccount();
        world.settle(loop);

        assertThat(names()).isEmpty();
    }

    private ServiceAccount createAccount() {
        return world.client()
                .create(
                        ResourceType.SERVICE_ACCOUNTS,
                        new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withNamespace("shop")
                                .withName("web")
                                .endMetadata()
                                .build());
    }

    private void create(String name, String type) {
        world.client()
                .create(
                        ResourceType.SECRETS,
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace("shop")
                                .withName(name)
                                .addToAnnotations("kubernetes.io/service-account.name", "web")
                                .endMetadata()
                                .withType(type)
                                .build());
    }

    private Secret get(String name) {
        return world.client().get(ResourceType.SECRETS, "shop", name);
    }

    private List<String> names() {
        return world.client().list(ResourceType.SECRETS, "shop", ListOptions.ALL).items().stream()
                .map(secret -> secret.getMetadata().getName())
                .toList();
    }

    private static String entry(Secret secret, String name) {
        return new String(Base64.getDecoder().decode(secret.getData().get(name)), US_ASCII);
    }

    private static JsonNode json(String base64) throws IOException {
        return ApiJson.mapper().readTree(Base64.getUrlDecoder().decode(base64));
    }

    private Path write(String name, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(
                directory.resolve(name), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
    }
}
