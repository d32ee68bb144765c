package dev.keelson.node.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names containers so that the same run of the same container has the same id, also when it is created twice. */
public final class ContainerIds {
    private ContainerIds() {}

    /** 64 hexadecimal digits, the form that Docker and containerd use and that clients expect. */
    public static String of(String podUid, String name, int attempt) {
        byte[] input = (podUid + '/' + name + '/' + attempt).getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
