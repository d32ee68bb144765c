package dev.keelson.node.server.stream;

/**
 * The framing of exec and attach over a WebSocket: the first byte of every binary message is the channel
 * (Kubernetes: {@code v4.channel.k8s.io}; {@code v5} adds {@link #CLOSE}). {@link Framing} knows the others.
 */
public final class Channels {
    public static final String V5 = "v5.channel.k8s.io";
    public static final String V4 = "v4.channel.k8s.io";
    public static final String V4_BASE64 = "v4.base64.channel.k8s.io";
    public static final String V1 = "channel.k8s.io";
    public static final String V1_BASE64 = "base64.channel.k8s.io";

    public static final int STDIN = 0;
    public static final int STDOUT = 1;
    public static final int STDERR = 2;
    public static final int ERROR = 3;
    public static final int RESIZE = 4;
    /** Followed by the channel that its sender has finished with. */
    public static final int CLOSE = 255;

    private Channels() {}
}
