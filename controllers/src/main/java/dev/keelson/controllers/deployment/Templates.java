package dev.keelson.controllers.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.keelson.crds.client.ApiJson;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.nio.charset.StandardCharsets;

/** Equality and hash of pod templates, by which a Deployment recognises its ReplicaSets. */
final class Templates {
    /** Letters and digits that form no words and are not mistaken for each other, as Kubernetes uses in names. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int LENGTH = 10;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Templates() {}

    /** Whether both describe the same pods; the hash label that a Deployment adds is no part of that. */
    static boolean same(PodTemplateSpec one, PodTemplateSpec other) {
        return canonical(one).equals(canonical(other));
    }

    /**
     * The value of the {@code pod-template-hash} label: FNV-1a over the template's canonical JSON.
     *
     * @param collisions how often a name that this gave turned out to be taken by another template
     */
    static String hash(PodTemplateSpec template, int collisions) {
        String text = canonical(template) + (collisions == 0 ? "" : "#" + collisions);
        long hash = FNV_OFFSET;
        for (byte part : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (part & 0xff)) * FNV_PRIME;
        }
        StringBuilder name = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            name.append(ALPHABET.charAt((int) Long.remainderUnsigned(hash, ALPHABET.length())));
            hash = Long.divideUnsigned(hash, ALPHABET.length());
        }
        return name.toString();
    }

    private static String canonical(PodTemplateSpec template) {
        PodTemplateSpec plain = new PodTemplateSpecBuilder(template)
                .editOrNewMetadata()
                .removeFromLabels(Annotations.HASH_LABEL)
                .endMetadata()
                .build();
        ObjectMeta metadata = plain.getMetadata();
        // Servers differ in whether an absent time is left out or null.
        metadata.setCreationTimestamp(null);
        try {
            return ApiJson.mapper().writeValueAsString(plain);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException("cannot write a pod template as JSON", unwritable);
        }
    }
}
