package dev.keelson.node.server;

/**
 * The framing of exec and attach over a WebSocket: the first byte of every binary message is the channel
 * (Kubernetes: {@code v4.channel.k8s.io}; {@code v5} adds {@link #CLOSE}).
 */
final class Channels {
    static final String V5 = "v5.channel.k8s.io";
    static final String V4 = "v4.channel.k8s.io";

    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int ERROR = 3;
    static final int RESIZE = 4;
    /** Followed by the channel that its sender has finished with. */
    static final int CLOSE = 255;

    private Channels() {}
}
