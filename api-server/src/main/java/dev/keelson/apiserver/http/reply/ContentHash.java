package dev.keelson.apiserver.http.reply;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names a document by what is in it, for ETags and cache keys. */
public final class ContentHash {
    private ContentHash() {}

    /** SHA-512 in upper-case hexadecimal, as Kubernetes writes it. */
    public static String of(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(content);
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }

    /** The document with its ETag, or 304 when the client has it already. */
    public static Reply tagged(Reply reply, String ifNoneMatch) {
        String tag = "\"" + of(reply.body().bytes()) + "\"";
        Reply tagged = reply.withHeader("ETag", tag);
        return ifNoneMatch.contains(tag)
                ? new Reply(304, new byte[0], reply.contentType(), reply.warnings(), tagged.headers())
                : tagged;
    }
}
