package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a valid Secret is: each well-known type has entries that it cannot be without. */
final class SecretRules {
    private static final JsonMapper JSON = new JsonMapper();

    private SecretRules() {}

    static void validate(ObjectNode secret, Problems problems) {
        JsonNode data = secret.path("data");
        long size = DataRules.binaryEntries(data, "data", problems);
        DataRules.totalSize(size, "data", problems);
        switch (Tree.text(secret, "type")) {
            case "kubernetes.io/dockerconfigjson" -> jsonEntry(data, ".dockerconfigjson", problems);
            case "kubernetes.io/dockercfg" -> jsonEntry(data, ".dockercfg", problems);
            case "kubernetes.io/tls" -> {
                entry(data, "tls.crt", problems);
                entry(data, "tls.key", problems);
            }
            case "kubernetes.io/ssh-auth" -> {
                if (!Tree.has(data, "ssh-privatekey")) {
                    problems.required("data[ssh-privatekey]", "");
                }
            }
            case "kubernetes.io/basic-auth" -> basicAuth(data, problems);
            case "kubernetes.io/service-account-token" -> serviceAccount(secret, problems);
            default -> {
                // Other types are the users' own.
            }
        }
    }

    private static void entry(JsonNode data, String key, Problems problems) {
        if (!data.has(key)) {
            problems.required("data[" + key + "]", "");
        }
    }

    private static void jsonEntry(JsonNode data, String key, Problems problems) {
        entry(data, key, problems);
        if (data.has(key)
                && !DataRules.decode(data.get(key)).filter(SecretRules::isJson).isPresent()) {
            problems.invalid("data[" + key + "]", "<secret contents redacted>", "must be JSON");
        }
    }

    private static boolean isJson(byte[] bytes) {
        try {
            return JSON.readTree(new String(bytes, StandardCharsets.UTF_8)).isObject();
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }

    private static void basicAuth(JsonNode data, Problems problems) {
        if (!data.has("username") && !data.has("password")) {
            entry(data, "username", problems);
            entry(data, "password", problems);
        }
    }

    private static void serviceAccount(ObjectNode secret, Problems problems) {
        if (Tree.text(Tree.at(secret, "metadata", "annotations"), "kubernetes.io/service-account.name")
                .isEmpty()) {
            problems.required("metadata.annotations[kubernetes.io/service-account.name]", "");
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        problems.immutable("type", updated.path("type"), old.path("type"));
        if (Tree.isTrue(old, "immutable")) {
            DataRules.immutable(updated, old, List.of("data"), problems);
        }
    }
}
