package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.keelson.apiserver.registry.store.Trees;
import java.util.Set;

/** Lays JSON out for people: on {@code ?pretty=true}, and for the programs that people read answers with. */
public final class PrettyOutput {
    private static final Set<String> YES = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> READERS = Set.of("curl", "Wget", "Mozilla");

    private PrettyOutput() {}

    /** @param asked whether the query has {@code pretty}, with the value */
    public static boolean wanted(boolean asked, String value, String userAgent) {
        return asked ? YES.contains(value) : READERS.contains(userAgent.split("/", 2)[0]);
    }

    /** The answer laid out; one that is not plain JSON stays as it is. */
    public static Reply of(Reply reply) {
        boolean plainJson = reply.contentType().startsWith("application/json")
                && reply.body().length > 0
                && !reply.headers().containsKey("Content-Encoding");
        if (!plainJson) {
            return reply;
        }
        try {
            byte[] body = (Layout.WRITER.writeValueAsString(Trees.parse(reply.body())) + "\n")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return new Reply(reply.code(), body, reply.contentType(), reply.warnings(), reply.headers());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be laid out", e);
        }
    }

    /** As Go lays JSON out: two spaces, lists one element a line. Loaded when first asked for. */
    private static final class Layout {
        static final ObjectWriter WRITER = new ObjectMapper().writer(printer());

        private static DefaultPrettyPrinter printer() {
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""));
            printer.indentObjectsWith(lines);
            printer.indentArraysWith(lines);
            return printer;
        }
    }
}
