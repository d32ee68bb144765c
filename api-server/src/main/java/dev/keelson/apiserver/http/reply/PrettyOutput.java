package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
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
        boolean empty = reply.body() instanceof Body.Whole whole && whole.bytes().length == 0;
        boolean plainJson = reply.contentType().startsWith("application/json")
                && !reply.headers().containsKey("Content-Encoding");
        return empty || !plainJson
                ? reply
                : reply.withBody(
                        reply.body().through(out -> new JsonRewriter(Layout.WRITER.createGenerator(out), "\n")));
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
