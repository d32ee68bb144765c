package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keelson.apiserver.registry.store.Trees;

/** A JSON answer as YAML. */
public final class YamlOutput {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private YamlOutput() {}

    public static Reply of(Reply reply) {
        try {
            byte[] body = YAML.writeValueAsBytes(Trees.parse(reply.body()));
            return new Reply(reply.code(), body, Rendering.Format.YAML.mediaType(), reply.warnings(), reply.headers());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written as YAML", e);
        }
    }
}
