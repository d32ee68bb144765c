package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** A JSON answer as YAML. */
public final class YamlOutput {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private YamlOutput() {}

    public static Reply of(Reply reply) {
        return reply.withBody(reply.body().through(out -> new JsonRewriter(YAML.createGenerator(out), "")))
                .withContentType(Rendering.Format.YAML.mediaType());
    }
}
