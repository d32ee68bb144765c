package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Fd;
import dev.keelson.linux.SeqpacketSocket;
import dev.keelson.node.NodeException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An answer of the launcher or a supervisor: words, and descriptors that the receiver owns. */
record Reply(List<String> words, List<Fd> descriptors) {

    static Reply of(SeqpacketSocket.Message message) {
        String text = new String(message.bytes(), StandardCharsets.UTF_8);
        return new Reply(text.isEmpty() ? List.of() : List.of(text.split("\0")), message.descriptors());
    }

    /** The other side has closed the connection. */
    boolean closed() {
        return words.isEmpty();
    }

    boolean is(String word) {
        return !closed() && words.getFirst().equals(word);
    }

    String word(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    /** Itself when it is {@code ok}; else throws what the other side said about {@code what}. */
    Reply orThrow(String reason, String what) {
        if (is("ok")) {
            return this;
        }
        descriptors.forEach(Fd::close);
        if (is("error")) {
            throw new NodeException(NodeException.Kind.valueOf(word(1)), reason, what + ": " + word(2));
        }
        throw new NodeException(NodeException.Kind.TRANSIENT, reason, what + ": the supervisor did not answer");
    }

    /** A request: words, each ended by NUL, which none of them may contain. */
    static byte[] request(String... words) {
        for (String word : words) {
            if (word.indexOf('\0') >= 0) {
                throw Failures.invalid("an argument must not contain a NUL character");
            }
        }
        return (String.join("\0", words) + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
