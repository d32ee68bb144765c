package dev.keelson.crds.client.http;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The PEM blocks of a text (RFC 7468), as Go's {@code pem.Decode} finds them: what is none is passed over. */
public final class PemBlocks {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "\n-----END ";
    private static final String DASHES = "-----";

    private PemBlocks() {}

    public record Block(String type, byte[] bytes) {}

    public static List<Block> of(String text) {
        List<Block> blocks = new ArrayList<>();
        // The end that comes next is looked for once, however many begins there are before it.
        int end = text.indexOf(END);
        int at = 0;
        while (true) {
            int begin = text.indexOf(BEGIN, at);
            end = end < begin ? text.indexOf(END, begin) : end;
            if (begin < 0 || end < 0) {
                return blocks;
            }
            at = begin + BEGIN.length();
            if (begin == 0 || text.charAt(begin - 1) == '\n') {
                Optional<Block> block = block(text, at, end);
                block.ifPresent(blocks::add);
                at = block.isPresent() ? end + END.length() : at;
            }
        }
    }

    private static Optional<Block> block(String text, int at, int end) {
        int line = text.indexOf('\n', at);
        String head = text.substring(at, line).stripTrailing();
        int another = text.indexOf(BEGIN, line);
        // Only the last begin before an end can be one: dashes are not base64.
        if (!head.endsWith(DASHES) || another >= 0 && another < end) {
            return Optional.empty();
        }
        String type = head.substring(0, head.length() - DASHES.length());
        if (!text.startsWith(type + DASHES, end + END.length())) {
            return Optional.empty();
        }
        try {
            String body = line >= end ? "" : text.substring(line, end);
            return Optional.of(new Block(type, Base64.getDecoder().decode(withoutHeaders(body))));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String withoutHeaders(String body) {
        StringBuilder data = new StringBuilder(body.length());
        body.lines().filter(line -> line.indexOf(':') < 0).map(String::strip).forEach(data::append);
        return data.toString();
    }
}
